import type { SlicedText } from "./decode.ts";
import { readProlog } from "./doctype.ts";
import { canonicalPrefix, customaryPrefixes } from "./namespaces.ts";
import { referenceDecoder } from "./references.ts";
import { attributeEnd, readAttributes } from "./xml-attributes.ts";

export interface XmlElement {
  /** Lower case with this reader's own prefix (`dc:creator`); none for the format's own elements. */
  readonly name: string;
  /** Lower case as written, without prefix. */
  readonly local: string;
  /** Names in lower case as written, references decoded. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (XmlElement | string)[];
  readonly parent: XmlElement | undefined;
}

export interface XmlDocument {
  readonly root: XmlElement | undefined;
  /** The text ended before the root element did. */
  readonly truncated: boolean;
  /** The innermost element that was open where the text ended. */
  readonly open: XmlElement | undefined;
  /** Reading stopped at a limit of this reader. */
  readonly cut: boolean;
}

export interface XmlLimits {
  /** Elements called `item` or `entry`. */
  readonly entries: number;
  readonly depth: number;
  readonly elements: number;
}

/**
 * A tolerant reading of XML in one pass: it goes on after unknown entities, unclosed and mismatched tags
 * and bare `<` and `&`, and stops without error at a limit. HTML's named characters are known without
 * declaration (many feeds use them); nothing is ever fetched, and entities are never expanded inside
 * entities. White space between the elements of a feed's own containers is dropped.
 *
 * With `onEntry`, entries are handed over as they end and are not kept: a document that holds thousands
 * then costs no more memory than one of them. The last one is not handed over where the text ends inside it.
 *
 * @throws PermanentError when the document type declaration is hostile (see `readProlog`)
 */
export function parseXml(
  source: string | SlicedText,
  limits: XmlLimits,
  onEntry?: (entry: XmlElement) => void,
): XmlDocument {
  const text = typeof source === "string" ? source : source.text;
  const slice = (from: number, to: number) => source.slice(from, to);
  const prolog = readProlog(text);
  const decode = referenceDecoder(prolog.entities);
  const valueAt = (from: number, to: number) => decode(slice(from, to));
  let root: OpenElement | undefined;
  let current: OpenElement | undefined;
  let entries = 0;
  let elements = 0;
  let at = prolog.start;

  const addText = (from: number, to: number, isRaw: boolean) => {
    if (current === undefined || from >= to) return;
    if (current.isContainer && isBlank(text, from, to)) return;
    const written = slice(from, to);
    addChild(current, isRaw ? written : decode(written));
  };

  for (;;) {
    const open = text.indexOf("<", at);
    addText(at, open < 0 ? text.length : open, false);
    if (open < 0) break;
    const next = text.charCodeAt(open + 1);
    if (next === slash) {
      const close = text.indexOf(">", open);
      const end = close < 0 ? text.length : close;
      if (current !== undefined) {
        const outer = closed(current, text, open + 2, end);
        if (onEntry !== undefined)
          for (
            let one: OpenElement | undefined = current;
            one !== outer && one !== undefined;
            one = one.parent
          )
            if (one.isEntry) onEntry(one);
        current = outer;
      }
      at = end + 1;
    } else if (next === exclamation) {
      at = skipDeclaration(text, open, addText);
    } else if (next === question) {
      const close = text.indexOf("?>", open + 2);
      at = close < 0 ? afterTag(text, open) : close + 2;
    } else if (isNameStart(next)) {
      const nameEnd = tagNameEnd(text, open + 1);
      const end = attributeEnd(text, nameEnd);
      at = end + 1;
      if (root !== undefined && current === undefined) continue;
      const isSelfClosing = text.charCodeAt(end - 1) === slash;
      const attributes = readAttributes(text, nameEnd, isSelfClosing ? end - 1 : end, valueAt);
      const element = opened(current, text.slice(open + 1, nameEnd), attributes, root?.name);
      const isOver = (element.isEntry && ++entries > limits.entries) || element.depth > limits.depth;
      if (isOver || ++elements > limits.elements)
        return { root, truncated: false, open: undefined, cut: true };
      if (current === undefined) root = element;
      else if (onEntry === undefined || !element.isEntry) addChild(current, element);
      if (!isSelfClosing) current = element;
    } else {
      if (current !== undefined && !current.isContainer) addChild(current, "<");
      at = open + 1;
    }
  }
  return { root, truncated: current !== undefined, open: current, cut: false };
}

const slash = 0x2f;
const exclamation = 0x21;
const question = 0x3f;

/** An element with what the parser has to know of it while it is open. */
interface OpenElement extends XmlElement {
  children: readonly (XmlElement | string)[];
  readonly parent: OpenElement | undefined;
  readonly tag: string;
  readonly scope: Scope;
  readonly depth: number;
  readonly isContainer: boolean;
  readonly isEntry: boolean;
}

