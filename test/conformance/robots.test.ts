import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { isAllowed } from "@paperwire/workers/fetch/robots.ts";
import { describe, expect, test } from "vitest";

const shared = process.env.PAPERWIRE_SHARED ?? new URL("../../../shared", import.meta.url).pathname;
const cases = `${shared}/data/suites/google-robotstxt/cases.json`;
const sites = `${shared}/data/suites/protego/sites-4231-robots.tar.gz`;

interface Case {
  readonly test: string;
  readonly robots: string;
  readonly agent: string;
  readonly url: string;
  readonly allowed: boolean;
}

describe.skipIf(!existsSync(cases))(`robots.txt cases (${cases})`, () => {
  const all: readonly Case[] = existsSync(cases) ? JSON.parse(readFileSync(cases, "utf8")) : [];

  test("are all 142 decided as Google's matcher does", () => {
    const wrong = all.filter(({ robots, agent, url, allowed }) => isAllowed(robots, agent, url) !== allowed);
    process.stderr.write(`google-robotstxt: ${all.length - wrong.length} of ${all.length}\n`);
    expect(wrong).toEqual([]);
    expect(all.length).toBeGreaterThanOrEqual(142);
  });
});

describe.skipIf(!existsSync(sites))(`robots.txt of 4,231 sites (${sites})`, () => {
  test("are all read", () => {
    const texts = existsSync(sites) ? filesOf(sites) : [];
    let allowed = 0;
    for (const text of texts) {
      if (isAllowed(text, "Paperwire", "https://site.example/blog/2026/06/a-post?page=2")) allowed++;
      // The front page of a site that lets nobody in at all is the exception.
      expect(typeof isAllowed(text, "*", "https://site.example/")).toBe("boolean");
    }
    process.stderr.write(`protego sites: ${texts.length} read, ${allowed} let us read a page\n`);
    expect(texts.length).toBeGreaterThanOrEqual(4_231);
    expect(allowed).toBeGreaterThan(texts.length / 2);
  });
});

/** The files of a tar archive; names do not matter. */
function filesOf(path: string): string[] {
  const tar = execFileSync("gzip", ["-dc", path], { maxBuffer: 1 << 30 });
  const texts: string[] = [];
  for (let at = 0; at + 512 <= tar.length; ) {
    const header = tar.subarray(at, at + 512);
    const size = Number.parseInt(header.toString("latin1", 124, 136), 8) || 0;
    const isFile = header[156] === 0x30 || header[156] === 0;
    if (isFile && header[0] !== 0) texts.push(tar.subarray(at + 512, at + 512 + size).toString("utf8"));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return texts;
}
