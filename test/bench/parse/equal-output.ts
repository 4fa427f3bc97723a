import { foldSpace, plainText, type Reading } from "@paperwire/core";
import type { FeedDocument, FeedText } from "@paperwire/workers/sources/feed/document.ts";
import { instantText } from "@paperwire/workers/sources/feed/instant.ts";
import type Parser from "rss-parser";

type Theirs = Parser.Output<Record<string, unknown>>;

/** Where our reading differs from rss-parser's, in the fields that rss-parser keeps and that a listing has. */
export function differences(theirs: Theirs, ours: FeedDocument, reading: Reading): string[] {
  const found: string[] = [];
  const compare = (at: string, field: string, a: string | undefined, b: string | undefined) => {
    if (folded(a) !== folded(b)) found.push(`${at}.${field}: ${short(a)} against ours ${short(b)}`);
  };
  compare("feed", "title", theirs.title, plain(ours.title));
  compare("feed", "link", theirs.link, reading.url);
  if (theirs.items.length !== ours.entries.length)
    found.push(`${theirs.items.length} items against ours ${ours.entries.length}`);
  if (theirs.items.length !== reading.listings.length)
    found.push(`${theirs.items.length} items against ${reading.listings.length} listings`);
  theirs.items.forEach((item, n) => {
    const entry = ours.entries[n];
    const listing = reading.listings[n];
    const at = `#${n}`;
    compare(at, "title", item.title, plain(entry?.title));
    compare(at, "link", item.link, entry?.link);
    compare(at, "guid", item.guid ?? String(item.id ?? ""), entry?.id);
    compare(at, "content", item.contentSnippet ?? item.summary, plain(entry?.content ?? entry?.summary));
    compare(at, "date", instantText(item.isoDate ?? ""), listing?.published);
    // Of Atom it keeps no categories.
    if (item.categories !== undefined) {
      compare(at, "categories", item.categories.join(), entry?.categories.map(({ term }) => term).join());
    }
    if (item.creator !== undefined)
      compare(at, "creator", names(item.creator), listing?.authors.map(({ name }) => name).join(", "));
  });
  return found;
}

function plain(text: FeedText | undefined): string | undefined {
  return text === undefined
    ? undefined
    : text.type === "html"
      ? plainText(text.value)
      : foldSpace(text.value);
}

/** Affiliations stand in brackets behind a name; a listing keeps them apart. */
function names(line: string): string {
  return line.replace(/\s*\([^)]*\)/g, "").replace(/,\s+/g, ", ");
}

function folded(text: string | undefined): string {
  return plainText(text ?? "").replace(/\s+/g, "");
}

function short(text: string | undefined): string {
  return JSON.stringify(text?.slice(0, 80));
}
