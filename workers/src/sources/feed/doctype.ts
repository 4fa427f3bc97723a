import { PermanentError } from "@paperwire/core";
import { decodeHTMLStrict } from "entities";

export interface Prolog {
  /** Where the markup after the document type declaration begins. */
  readonly start: number;
  /** Names declared with plain text as their value. */
  readonly entities: ReadonlyMap<string, string>;
}

/** A declared value longer than this, or more declarations than this, is no abbreviation but an attack. */
const maxValueLength = 500;
const maxDeclarations = 500;
const maxLength = 200_000;

/**
 * Finds the end of a document type declaration ahead of the root element. External subsets are never
 * fetched. Internal entities whose value is plain text are kept; one that refers to another entity or to
 * something outside is refused, because expanding such entities is how a kilobyte becomes a gigabyte.
 *
 * @throws PermanentError for such declarations
 */
export function readProlog(text: string): Prolog {
  const at = doctypeStart(text);
  if (at < 0) return { start: 0, entities: new Map() };
  const end = doctypeEnd(text, at);
  return { start: end.after, entities: entitiesOf(text.slice(end.subsetFrom, end.subsetTo)) };
}

/** `<!DOCTYPE` counts only where nothing but comments, instructions and space stand before it. */
function doctypeStart(text: string): number {
  let at = 0;
  for (;;) {
    at = text.indexOf("<", at);
    if (at < 0) return -1;
    if (text.startsWith("<!--", at)) at = closing(text, "-->", at);
    else if (text.startsWith("<?", at)) at = closing(text, "?>", at);
    else return /^<!doctype/i.test(text.slice(at, at + 9)) ? at : -1;
    if (at < 0) return -1;
  }
}

function closing(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at < 0 ? -1 : at + mark.length;
}

function doctypeEnd(text: string, at: number): { subsetFrom: number; subsetTo: number; after: number } {
  let subsetFrom = -1;
  let quote = "";
  const last = Math.min(text.length, at + maxLength);
  for (let i = at; i < last; i++) {
    const char = text.charAt(i);
    if (quote !== "") {
      if (char === quote) quote = "";
    } else if (text.startsWith("<!--", i)) {
      const after = closing(text, "-->", i);
      if (after < 0) break;
      i = after - 1;
    } else if (char === '"' || char === "'") quote = char;
    else if (char === "[" && subsetFrom < 0) subsetFrom = i + 1;
    else if (char === ">" && subsetFrom < 0) return { subsetFrom: i, subsetTo: i, after: i + 1 };
    else if (char === "]" && subsetFrom >= 0) {
      const after = closing(text, ">", i);
      return { subsetFrom, subsetTo: i, after: after < 0 ? text.length : after };
    }
  }
  throw last < text.length ? refusal(`has more than ${maxLength} characters`) : refusal("is never closed");
}

function entitiesOf(subset: string): Map<string, string> {
  const entities = new Map<string, string>();
  const declaration = /<!ENTITY\s+(%\s+)?([^\s"'>]+)\s+(?:(SYSTEM|PUBLIC)\b|"([^"]*)"|'([^']*)')/gi;
  for (const [, parameter, name = "", external, double, single] of subset.matchAll(declaration)) {
    const value = double ?? single ?? "";
    if (entities.size >= maxDeclarations) throw refusal(`declares more than ${maxDeclarations} entities`);
    if (parameter !== undefined && external !== undefined) continue;
    if (external !== undefined) throw refusal(`declares the external entity "${name}"`);
    if (parameter !== undefined || /[&%](?!#)/.test(value))
      throw refusal(`declares the nested entity "${name}"`);
    if (value.length > maxValueLength)
      throw refusal(`declares the entity "${name}" with ${value.length} characters`);
    entities.set(name, decodeHTMLStrict(value));
  }
  return entities;
}

function refusal(what: string): PermanentError {
  return new PermanentError(
    `The document type declaration ${what}. Feeds need none; this document is not read.`,
  );
}
