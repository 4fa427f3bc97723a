import { existsSync, readFileSync } from "node:fs";
import { hfDaily } from "@paperwire/workers/sources/hf-daily.ts";
import { detectKind } from "@paperwire/workers/sources/index.ts";
import { afterAll, describe, expect, test } from "vitest";
import { bytesIn, filesIn, textIn } from "./cassettes.ts";
import { refusalOf } from "./refusal.ts";

const shared = process.env.PAPERWIRE_SHARED ?? new URL("../../../shared", import.meta.url).pathname;
const data = `${shared}/data`;
const folder = `${data}/hf/daily_papers`;
const present = existsSync(folder);

const counts: string[] = [];
afterAll(() => {
  if (counts.length > 0) process.stdout.write(`\n${counts.join("\n")}\n`);
});

describe.skipIf(!present)(present ? "hf/daily_papers" : `${folder} is absent: not run`, () => {
  const malformed = existsSync(`${data}/hf/MALFORMED.txt`)
    ? readFileSync(`${data}/hf/MALFORMED.txt`, "utf8")
    : "";
  const days = (present ? filesIn(folder) : []).map((path) => ({
    path,
    day: path.slice(-18, -8),
    isClean: !malformed.includes(path.slice(-18)),
  }));
  const clean = days.filter(({ isClean }) => isClean);

  test("every row of every clean day reads, with its votes, its date and its list day", () => {
    let rows = 0;
    let read = 0;
    for (const { path, day } of clean) {
      const bytes = bytesIn(path);
      const url = `https://huggingface.co/api/daily_papers?date=${day}`;
      const recorded: { paper: Record<string, unknown>; title: string }[] = JSON.parse(textIn(path));
      expect(detectKind({ bytes })?.id, day).toBe("hf-daily");
      const { listings, warnings, date } = hfDaily.read({ bytes, url });
      expect(warnings, day).toEqual([]);
      expect(date).toBe(day);
      rows += recorded.length;
      read += listings.length;
      recorded.forEach(({ paper }, at) => {
        const listing = listings[at];
        expect(listing).toMatchObject({ arxivId: paper.id, key: paper.id, votes: paper.upvotes });
        expect(Date.parse(listing?.published ?? "")).toBe(Date.parse(String(paper.publishedAt)));
        expect(listing?.authors.length).toBe((paper.authors as unknown[]).length);
        expect(listing?.abstract?.length).toBeGreaterThan(20);
        if (paper.submittedOnDailyAt !== undefined) expect(listing?.listedOn).toBe(day);
      });
    }
    counts.push(`Hugging Face: ${clean.length} clean days, ${read} of ${rows} rows`);
    expect(read).toBe(rows);
  });

  test.skipIf(days.length === clean.length)("every malformed day ends in a sentence", () => {
    const sentences = days
      .filter(({ isClean }) => !isClean)
      .map(({ path }) => refusalOf(hfDaily, bytesIn(path)));
    counts.push(`Hugging Face: ${sentences.length} malformed days, each a sentence`);
    expect(
      sentences.filter((sentence) => !/^Hugging Face Daily Papers answered with .*\.$/.test(sentence)),
    ).toEqual([]);
  });

  test("days cut off, replaced by a page or an error, or filled with nothing end in a sentence", () => {
    for (const { path } of clean.slice(0, 20)) {
      const bytes = bytesIn(path);
      for (const length of [1, 100, Math.floor(bytes.length / 2), bytes.length - 2]) {
        expect(refusalOf(hfDaily, bytes.subarray(0, length))).toMatch(/\.$/);
      }
    }
    for (const text of [
      "[null]",
      "[null,null]",
      "[\"{'paper': {'id': '1'}}\"]",
      '{"status":"success","data":[]}',
      '{"error":"x"}',
      "[[]]",
    ]) {
      expect(refusalOf(hfDaily, new TextEncoder().encode(text))).toMatch(/\.$/);
    }
  });
});
