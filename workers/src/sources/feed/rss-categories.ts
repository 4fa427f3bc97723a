import type { FeedCategory } from "./document.ts";
import { childrenOf, ownText, textOf } from "./element.ts";
import { optional } from "./optional.ts";
import type { XmlElement } from "./xml.ts";

/** Categories, subjects and keywords of RSS and its modules, each once. */
export function rssCategories(element: XmlElement): FeedCategory[] {
  const categories: FeedCategory[] = [];
  const seen = new Set<string>();
  const add = (term: string | undefined, scheme?: string, label?: string) => {
    const key = `${scheme ?? ""}\n${term}`;
    if (term === undefined || term === "" || seen.size >= maxCategories || seen.has(key)) return;
    seen.add(key);
    categories.push({ term, ...optional("scheme", scheme), ...optional("label", label) });
  };
  for (const node of element.children) {
    if (typeof node === "string" || !names.has(node.name)) continue;
    const { attributes } = node;
    if (node.name === "itunes:keywords") {
      for (const word of ownText(node)?.split(",") ?? []) add(word.trim(), itunes);
    } else if (node.name === "itunes:category") {
      add(attributes.text?.trim(), itunes);
      for (const inner of childrenOf(node, "itunes:category")) add(inner.attributes.text?.trim(), itunes);
    } else {
      add(
        ownText(node) ?? attributes.term?.trim() ?? textOf(node),
        attributes.domain ?? attributes.scheme,
        attributes.label,
      );
    }
  }
  return categories;
}

const maxCategories = 1000;
const itunes = "http://www.itunes.com/";
const names = new Set([
  "category",
  "dc:subject",
  "dcterms:subject",
  "atom:category",
  "media:category",
  "prism:section",
  "itunes:keywords",
  "itunes:category",
]);
