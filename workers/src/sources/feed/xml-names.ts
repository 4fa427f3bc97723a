import { canonicalPrefix, customaryPrefixes } from "./namespaces.ts";

/** What an element is called and what it is for the parser. */
export interface Naming {
  readonly name: string;
  readonly local: string;
  readonly isContainer: boolean;
  readonly isEntry: boolean;
}

/** Namespace bindings in force, and the names already worked out under them. */
export interface Scope {
  readonly bindings: ReadonlyMap<string, string>;
  readonly outer: Scope | undefined;
  names: Map<string, Naming> | undefined;
}

/** The scope inside an element; the outer one where it binds no prefixes of its own. */
export function openScope(outer: Scope | undefined, attributes: Readonly<Record<string, string>>): Scope {
  let bindings: Map<string, string> | undefined;
  for (const name in attributes) {
    if (!name.startsWith("xmlns") || (name.length > 5 && name.charAt(5) !== ":")) continue;
    bindings ??= new Map();
    bindings.set(name.slice(6), attributes[name] ?? "");
  }
  if (outer !== undefined && bindings === undefined) return outer;
  return { bindings: bindings ?? new Map(), outer, names: undefined };
}

/** The name of an element; without a root's name it is the root's that is asked for. */
export function namingOf(scope: Scope, tag: string, rootName: string | undefined): Naming {
  const known = rootName === undefined ? undefined : scope.names?.get(tag);
  if (known !== undefined) return known;
  const colon = tag.indexOf(":");
  const local = (colon < 0 ? tag : tag.slice(colon + 1)).toLowerCase();
  const name = qualified(scope, colon < 0 ? "" : tag.slice(0, colon).toLowerCase(), local, rootName);
  const naming = {
    name: internal(name),
    local: internal(local),
    isContainer: containers.has(name),
    isEntry: name === "item" || name === "entry",
  };
  if (rootName !== undefined) {
    scope.names ??= new Map();
    scope.names.set(tag, naming);
  }
  return naming;
}

/** The same text as the engine keeps it once for all: comparing it with a literal is then comparing addresses. */
function internal(text: string): string {
  return Object.keys({ [text]: 0 })[0] ?? text;
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
