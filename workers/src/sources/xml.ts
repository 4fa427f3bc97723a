import { PermanentError, plainText } from "@paperwire/core";
import { decodeText } from "./feed/decode.ts";
import { innerHtml } from "./feed/element.ts";
import { parseXml, type XmlElement } from "./feed/xml.ts";
import type { Payload } from "./source.ts";

/** More than any page of the kinds read here; a document beyond them is cut with a note. */
const limits = { entries: 50_000, depth: 200, elements: 3_000_000 };

export interface XmlAnswer {
  readonly root: XmlElement;
  /** What the reader should know of the document itself: cut off, or cut here. */
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
}

/**
 * The root element of an XML answer, which must have one of the given names (lower case, no prefix). A
 * document that ends in the middle is read as far as it goes, with the warning `truncated-xml`. Elements
 * called `piece` that stand side by side without a root, as harvesters store them, get one of that name.
 * @throws PermanentError with a sentence.
 */
export function xmlOf(payload: Payload, place: string, names: readonly string[], piece?: string): XmlAnswer {
  const { text } = decodeText(payload.bytes, payload.contentType);
  const start = text.trimStart();
  if (start === "")
    throw new PermanentError(`${place} answered with nothing where an XML document was expected.`);
  if (!start.startsWith("<"))
    throw new PermanentError(`${place} answered with something other than an XML document.`);
  const isPieces = piece !== undefined && pieces.exec(start)?.[1]?.toLowerCase() === piece;
  const whole = isPieces ? `<${piece}>${start.replace(/^<\?xml[^>]*>/, "")}</${piece}>` : text;
  const { root, truncated, cut } = parseXml(whole, limits);
  if (root === undefined || !names.includes(root.local)) {
    const what = /^<(?:!doctype html|html|head|body)\b/i.test(start)
      ? "a web page"
      : `<${root?.local ?? "nothing"}>`;
    throw new PermanentError(`${place} answered with ${what} where <${names[0]}> was expected.`);
  }
  const warnings = [
    ...(truncated
      ? [
          {
            code: "truncated-xml",
            message: `The answer of ${place} ends in the middle; its last entries may be missing.`,
          },
        ]
      : []),
    ...(cut
      ? [
          {
            code: "cut",
            message: `The answer of ${place} is larger than this reader takes; its last entries are missing.`,
          },
        ]
      : []),
  ];
  return { root, warnings };
}

/** The first element's name, behind a declaration. */
const pieces = /^(?:<\?xml[^>]*>\s*)?<(\w+)[\s>]/;

/** What an element says as plain text, nested markup removed; empty when there is none. */
export function plainOf(element: XmlElement | undefined): string {
  return element === undefined ? "" : plainText(innerHtml(element));
}

/** The elements of that name below an element, however deep, in the document's order. */
export function descendants(element: XmlElement, name: string): XmlElement[] {
  return element.children.flatMap((node) => {
    if (typeof node === "string") return [];
    return node.local === name ? [node] : descendants(node, name);
  });
}
