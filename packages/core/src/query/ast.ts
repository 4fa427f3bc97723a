/** Where words are looked for; left out: title or abstract. */
export type TextField = "title" | "abstract";

/** Something a paper carries as a whole, compared by its canonical form. */
export type LabelKind = "category" | "author" | "topic" | "source" | "id" | "like";

/** Words that stand next to each other, in this order, compared by their stems. Never empty; folded. */
export interface Words {
  readonly kind: "words";
  readonly words: readonly string[];
  readonly in?: TextField;
}

/**
 * `category`: a code of arXiv's taxonomy in its canonical spelling (an archive such as `cs` covers its
 * categories) or a word of another vocabulary. `author`: a name. `topic`: a code or the slug of an operator's
 * topic. `source`: a source's id. `id`: a paper key such as `arxiv:2606.01234` or `doi:10.1000/1`. `like`: a phrase
 * or a paper (by a key, or by its id here) that the paper has to be close to in meaning.
 */
export interface Label {
  readonly kind: LabelKind;
  readonly value: string;
}

/**
 * What a subscription asks for. `and` and `or` have at least two parts and never one of their own kind among
 * them; there is no `not` of a `not`. Plain data: safe to keep as JSON.
 */
export type Query =
  | Words
  | Label
  | { readonly kind: "and" | "or"; readonly parts: readonly Query[] }
  | { readonly kind: "not"; readonly part: Query };

/** All of the parts; undefined for none. */
export function allOf(parts: readonly Query[]): Query | undefined {
  return joined("and", parts);
}

/** Any of the parts; undefined for none. */
export function anyOf(parts: readonly Query[]): Query | undefined {
  return joined("or", parts);
}

export function negated(part: Query): Query {
  return part.kind === "not" ? part.part : { kind: "not", part };
}

/**
 * Whether the query names something a paper must have. Without it, it would match every paper that lacks
 * something (`NOT a`, `a OR NOT b`) and cannot be a subscription.
 */
export function hasPositivePart(query: Query): boolean {
  return !holdsForNothing(query);
}

/** Would a paper match that has no words and no labels at all? */
function holdsForNothing(query: Query): boolean {
  switch (query.kind) {
    case "and":
      return query.parts.every(holdsForNothing);
    case "or":
      return query.parts.some(holdsForNothing);
    case "not":
      return !holdsForNothing(query.part);
    default:
      return false;
  }
}

function joined(kind: "and" | "or", parts: readonly Query[]): Query | undefined {
  const flat = parts.flatMap((part) => (part.kind === kind ? part.parts : [part]));
  const [first, ...more] = flat;
  return more.length === 0 ? first : { kind, parts: flat };
}
