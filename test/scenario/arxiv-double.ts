import { announcementOn, isAnnouncementDay } from "@paperwire/core";
import type { Answer } from "../harness/origin.ts";

/** One paper as arXiv announces it on a day. */
export interface Announced {
  readonly id: string;
  readonly version?: number;
  readonly title: string;
  readonly authors: readonly string[];
  readonly abstract: string;
  /** Primary first. */
  readonly categories: readonly string[];
  /** A new version of an older paper: announced, and never mailed. */
  readonly replaced?: boolean;
}

/** What arXiv announces, by feed day. */
export type Announcements = ReadonlyMap<string, readonly Announced[]>;

/** The Eastern day of an instant in summer. */
export function easternDay(at: Date): string {
  return new Date(at.getTime() - 4 * 3_600_000).toISOString().slice(0, 10);
}

export function listOf(all: Announcements, category: string, day: string): Announced[] {
  return (all.get(day) ?? []).filter(({ categories }) => categories.includes(category));
}

/** A category's feed under the date of `day`; the list may be another day's. `builtAt` differs from build to build. */
export function rssOf(category: string, day: string, items: readonly Announced[], builtAt: Date): Answer {
  const date = new Date(`${day}T04:00:00Z`).toUTCString();
  const rows = items.map((item) => {
    const type = typeOf(item, category);
    const version = item.version ?? 1;
    return `<item><title>${escaped(item.title)}</title><link>https://arxiv.org/abs/${item.id}</link>
<description>arXiv:${item.id}v${version} Announce Type: ${type} \nAbstract: ${escaped(item.abstract)}</description>
<guid isPermaLink="false">oai:arXiv.org:${item.id}v${version}</guid>${item.categories.map((code) => `<category>${code}</category>`).join("")}
<pubDate>${date}</pubDate><arxiv:announce_type>${type}</arxiv:announce_type><dc:creator>${escaped(item.authors.join(", "))}</dc:creator></item>`;
  });
  return {
    type: "application/rss+xml",
    body: `<?xml version="1.0" encoding="UTF-8"?><rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0"><channel>
<title>${category} updates on arXiv.org</title><link>http://rss.arxiv.org/rss/${category}</link><description>${category}</description>
<lastBuildDate>${builtAt.toUTCString()}</lastBuildDate><pubDate>${date}</pubDate><skipDays><day>Saturday</day><day>Sunday</day></skipDays>${rows.join("\n")}</channel></rss>`,
  };
}

/** A category's listing page: on days without an announcement it shows the last one, under its date. */
export function listingPageOf(all: Announcements, category: string, at: Date): Answer {
  let day = easternDay(at);
  while (!isAnnouncementDay(day)) day = easternDay(new Date(Date.parse(`${day}T12:00:00Z`) - 86_400_000));
  const items = listOf(all, category, day);
  const sections = (["new", "cross", "replace"] as const).map((type) =>
    items.filter((item) => typeOf(item, category) === type),
  );
  const heads = ["New submissions", "Cross submissions", "Replacement submissions"];
  let number = 0;
  const lists = sections.map((section, index) => {
    if (section.length === 0) return "";
    const rows = section.map((item) => {
      number += 1;
      return `<dt><a name='item${number}'>[${number}]</a> <a href ="/abs/${item.id}" title="Abstract" id="${item.id}"> arXiv:${item.id} </a></dt>
<dd><div class='meta'><div class='list-title mathjax'><span class='descriptor'>Title:</span> ${escaped(item.title)}</div>
<div class='list-authors'>${item.authors.map((name) => `<a href="#">${escaped(name)}</a>`).join(", ")}</div>
<div class='list-subjects'><span class='descriptor'>Subjects:</span> ${item.categories.map((code) => `Name (${code})`).join("; ")}</div>
<p class='mathjax'>${escaped(item.abstract)}</p></div></dd>`;
    });
    return `<h3>${heads[index]} (showing ${section.length} of ${section.length} entries)</h3>${rows.join("\n")}`;
  });
  const spoken = new Date(`${day}T12:00:00Z`)
    .toLocaleDateString("en-GB", {
      weekday: "long",
      day: "numeric",
      month: "long",
      year: "numeric",
      timeZone: "UTC",
    })
    .replace(/^(\w+) /, "$1, ");
  return {
    type: "text/html; charset=utf-8",
    body: `<!DOCTYPE html><html lang="en"><head><title>${category} at arXiv</title></head><body><div id='dlpage'><h1>${category}</h1>
<p>See <a id="recent-${category}" href="/list/${category}/recent">recent</a> articles</p><h3>Showing new listings for ${spoken}</h3>
<div class='paging'>Total of ${items.length} entries </div><dl id='articles'>${lists.join("\n")}</dl></div></body></html>`,
  };
}

/** The API's answer to a search for categories and a span of submissions: what was announced by then, 100 a page. */
export function apiAnswer(all: Announcements, path: string, at: Date): Answer {
  const { searchParams } = new URL(path, "http://127.0.0.1");
  const search = searchParams.get("search_query") ?? "";
  const wanted = [...search.matchAll(/cat:([\w.-]+)/g)].map((match) => match[1] ?? "");
  const [, from = "", to = ""] = /submittedDate:\[(\d{12}) TO (\d{12})\]/.exec(search) ?? [];
  const start = Number(searchParams.get("start") ?? 0);
  const size = Number(searchParams.get("max_results") ?? 10);
  const found = [...all].flatMap(([day, items]) => {
    const announcement = announcementOn(day);
    if (announcement === undefined || announcement.at > at) return [];
    return items.flatMap((item, index) => {
      const submitted = new Date(announcement.submittedFrom.getTime() + (index + 1) * 60_000);
      const minute = submitted.toISOString().replace(/\D/g, "").slice(0, 12);
      const isAsked = item.categories.some((code) => wanted.includes(code)) && minute >= from && minute <= to;
      return isAsked && item.replaced !== true ? { item, submitted } : [];
    });
  });
  const page = found.slice(start, start + size);
  const entries = page.map(
    ({
      item,
      submitted,
    }) => `<entry><id>http://arxiv.org/abs/${item.id}v1</id><title>${escaped(item.title)}</title>
<published>${submitted.toISOString()}</published><updated>${submitted.toISOString()}</updated><summary>${escaped(item.abstract)}</summary>
${item.authors.map((name) => `<author><name>${escaped(name)}</name></author>`).join("")}
${item.categories.map((code) => `<category term="${code}"/>`).join("")}<arxiv:primary_category term="${item.categories[0]}"/></entry>`,
  );
  return {
    type: "application/atom+xml",
    body: `<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">
<id>https://arxiv.org/api/search</id><title>arXiv Query: search_query=${escaped(search)}</title><updated>${at.toISOString()}</updated>
<opensearch:totalResults>${found.length}</opensearch:totalResults><opensearch:startIndex>${start}</opensearch:startIndex>
<opensearch:itemsPerPage>${size}</opensearch:itemsPerPage>${entries.join("\n")}</feed>`,
  };
}

function typeOf(item: Announced, category: string): "new" | "cross" | "replace" {
  if (item.replaced === true) return "replace";
  return item.categories[0] === category ? "new" : "cross";
}

export function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}