function opened(
  parent: OpenElement | undefined,
  tag: string,
  attributes: Readonly<Record<string, string>>,
  rootName: string | undefined,
): OpenElement {
  const scope = openScope(parent?.scope, attributes);
  const { name, local, isContainer, isEntry } = namingOf(scope, tag, rootName);
  const depth = parent === undefined ? 1 : parent.depth + 1;
  return { name, local, attributes, children: noChildren, parent, tag, scope, depth, isContainer, isEntry };
}

const noChildren: readonly (XmlElement | string)[] = Object.freeze([]);

/** Most elements have one child, and a list made for one is much smaller than a list made to grow. */
function addChild(element: OpenElement, child: XmlElement | string): void {
  if (element.children === noChildren) element.children = [child];
  else (element.children as (XmlElement | string)[]).push(child);
}

/** What stays open after an end tag: everything up to the innermost element of that name closes; unknown names close nothing. */
function closed(current: OpenElement, text: string, from: number, to: number): OpenElement | undefined {
  if (to - from === current.tag.length && text.startsWith(current.tag, from)) return current.parent;
  const tag = text.slice(from, to).trim();
  for (let open: OpenElement | undefined = current; open !== undefined; open = open.parent) {
    if (open.tag === tag) return open.parent;
  }
  const folded = tag.toLowerCase();
  for (let open: OpenElement | undefined = current; open !== undefined; open = open.parent) {
    if (open.tag.toLowerCase() === folded) return open.parent;
  }
  return current;
}

/** Comments and declarations are passed over, CDATA is text as it stands. */
function skipDeclaration(
  text: string,
  open: number,
  addText: (from: number, to: number, isRaw: boolean) => void,
): number {
  if (text.startsWith("<![CDATA[", open)) {
    const close = text.indexOf("]]>", open + 9);
    addText(open + 9, close < 0 ? text.length : close, true);
    return close < 0 ? text.length : close + 3;
  }
  if (text.startsWith("<!--", open)) {
    const close = text.indexOf("-->", open + 4);
    return close < 0 ? text.length : close + 3;
  }
  return afterTag(text, open);
}

function afterTag(text: string, open: number): number {
  const close = text.indexOf(">", open);
  return close < 0 ? text.length : close + 1;
}

function isNameStart(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f || code > 0x7f;
}

function tagNameEnd(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code <= 0x20 || code === slash || code === 0x3e || code === 0x3c) break;
  }
  return at;
}

function isBlank(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (text.charCodeAt(at) > 0x20) return false;
  return true;
}

interface Naming {
  readonly name: string;
  readonly local: string;
  readonly isContainer: boolean;
  readonly isEntry: boolean;
}

/** Namespace bindings in force, and the names already worked out under them. */
interface Scope {
  readonly bindings: ReadonlyMap<string, string>;
  readonly outer: Scope | undefined;
  readonly names: Map<string, Naming>;
}

function openScope(outer: Scope | undefined, attributes: Readonly<Record<string, string>>): Scope {
  let bindings: Map<string, string> | undefined;
  for (const name in attributes) {
    if (!name.startsWith("xmlns") || (name.length > 5 && name.charAt(5) !== ":")) continue;
    bindings ??= new Map();
    bindings.set(name.slice(6), attributes[name] ?? "");
  }
  if (outer !== undefined && bindings === undefined) return outer;
  return { bindings: bindings ?? new Map(), outer, names: new Map() };
}

function namingOf(scope: Scope, tag: string, rootName: string | undefined): Naming {
  const known = rootName === undefined ? undefined : scope.names.get(tag);
  if (known !== undefined) return known;
  const colon = tag.indexOf(":");
  const local = (colon < 0 ? tag : tag.slice(colon + 1)).toLowerCase();
  const name = qualified(scope, colon < 0 ? "" : tag.slice(0, colon).toLowerCase(), local, rootName);
  const naming = {
    name,
    local,
    isContainer: containers.has(name),
    isEntry: name === "item" || name === "entry",
  };
  if (rootName !== undefined) scope.names.set(tag, naming);
  return naming;
}

const containers = new Set(["rss", "rdf:rdf", "channel", "feed", "item", "entry", "items", "author"]);

/** In an Atom document Atom's elements have no prefix, elsewhere they are `atom:…`. */
function qualified(scope: Scope, prefix: string, local: string, rootName: string | undefined): string {
  const uri = namespaceOf(scope, prefix);
  const known = uri === undefined ? undefined : canonicalPrefix(uri);
  const name = known ?? (uri === undefined && !customaryPrefixes.has(prefix) ? "" : prefix);
  if (rootName === undefined) return name === "rdf" ? `rdf:${local}` : local;
  if (name === "atom" && (rootName === "feed" || rootName === "entry")) return local;
  return name === "" ? local : `${name}:${local}`;
}

function namespaceOf(scope: Scope, prefix: string): string | undefined {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) {
    const uri = at.bindings.get(prefix);
    if (uri !== undefined) return uri;
  }
  return undefined;
}
