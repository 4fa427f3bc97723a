import type { UsageError } from "../errors.ts";
import { archiveOf, canonicalCategory, categories } from "../listing/taxonomy.ts";
import { foldSpace } from "../listing/text.ts";
import { wordsOf } from "../text-analysis.ts";
import type { Label, LabelKind } from "./ast.ts";
import { paperKeyOf } from "./labels.ts";

/**
 * A label of a query from what a person wrote, in canonical form: `cs.cl` and `cmp-lg` → `cs.CL`, `cs.*` → `cs`,
 * `lecun_y` → `y lecun`, an arXiv address → `arxiv:…`. Throws what `complain` makes of a sentence.
 */
export function labelNode(kind: LabelKind, text: string, complain: (what: string) => UsageError): Label {
  const value = foldSpace(text.replace(/["“”„″]/g, " "));
  if (value === "") throw complain(`The value of “${kind}:” is empty`);
  switch (kind) {
    case "category":
    case "topic":
      return { kind, value: categoryValue(kind, value, complain) };
    case "author":
      return { kind, value: authorValue(value, complain) };
    case "id": {
      const key = paperKeyOf(value);
      if (key === undefined) throw complain(`“${value}” is no arXiv id, DOI or other identifier`);
      return { kind, value: key };
    }
    case "source":
      return { kind, value: value.toLowerCase() };
    case "like":
      return { kind, value: likeValue(value, complain) };
    default:
      return kind satisfies never;
  }
}

function categoryValue(kind: LabelKind, value: string, complain: (what: string) => UsageError): string {
  const code = canonicalCategory(value.replace(/\.\*$/, ""));
  if (archiveOf(code) !== undefined) return code;
  const [, archive] = /^([a-z-]+)\.[a-z-]+$/i.exec(code) ?? [];
  const known = archive === undefined ? undefined : archiveOf(archive);
  if (kind === "category" && known !== undefined) {
    const siblings = [...categories.keys()].filter((other) => archiveOf(other) === known);
    throw complain(`arXiv has no category “${value}” (${known} has ${siblings.join(", ")})`);
  }
  return code.toLowerCase();
}

/** A paper by its key or id, anything else is a phrase. */
function likeValue(value: string, complain: (what: string) => UsageError): string {
  if (/^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(value)) return value.toLowerCase();
  const key = value.includes(" ") ? undefined : paperKeyOf(value);
  if (key !== undefined) return key;
  if (wordsOf(value).length === 0) throw complain(`“${value}” has no word to be close to`);
  if (value.length > MAX_PHRASE)
    throw complain(`A phrase to be close to may have ${MAX_PHRASE} characters at most`);
  return value.toLowerCase();
}

const MAX_PHRASE = 300;

/** arXiv's own search writes authors as `lecun_y`. */
function authorValue(value: string, complain: (what: string) => UsageError): string {
  const [, surname, given] = /^([^_\s]+)_([^_\s]*)$/.exec(value) ?? [];
  const name = surname === undefined ? value.replaceAll("_", " ") : `${given} ${surname}`.trim();
  if (wordsOf(name).length === 0) throw complain(`“${value}” is no author's name`);
  return name;
}
