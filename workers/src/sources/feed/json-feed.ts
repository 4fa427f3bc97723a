import { PermanentError } from "@paperwire/core";
import { z } from "zod";
import type { FeedEntry, FeedHead, FeedPerson, FeedText } from "./document.ts";
import { resolveUrl } from "./element.ts";
import { optional } from "./optional.ts";

/**
 * JSON Feed 1.0 and 1.1 (https://jsonfeed.org/version/1.1). A field of the wrong type counts as absent;
 * ids may be numbers, as readers must accept.
 *
 * @throws PermanentError when the document is JSON but no feed
 */
export function readJsonFeed(
  value: unknown,
  documentUrl: string | undefined,
  maxEntries: number,
): FeedHead & { readonly entries: readonly FeedEntry[]; readonly cut: boolean } {
  const feed = feedShape.safeParse(value);
  if (!feed.success)
    throw new PermanentError("The document is JSON but not a JSON Feed: it has no list of items.");
  const { data } = feed;
  const base = documentUrl ?? data.feed_url ?? data.home_page_url;
  const hub = data.hubs?.find((one) => one.url !== undefined);
  return {
    format: "json",
    version: /version\/([\d.]+)/.exec(data.version ?? "")?.[1] ?? "",
    links: [],
    authors: people(data.authors, data.author),
    categories: [],
    entries: data.items.slice(0, maxEntries).flatMap((item) => entryOf(item, base)),
    cut: data.items.length > maxEntries,
    ...optional("title", text(data.title)),
    ...optional("link", data.home_page_url === undefined ? undefined : resolveUrl(data.home_page_url, base)),
    ...optional("description", text(data.description)),
    ...optional("language", data.language),
    ...optional("id", data.feed_url),
    ...optional("next", data.next_url === undefined ? undefined : resolveUrl(data.next_url, base)),
    ...optional(
      "hub",
      hub?.url === undefined || data.feed_url === undefined
        ? undefined
        : { url: hub.url, topic: data.feed_url },
    ),
  };
}

function entryOf(value: unknown, base: string | undefined): FeedEntry[] {
  const item = itemShape.safeParse(value);
  if (!item.success) return [];
  const { data } = item;
  const address = data.url ?? data.external_url;
  const link = address === undefined ? undefined : resolveUrl(address, base);
  const external = data.external_url === undefined ? undefined : resolveUrl(data.external_url, base);
  return [
    {
      links: [
        ...(link === undefined ? [] : [{ href: link, rel: "alternate" }]),
        ...(external === undefined ? [] : [{ href: external, rel: "related" }]),
      ],
      authors: people(data.authors, data.author),
      categories: [...new Set(data.tags ?? [])].map((term) => ({ term })),
      ...optional("id", data.id === undefined ? undefined : String(data.id)),
      ...optional("link", link),
      ...optional("title", text(data.title)),
      ...optional("summary", text(data.summary)),
      ...optional("content", text(data.content_html, "html") ?? text(data.content_text)),
      ...optional("published", data.date_published),
      ...optional("updated", data.date_modified),
      ...optional("language", data.language),
    },
  ];
}

function text(value: string | undefined, type: FeedText["type"] = "text"): FeedText | undefined {
  return value === undefined || value.trim() === "" ? undefined : { value, type };
}

function people(authors: readonly Person[] | undefined, author: Person | undefined): FeedPerson[] {
  const named = authors !== undefined && authors.length > 0 ? authors : author === undefined ? [] : [author];
  return named
    .map(({ name, url }) => ({ ...optional("name", name?.trim() || undefined), ...optional("url", url) }))
    .filter((person) => person.name !== undefined || person.url !== undefined);
}

const word = z.string().optional().catch(undefined);
const personShape = z.object({ name: word, url: word });
type Person = z.infer<typeof personShape>;
const person = personShape.optional().catch(undefined);
const persons = z.array(personShape).optional().catch(undefined);

const feedShape = z.object({
  version: word,
  title: word,
  home_page_url: word,
  feed_url: word,
  next_url: word,
  description: word,
  language: word,
  author: person,
  authors: persons,
  hubs: z
    .array(z.object({ type: word, url: word }))
    .optional()
    .catch(undefined),
  items: z.array(z.unknown()),
});

const itemShape = z.object({
  id: z.union([z.string(), z.number()]).optional().catch(undefined),
  url: word,
  external_url: word,
  title: word,
  summary: word,
  content_html: word,
  content_text: word,
  date_published: word,
  date_modified: word,
  language: word,
  author: person,
  authors: persons,
  tags: z.array(z.string()).optional().catch(undefined),
});
