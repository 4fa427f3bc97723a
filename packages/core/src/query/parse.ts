import { UsageError } from "../errors.ts";
import { isStopWord, wordsOf } from "../text-analysis.ts";
import { allOf, anyOf, hasPositivePart, type LabelKind, negated, type Query, type TextField } from "./ast.ts";
import { labelNode } from "./label-node.ts";
import { scan, type Token, wrong } from "./scan.ts";

/**
 * Reads the subscription language:
 *
 *     diffusion "language models" -medical (cat:cs.CL OR cat:cs.LG) author:"Yann LeCun"
 *
 * Words stand for themselves and must all occur, in the title or the abstract, compared without case, accents
 * and endings; quotation marks and hyphens make phrases. Stop words count only inside phrases. `OR`, `AND` and
 * `NOT` in capitals (also `|`, `&`, and `-` before a word); NOT binds closest, then AND, then OR; parentheses.
 * Fields: `title:` `ti:` `abstract:` `abs:` `author:` `au:` `category:` `cat:` `topic:` `source:` `id:` and
 * `like:` (close in meaning to a phrase or a paper), before a word, a phrase or a group. At most 4,000 characters, 200 terms and 20 groups inside each other.
 *
 * Throws UsageError, which says what is wrong and where, also for a query without a positive part.
 */
export function parseQuery(text: string): Query {
  if (text.length > MAX_LENGTH) throw new UsageError(`A query may have ${MAX_LENGTH} characters at most.`);
  const reader: Reader = { text, tokens: scan(text), at: 0, terms: 0, depth: 0 };
  if (reader.tokens.length === 0)
    throw new UsageError("The query is empty: name words, a category or an author.");
  const query = readAny(reader, undefined);
  const left = reader.tokens[reader.at];
  if (left !== undefined) throw wrong(text, left.at, "A parenthesis is closed that was never opened");
  if (query === undefined) {
    throw new UsageError(
      "The query has only words that nearly every paper contains: add others, or put them in quotation marks to look for the phrase.",
    );
  }
  if (!hasPositivePart(query)) {
    throw new UsageError(
      "The query only says what not to send (in one of its alternatives): add a word, a category or an author that papers must have.",
    );
  }
  return query;
}

const MAX_LENGTH = 4_000;
const MAX_TERMS = 200;
const MAX_DEPTH = 20;

interface Reader {
  readonly text: string;
  readonly tokens: readonly Token[];
  at: number;
  terms: number;
  depth: number;
}

type Field = TextField | LabelKind;

const FIELDS: ReadonlyMap<string, Field> = new Map([
  ["title", "title"],
  ["ti", "title"],
  ["abstract", "abstract"],
  ["abs", "abstract"],
  ["author", "author"],
  ["au", "author"],
  ["category", "category"],
  ["cat", "category"],
  ["topic", "topic"],
  ["source", "source"],
  ["id", "id"],
  ["like", "like"],
]);

/** Alternatives. Undefined when only stop words were written. */
function readAny(reader: Reader, field: Field | undefined): Query | undefined {
  const parts = [readAll(reader, field)];
  while (reader.tokens[reader.at]?.kind === "or") {
    reader.at++;
    parts.push(readAll(reader, field));
  }
  return anyOf(parts.filter((part) => part !== undefined));
}

function readAll(reader: Reader, field: Field | undefined): Query | undefined {
  const parts: Query[] = [];
  let read = 0;
  for (;;) {
    const token = reader.tokens[reader.at];
    if (read > 0 && token?.kind === "and") reader.at++;
    else if (read > 0 && (token === undefined || token.kind === "or" || token.kind === ")")) break;
    const part = readOne(reader, field);
    if (part !== undefined) parts.push(part);
    read++;
  }
  return allOf(parts);
}

function readOne(reader: Reader, field: Field | undefined): Query | undefined {
  const token = reader.tokens[reader.at];
  if (token === undefined) {
    throw wrong(reader.text, reader.text.length, "The query ends where a word was expected");
  }
  reader.at++;
  switch (token.kind) {
    case "not": {
      const part = nested(reader, token, () => readOne(reader, field));
      return part === undefined ? undefined : negated(part);
    }
    case "(":
      return readGroup(reader, token, field);
    case "field":
      return readField(reader, token, field);
    case "word":
    case "quoted":
      return readTerm(reader, token, field);
    default:
      throw wrong(reader.text, token.at, "A word was expected");
  }
}

function readGroup(reader: Reader, open: Token, field: Field | undefined): Query | undefined {
  if (reader.tokens[reader.at]?.kind === ")")
    throw wrong(reader.text, open.at, "These parentheses are empty");
  const group = nested(reader, open, () => readAny(reader, field));
  if (reader.tokens[reader.at]?.kind !== ")") {
    throw wrong(reader.text, open.at, "A parenthesis is opened and never closed");
  }
  reader.at++;
  return group;
}

function readField(
  reader: Reader,
  token: Extract<Token, { kind: "field" }>,
  outer: Field | undefined,
): Query | undefined {
  const field = FIELDS.get(token.name);
  if (field === undefined) {
    const names = [...FIELDS.keys()].map((name) => `${name}:`).join(" ");
    throw wrong(
      reader.text,
      token.at,
      `There is no field “${token.name}:” (there are ${names}); text with a colon goes into quotation marks`,
    );
  }
  if (outer !== undefined)
    throw wrong(reader.text, token.at, "A field cannot stand inside the group of another");
  const next = reader.tokens[reader.at];
  if (next?.kind !== "word" && next?.kind !== "quoted" && next?.kind !== "(") {
    throw wrong(
      reader.text,
      token.at,
      `A word, a phrase or a group is expected right after “${token.name}:”`,
    );
  }
  return readOne(reader, field);
}

function readTerm(
  reader: Reader,
  token: Extract<Token, { text: string }>,
  field: Field | undefined,
): Query | undefined {
  if (++reader.terms > MAX_TERMS)
    throw wrong(reader.text, token.at, `A query may have ${MAX_TERMS} terms at most`);
  if (field !== undefined && field !== "title" && field !== "abstract") {
    return labelNode(field, token.text, (what) => wrong(reader.text, token.at, what));
  }
  if (token.kind === "word" && /[*~^]/.test(token.text)) {
    throw wrong(
      reader.text,
      token.at,
      "Wildcards and weights are not known here; words are found whatever their ending",
    );
  }
  const words = wordsOf(token.text);
  if (words.length === 0) {
    if (token.kind === "word") return undefined;
    throw wrong(reader.text, token.at, "These quotation marks hold no word");
  }
  if (token.kind === "word" && words.length === 1 && isStopWord(words[0] ?? "")) return undefined;
  return field === undefined ? { kind: "words", words } : { kind: "words", words, in: field };
}

function nested<T>(reader: Reader, token: Token, read: () => T): T {
  if (++reader.depth > MAX_DEPTH) {
    throw wrong(reader.text, token.at, `Groups may stand ${MAX_DEPTH} deep inside each other at most`);
  }
  const result = read();
  reader.depth--;
  return result;
}
