import type { XmlElement } from "./xml.ts";

/** The first child of that name which says something, else the first at all. */
export function child(element: XmlElement, name: string): XmlElement | undefined {
  let first: XmlElement | undefined;
  for (const node of element.children) {
    if (typeof node === "string" || node.name !== name) continue;
    if (isFilled(node)) return node;
    first ??= node;
  }
  return first;
}

export function childrenOf(element: XmlElement, ...names: readonly string[]): XmlElement[] {
  return element.children.filter(
    (node): node is XmlElement => typeof node !== "string" && names.includes(node.name),
  );
}

/** Trimmed text of the first filled child that has one of the names, in the order of the names. */
export function childText(element: XmlElement, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const text = textOf(child(element, name));
    if (text !== undefined) return text;
  }
  return undefined;
}

/** All text inside, trimmed; undefined when there is none. */
export function textOf(element: XmlElement | undefined): string | undefined {
  if (element === undefined) return undefined;
  const text = rawText(element).trim();
  return text === "" ? undefined : text;
}

export function rawText(element: XmlElement): string {
  if (element.children.length === 1 && typeof element.children[0] === "string") return element.children[0];
  return element.children.map((node) => (typeof node === "string" ? node : rawText(node))).join("");
}

/** Trimmed text of the element itself, without that of elements inside; undefined when there is none. */
export function ownText(element: XmlElement): string | undefined {
  const { children } = element;
  const text =
    children.length === 1 && typeof children[0] === "string"
      ? children[0]
      : children.filter((node) => typeof node === "string").join("");
  const trimmed = text.trim();
  return trimmed === "" ? undefined : trimmed;
}

/** A trimmed attribute; undefined when it is absent or empty. */
export function attributeOf(element: XmlElement, name: string): string | undefined {
  return element.attributes[name]?.trim() || undefined;
}

export function hasElements(element: XmlElement): boolean {
  return element.children.some((node) => typeof node !== "string");
}

export function isFilled(element: XmlElement): boolean {
  for (const node of element.children) if (typeof node !== "string" || !isBlank(node)) return true;
  return false;
}

function isBlank(text: string): boolean {
  for (let at = 0; at < text.length; at++)
    if (text.charCodeAt(at) > 0x20 && !isUnicodeSpace(text.charCodeAt(at))) return false;
  return true;
}

function isUnicodeSpace(code: number): boolean {
  return code === 0xa0 || code === 0x3000 || (code >= 0x2000 && code <= 0x200b) || code === 0xfeff;
}

/** The markup inside, as HTML. */
export function innerHtml(element: XmlElement): string {
  return element.children.map(toHtml).join("");
}

function toHtml(node: XmlElement | string): string {
  if (typeof node === "string") return escapeHtml(node);
  const attributes = Object.entries(node.attributes)
    .filter(([name]) => !name.startsWith("xmlns"))
    .map(([name, value]) => ` ${name}="${escapeHtml(value)}"`)
    .join("");
  const open = `<${node.local}${attributes}>`;
  return voidElements.has(node.local) ? open + innerHtml(node) : `${open}${innerHtml(node)}</${node.local}>`;
}

const voidElements = new Set([
  "area",
  "br",
  "col",
  "embed",
  "hr",
  "img",
  "input",
  "link",
  "meta",
  "source",
  "track",
  "wbr",
]);

function escapeHtml(text: string): string {
  return /[&<>"]/.test(text)
    ? text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")
    : text;
}

/** `xml:lang` in force at an element (XML 1.0 section 2.12). */
export function languageOf(element: XmlElement): string | undefined {
  for (let at: XmlElement | undefined = element; at !== undefined; at = at.parent) {
    const language = at.attributes["xml:lang"];
    if (language !== undefined) return language.trim() === "" ? undefined : language.trim();
  }
  return undefined;
}

/**
 * A reference made absolute with the `xml:base` in force (RFC 3986, XML Base). Only http, https and ftp
 * addresses and references that stay relative come back; scripts and data do not.
 */
export function resolveAt(
  element: XmlElement,
  reference: string,
  documentUrl: string | undefined,
): string | undefined {
  return resolveUrl(reference, baseOf(element, documentUrl));
}

function baseOf(element: XmlElement | undefined, documentUrl: string | undefined): string | undefined {
  if (element === undefined) return documentUrl;
  const own = element.attributes["xml:base"]?.trim();
  const outer = baseOf(element.parent, documentUrl);
  if (own === undefined || own === "") return outer;
  return absolute(own, outer) ?? outer;
}

export function resolveUrl(reference: string, base: string | undefined): string | undefined {
  const written = reference.trim().replace(/[\t\n\r]+/g, "");
  if (written === "") return base;
  if (/^(https?|ftp):\/\/[^/?#]/i.test(written)) return written;
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(written)?.[1]?.toLowerCase();
  if (scheme !== undefined && !addressSchemes.has(scheme)) return undefined;
  return absolute(written, base) ?? written;
}

const addressSchemes = new Set(["http", "https", "ftp"]);

function absolute(reference: string, base: string | undefined): string | undefined {
  if (!URL.canParse(reference, base)) return undefined;
  const url = new URL(reference, base);
  return addressSchemes.has(url.protocol.slice(0, -1)) ? url.href : undefined;
}
