import { existsSync, readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { isAnnouncementDay } from "@paperwire/core";
import { arxivRss } from "@paperwire/workers/sources/arxiv-rss.ts";
import type { Announced, Announcements } from "./arxiv-double.ts";

const shared = process.env.PAPERWIRE_SHARED ?? new URL("../../../shared", import.meta.url).pathname;
const feeds = `${shared}/data/arxiv/feeds-regenerated`;
const crawl = `${shared}/data/arxiv/daily-crawl-raw`;
const picks = `${shared}/data/hf/daily_papers`;

/** Why the recorded days cannot be played here, or undefined. */
export const whyNoRecordedDays = [feeds, crawl, picks].every(existsSync)
  ? undefined
  : `no recorded days in ${shared}/data`;

/** What arXiv announced in the categories in June 2026: three days of its feeds, and ten of a daily crawl. */
export function recordedDays(categories: readonly string[]): Announcements {
  const days = new Map<string, Announced[]>();
  for (const file of readdirSync(feeds)) {
    const [, day = "", category = ""] = /^(\d{4}-\d\d-\d\d)\.([\w-]+\.[A-Z]+)\.rss\.xml$/.exec(file) ?? [];
    if (day === "" || !categories.includes(category)) continue;
    const { listings } = arxivRss.read({ bytes: readFileSync(`${feeds}/${file}`) });
    const items = listings.map(
      (one): Announced => ({
        id: one.key,
        ...(one.version === undefined ? {} : { version: one.version }),
        title: one.title,
        authors: one.authors.map(({ name }) => name),
        abstract: one.abstract ?? "",
        categories: one.categories,
        replaced: one.announceType?.startsWith("replace") === true,
      }),
    );
    days.set(day, merged([...(days.get(day) ?? []), ...items]));
  }
  const seen = new Set([...days.values()].flat().map(({ id }) => id));
  for (const file of readdirSync(crawl)
    .filter((name) => name.endsWith(".jsonl.gz"))
    .sort()) {
    const day = file.slice(0, 10);
    if (!isAnnouncementDay(day)) continue;
    const rows = gunzipSync(readFileSync(`${crawl}/${file}`))
      .toString("utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const items = merged(
      rows.flatMap((row): Announced[] => {
        const isOurs = row.categories.some((code: string) => categories.includes(code));
        if (!isOurs || seen.has(row.id)) return [];
        return [
          {
            id: row.id,
            title: row.title,
            authors: row.authors,
            abstract: row.summary,
            categories: row.categories,
          },
        ];
      }),
    );
    for (const { id } of items) seen.add(id);
    days.set(day, items);
  }
  return days;
}

/** The body of Hugging Face's list of a day, as it was recorded; undefined for days without one. */
export function recordedPicks(day: string): string | undefined {
  const file = `${picks}/${day}.json.gz`;
  return existsSync(file) ? gunzipSync(readFileSync(file)).toString("utf8") : undefined;
}

function merged(items: readonly Announced[]): Announced[] {
  return [...new Map(items.map((item) => [item.id, item])).values()];
}
