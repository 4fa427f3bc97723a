import type { FeedText } from "./document.ts";
import { isFilled, textOf } from "./element.ts";
import { atomText, looseText } from "./text-construct.ts";
import type { XmlElement } from "./xml.ts";

/** The children of an element by name: of each name the first that says something. */
export type Fields = ReadonlyMap<string, XmlElement>;

export function fieldsOf(element: XmlElement): Fields {
  const fields = new Map<string, XmlElement>();
  for (const node of element.children) {
    if (typeof node === "string" || fields.has(node.name) || !isFilled(node)) continue;
    fields.set(node.name, node);
  }
  return fields;
}

/** Trimmed text of the first of the names that is there. */
export function textIn(fields: Fields, names: readonly string[]): string | undefined {
  for (const name of names) {
    const text = textOf(fields.get(name));
    if (text !== undefined) return text;
  }
  return undefined;
}

/** Text of the first of the names that is there, with Atom's rules for Atom's elements. */
export function looseIn(fields: Fields, names: readonly string[]): FeedText | undefined {
  for (const name of names) {
    const element = fields.get(name);
    const text = name.startsWith("atom:") ? atomText(element) : looseText(element);
    if (text !== undefined) return text;
  }
  return undefined;
}
