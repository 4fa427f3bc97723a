import { decodeHTMLStrict } from "entities";
import { Parser } from "htmlparser2";
import { readProlog } from "./doctype.ts";
import { canonicalPrefix, customaryPrefixes } from "./namespaces.ts";

export interface XmlElement {
  /** Lower case with this reader's own prefix (`dc:creator`); none for the format's own elements. */
  readonly name: string;
  /** Lower case as written, without prefix. */
  readonly local: string;
  /** Names in lower case as written, references decoded. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: (XmlElement | string)[];
  readonly parent: XmlElement | undefined;
}

export interface XmlDocument {
  readonly root: XmlElement | undefined;
  /** The text ended before the root element did. */
  readonly truncated: boolean;
  /** Reading stopped at a limit of this reader. */
  readonly cut: boolean;
}

export interface XmlLimits {
  /** Elements called `item` or `entry`. */
  readonly entries: number;
  readonly depth: number;
  readonly elements: number;
}

/** Raised inside the parser's callbacks to stop it; never leaves this file. */
const stop = Symbol("stop");

/**
 * A tolerant reading of XML: it goes on after unknown entities, unclosed and mismatched tags, and stops
 * without error at a limit. HTML's named characters are known without declaration (many feeds use them);
 * nothing is ever fetched, and entities are never expanded inside entities.
 *
 * @throws PermanentError when the document type declaration is hostile (see `readProlog`)
 */
export function parseXml(text: string, limits: XmlLimits): XmlDocument {
  const prolog = readProlog(text);
  const decode = referenceDecoder(prolog.entities);
  let root: XmlElement | undefined;
  let current: XmlElement | undefined;
  let scope: Scope | undefined;
  let depth = 0;
  let entries = 0;
  let elements = 0;
  let rootClosed = false;
  let inCdata = false;
  let cut = false;

  const parser = new Parser(
    {
      onopentag(tag, raw) {
        depth++;
        if (root !== undefined && current === undefined) return;
        if (depth > limits.depth || ++elements > limits.elements) throw stop;
        const attributes = attributesOf(raw, decode);
        scope = openScope(scope, attributes, depth);
        const colon = tag.indexOf(":");
        const local = (colon < 0 ? tag : tag.slice(colon + 1)).toLowerCase();
        const name = qualified(scope, colon < 0 ? "" : tag.slice(0, colon), local, root?.name);
        if ((name === "item" || name === "entry") && ++entries > limits.entries) throw stop;
        const element: XmlElement = { name, local, attributes, children: [], parent: current };
        if (current === undefined) root = element;
        else current.children.push(element);
        current = element;
      },
      ontext(data) {
        if (current === undefined) return;
        current.children.push(inCdata || !data.includes("&") ? data : decode(data));
      },
      oncdatastart() {
        inCdata = true;
      },
      oncdataend() {
        inCdata = false;
      },
      onclosetag(_tag, implied) {
        if (current !== undefined) {
          if (scope?.depth === depth) scope = scope.outer;
          if (current === root) rootClosed = !implied;
          current = current.parent;
        }
        depth--;
      },
    },
    { xmlMode: true, decodeEntities: false },
  );
  try {
    parser.write(prolog.start === 0 ? text : text.slice(prolog.start));
    parser.end();
  } catch (error) {
    if (error !== stop) throw error;
    cut = true;
  }
  return { root, truncated: root !== undefined && !rootClosed && !cut, cut };
}

interface Scope {
  readonly bindings: ReadonlyMap<string, string>;
  readonly depth: number;
  readonly outer: Scope | undefined;
}

function openScope(
  outer: Scope | undefined,
  attributes: Readonly<Record<string, string>>,
  depth: number,
): Scope | undefined {
  let bindings: Map<string, string> | undefined;
  for (const name in attributes) {
    if (!name.startsWith("xmlns")) continue;
    if (name !== "xmlns" && name[5] !== ":") continue;
    bindings ??= new Map();
    bindings.set(name.slice(6), attributes[name] ?? "");
  }
  return bindings === undefined ? outer : { bindings, depth, outer };
}

function namespaceOf(scope: Scope | undefined, prefix: string): string | undefined {
  for (let at = scope; at !== undefined; at = at.outer) {
    const uri = at.bindings.get(prefix);
    if (uri !== undefined) return uri;
  }
  return undefined;
}

/** In an Atom document Atom's elements have no prefix, elsewhere they are `atom:…`. */
function qualified(
  scope: Scope | undefined,
  written: string,
  local: string,
  rootName: string | undefined,
): string {
  const prefix = written.toLowerCase();
  const uri = namespaceOf(scope, written) ?? namespaceOf(scope, prefix);
  const known = uri === undefined ? undefined : canonicalPrefix(uri);
  const name = known ?? (uri === undefined ? (customaryPrefixes.has(prefix) ? prefix : "") : prefix);
  if (rootName === undefined) return name === "rdf" ? `rdf:${local}` : local;
  if (name === "atom" && (rootName === "feed" || rootName === "entry")) return local;
  return name === "" ? local : `${name}:${local}`;
}

function attributesOf(raw: Record<string, string>, decode: (text: string) => string): Record<string, string> {
  const attributes: Record<string, string> = Object.create(null);
  for (const name in raw) {
    const value = raw[name] ?? "";
    attributes[name.toLowerCase()] = value.includes("&") ? decode(value) : value;
  }
  return attributes;
}

/** Text that declared entities may add to one document. */
const maxExpansion = 100_000;

function referenceDecoder(entities: ReadonlyMap<string, string>): (text: string) => string {
  if (entities.size === 0) return decodeHTMLStrict;
  let added = 0;
  return (text) =>
    decodeHTMLStrict(
      text.replace(/&([\w.:-]+);/g, (reference, name: string) => {
        const value = entities.get(name);
        if (value === undefined) return reference;
        added += value.length;
        return added > maxExpansion ? reference : value.replaceAll("&", "&amp;");
      }),
    );
}
