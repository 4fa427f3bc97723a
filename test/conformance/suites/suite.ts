import { existsSync, readFileSync } from "node:fs";
import { PermanentError } from "@paperwire/core";
import { toReading } from "@paperwire/workers/sources/feed/listings.ts";
import { readFeed } from "@paperwire/workers/sources/feed/read-feed.ts";
import type { Payload } from "@paperwire/workers/sources/source.ts";
import { unpack } from "@paperwire/workers/sources/unpack.ts";
import { type Expectation, found, type Subject } from "./expectation.ts";

/** Another project's test files and what it expects of them. */
export interface Suite {
  readonly id: string;
  /** Folder the file names are relative to. */
  readonly root: string;
  /** `suites` is the folder that holds all of them. */
  expectations(suites: string): Expectation[];
  /** Address and media type under which the suite serves a file. */
  headers?(text: string): Omit<Payload, "bytes">;
}

export interface Miss {
  readonly file: string;
  readonly path: string;
  readonly expected: unknown;
  readonly found: string;
}

export interface SuiteResult {
  readonly id: string;
  readonly total: number;
  readonly counted: number;
  readonly passed: number;
  /** Reasons for not counting, with how many expectations each covers. */
  readonly excluded: ReadonlyMap<string, number>;
  readonly misses: readonly Miss[];
}

/** Reads every file of a suite once and compares. A file that is not here (held back) is no expectation. */
export function runSuite(suite: Suite, suites: string): SuiteResult {
  const excluded = new Map<string, number>();
  const misses: Miss[] = [];
  const subjects = new Map<string, Subject | string>();
  let total = 0;
  let counted = 0;
  for (const expectation of suite.expectations(suites)) {
    const path = `${suites}/${suite.root}/${expectation.file}`;
    if (!existsSync(path)) continue;
    total++;
    if (expectation.excluded !== undefined) {
      excluded.set(expectation.excluded, (excluded.get(expectation.excluded) ?? 0) + 1);
      continue;
    }
    counted++;
    let subject = subjects.get(path);
    if (subject === undefined) {
      subject = subjectOf(path, suite);
      subjects.set(path, subject);
    }
    const instead = typeof subject === "string" ? subject : found(subject, expectation);
    if (instead === undefined) continue;
    misses.push({
      file: expectation.file,
      path: expectation.path,
      expected: expectation.expected,
      found: instead,
    });
  }
  return { id: suite.id, total, counted, passed: counted - misses.length, excluded, misses };
}

/** The file as read, or the sentence with which it was refused. */
function subjectOf(path: string, suite: Suite): Subject | string {
  const bytes = readFileSync(path);
  const headers = suite.headers?.(bytes.toString("latin1", 0, 2000)) ?? {};
  try {
    const feed = readFeed(unpack({ bytes, ...headers }));
    return { feed, reading: toReading(feed) };
  } catch (error) {
    if (error instanceof PermanentError) return `refused: ${error.message}`;
    throw error;
  }
}
