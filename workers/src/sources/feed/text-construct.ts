import { Buffer } from "node:buffer";
import { foldSpace, plainText } from "@paperwire/core";
import type { FeedText } from "./document.ts";
import { hasElements, innerHtml, rawText } from "./element.ts";
import type { XmlElement } from "./xml.ts";

/** Longer texts are cut before anything is done with them: no summary of a paper is a megabyte. */
const maxLength = 1_000_000;

/** What a text says in plain Unicode on one line; undefined when it says nothing. */
export function plainOf(text: FeedText | undefined): string | undefined {
  if (text === undefined) return undefined;
  const plain = text.type === "html" ? plainText(text.value) : foldSpace(text.value);
  return plain === "" ? undefined : plain;
}

/** Text of RSS and of the modules: markup may be escaped, in CDATA or written out, and nothing says which. */
export function looseText(element: XmlElement | undefined): FeedText | undefined {
  if (element === undefined) return undefined;
  return filled(hasElements(element) ? innerHtml(element) : rawText(element), "html");
}

/**
 * A text construct of Atom 1.0 (RFC 4287 sections 3.1 and 4.1.3) or 0.3 (`type` is a media type, `mode`
 * says how it is written: `xml`, `escaped`, `base64`).
 */
export function atomText(element: XmlElement | undefined): FeedText | undefined {
  if (element === undefined) return undefined;
  const type = element.attributes.type?.trim().toLowerCase() ?? "text";
  const mode = element.attributes.mode?.trim().toLowerCase();
  if (mode === "base64" || (mode === undefined && isBinary(type) && !notBase64.test(rawText(element)))) {
    return filled(
      Buffer.from(rawText(element), "base64").toString("utf8"),
      type === "text/plain" ? "text" : "html",
    );
  }
  if (mode !== "escaped" && hasElements(element)) return filled(innerHtml(element), "html");
  if (type === "xhtml" || type === "application/xhtml+xml") {
    return filled(rawText(element), mode === "escaped" ? "html" : "text");
  }
  return filled(rawText(element), type === "text" || type === "text/plain" ? "text" : "html");
}

const notBase64 = /[^A-Za-z0-9+/=\s]/;

function isBinary(type: string): boolean {
  return type.includes("/") && !type.startsWith("text/") && !/[/+]xml(;|$)/.test(type);
}

function filled(value: string, type: FeedText["type"]): FeedText | undefined {
  if (value === "" || value.trim() === "") return undefined;
  return { value: value.length > maxLength ? value.slice(0, maxLength) : value, type };
}
