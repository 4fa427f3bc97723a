import { decodeHTMLStrict } from "entities";

/** Text that declared entities may add to one document, in characters. */
const maxExpansion = 100_000;

/**
 * Resolves character references and named characters: XML's, HTML's, and those the document declares. The
 * numbers 128 to 159 are read as windows-1252, what is no character becomes U+FFFD. A name nobody knows
 * stays as it is written.
 */
export function referenceDecoder(entities: ReadonlyMap<string, string>): (text: string) => string {
  if (entities.size === 0) return (text) => (text.includes("&") ? decodeHTMLStrict(text) : text);
  let added = 0;
  return (text) => {
    if (!text.includes("&")) return text;
    const expanded = text.replace(/&([\w.:-]+);/g, (reference, name: string) => {
      const value = entities.get(name);
      if (value === undefined) return reference;
      added += value.length;
      return added > maxExpansion ? reference : value.replaceAll("&", "&amp;");
    });
    return decodeHTMLStrict(expanded);
  };
}
