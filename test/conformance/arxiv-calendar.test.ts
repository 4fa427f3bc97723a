import { existsSync, readFileSync } from "node:fs";
import { announcementDates, announcementOf, isAnnouncementDay } from "@paperwire/core";
import { describe, expect, test } from "vitest";
import { filesIn, textIn } from "./cassettes.ts";

const shared = process.env.PAPERWIRE_SHARED ?? new URL("../../../shared", import.meta.url).pathname;
const table = `${shared}/data/schedule/arxiv-announcements.json`;
const crawl = `${shared}/data/arxiv/daily-crawl-raw`;

interface Row {
  readonly submitted: string;
  readonly announced: string;
  readonly feed_day: string;
}

const published = existsSync(table);

describe.skipIf(!published)(published ? "arXiv's published table" : `${table} is absent: not run`, () => {
  const { rows }: { rows: readonly Row[] } = published
    ? JSON.parse(readFileSync(table, "utf8"))
    : { rows: [] };

  test("every submission is announced when the table says, holidays aside", () => {
    expect(rows.length).toBeGreaterThan(400);
    for (const { submitted, announced, feed_day } of rows) {
      const { at, date } = announcementOf(new Date(submitted), () => false);
      expect({ submitted, at: at.getTime(), date }).toEqual({
        submitted,
        at: Date.parse(announced),
        date: feed_day,
      });
    }
  });

  test("holidays only ever postpone, and to a day that has an announcement", () => {
    for (const { submitted, feed_day } of rows) {
      const { date } = announcementOf(new Date(submitted));
      expect(date >= feed_day).toBe(true);
      expect(isAnnouncementDay(date)).toBe(true);
      if (date !== feed_day) expect(isAnnouncementDay(feed_day)).toBe(false);
    }
  });
});

const crawled = existsSync(crawl);

describe.skipIf(!crawled)(
  crawled ? "days on which the listings were crawled" : `${crawl} is absent: not run`,
  () => {
    test("papers are new exactly on the days which the calendar names", () => {
      const seen = new Set<string>();
      const fresh: string[] = [];
      const days = (crawled ? filesIn(crawl) : []).filter((path) => path.endsWith(".jsonl.gz"));
      for (const path of days) {
        const ids = textIn(path)
          .split("\n")
          .filter((line) => line !== "")
          .map((line): string => JSON.parse(line).id);
        if (ids.some((id) => !seen.has(id))) fresh.push(path.slice(-19, -9));
        for (const id of ids) seen.add(id);
      }
      const [first = "", last = ""] = [days[0]?.slice(-19, -9), days.at(-1)?.slice(-19, -9)];
      expect(fresh).toEqual(announcementDates(first, last));
    });
  },
);
