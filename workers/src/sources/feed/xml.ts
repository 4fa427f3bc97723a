import type { SlicedText } from "./decode.ts";
import { readProlog } from "./doctype.ts";
import { referenceDecoder } from "./references.ts";
import { attributeEnd, readAttributes } from "./xml-attributes.ts";
import { namingOf, openScope, type Scope } from "./xml-names.ts";

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
  let mismatches = 0;
  let at = prolog.start;
  let search = at;
  const allowance = { left: maxAttributes, names: new Set<string>() };
  let nameEnd = 0;

  const addText = (from: number, to: number, isRaw: boolean) => {
    if (current === undefined || from >= to) return;
    if (current.isContainer && isBlank(text, from, to)) return;
    const written = slice(from, Math.min(to, from + longestText));
    addChild(current, isRaw ? written : decode(written));
  };

  /** Where the next tag, comment, declaration or instruction begins; any other `<` is text. */
  const nextMark = (from: number) => {
    for (let open = text.indexOf("<", from); open >= 0; open = text.indexOf("<", open + 1)) {
      const next = text.charCodeAt(open + 1);
      if (next === slash || next === exclamation || next === question) return open;
      if (!isNameStart(next)) continue;
      nameEnd = tagNameEnd(text, open + 1);
      if (nameEnd - open <= longestName) return open;
    }
    return -1;
  };

  for (;;) {
    const open = nextMark(search);
    addText(at, open < 0 ? text.length : open, false);
    if (open < 0) break;
    const next = text.charCodeAt(open + 1);
    if (next === slash) {
      const close = text.indexOf(">", open);
      const end = close < 0 ? text.length : close;
      if (current !== undefined) {
        const outer = closed(current, text, open + 2, end, mismatches < maxMismatches);
        if (outer !== current.parent) mismatches++;
        if (onEntry !== undefined) handOver(current, outer, onEntry);
        if (outer !== current) current.scope = noScope;
        current = outer;
      }
      at = end + 1;
    } else if (next === exclamation) {
      at = skipDeclaration(text, open, addText);
    } else if (next === question) {
      const close = text.indexOf("?>", open + 2);
      at = close < 0 ? afterTag(text, open) : close + 2;
    } else {
      const end = attributeEnd(text, nameEnd);
      at = end + 1;
      if (root === undefined || current !== undefined) {
        const isSelfClosing = text.charCodeAt(end - 1) === slash;
        const attributes = readAttributes(text, nameEnd, isSelfClosing ? end - 1 : end, valueAt, allowance);
        const element = opened(current, text.slice(open + 1, nameEnd), attributes, root?.name);
        const isOver = (element.isEntry && ++entries > limits.entries) || element.depth > limits.depth;
        if (isOver || ++elements > limits.elements)
          return { root, truncated: false, open: undefined, cut: true };
        if (current === undefined) root = element;
        else if (onEntry === undefined || !element.isEntry) addChild(current, element);
        if (isSelfClosing) element.scope = noScope;
        else current = element;
      }
    }
    search = at;
  }
  return { root, truncated: current !== undefined, open: current, cut: false };
}

/** Attributes of a whole document; the ones after that are not kept. */
const maxAttributes = 300_000;
/** After so many end tags that do not belong to the innermost element, only that one is looked at. */
const maxMismatches = 10_000;

const longestName = 200;
/** Characters of one run of text that are kept. */
const longestText = 1_000_000;

/** Gives the entries that ended between two states of what is open. */
function handOver(
  from: OpenElement,
  to: OpenElement | undefined,
  onEntry: (entry: XmlElement) => void,
): void {
  for (let one: OpenElement | undefined = from; one !== to && one !== undefined; one = one.parent) {
    if (one.isEntry) onEntry(one);
  }
}

const slash = 0x2f;
const exclamation = 0x21;
const question = 0x3f;

/** An element with what the parser has to know of it while it is open. */
interface OpenElement extends XmlElement {
  children: readonly (XmlElement | string)[];
  readonly parent: OpenElement | undefined;
  readonly tag: string;
  /** Let go when the element ends. */
  scope: Scope;
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

const noScope: Scope = { bindings: new Map(), outer: undefined, names: undefined };
const noChildren: readonly (XmlElement | string)[] = Object.freeze([]);

/** Most elements have one child, and a list made for one is much smaller than a list made to grow. */
function addChild(element: OpenElement, child: XmlElement | string): void {
  if (element.children === noChildren) element.children = [child];
  else (element.children as (XmlElement | string)[]).push(child);
}

/** What stays open after an end tag: everything up to the innermost element of that name closes; unknown names close nothing. */
function closed(
  current: OpenElement,
  text: string,
  from: number,
  to: number,
  isThorough: boolean,
): OpenElement | undefined {
  if (to - from === current.tag.length && text.startsWith(current.tag, from)) return current.parent;
  if (!isThorough || to - from > 2 * longestName) return current;
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
  for (const last = Math.min(text.length, from + longestName + 1); at < last; at++) {
    const code = text.charCodeAt(at);
    if (code <= 0x20 || code === slash || code === 0x3e || code === 0x3c) break;
  }
  return at;
}

function isBlank(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (text.charCodeAt(at) > 0x20) return false;
  return true;
}
