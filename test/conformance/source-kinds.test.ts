import { existsSync, readdirSync, readFileSync } from "node:fs";
import { type Listing, PermanentError, parseArxivId, parseDoi } from "@paperwire/core";
import { detectKind, headOf, sourceKinds } from "@paperwire/workers/sources/index.ts";
import type { SourceKind } from "@paperwire/workers/sources/source.ts";
import { describe, expect, test } from "vitest";
import { testOnly } from "./test-only-kind.ts";

const recorded = new URL("../recorded/", import.meta.url);
const folder = new URL("../../workers/src/sources/", import.meta.url);

/** The registry as it is, and the kind of this test in the place a new line would have. */
const kinds: readonly SourceKind[] = [testOnly, ...sourceKinds];

interface Recording {
  readonly address: string;
  readonly listing: Uint8Array;
  readonly empty: Uint8Array;
}

describe.each(kinds.map((kind) => [kind.id, kind] as const))("the kind %s", (id, kind) => {
  const { address, listing, empty } = recordingOf(id);
  const reading = () => kind.read({ bytes: listing, url: address });

  test("reads its recording, with names that are unique and stable from one reading to the next", () => {
    const { listings, warnings } = reading();
    expect(listings.length).toBeGreaterThan(0);
    const keys = listings.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.filter((key) => key.trim() === "" || key.length > 500)).toEqual([]);
    expect(reading()).toEqual({ ...reading(), listings, warnings });
    expect(kind.read({ bytes: listing }).listings.map(({ key }) => key)).toEqual(keys);
  });

  test("leaves out what is absent: nothing in its reading is null, undefined or an empty text", () => {
    expect(absences(reading())).toEqual([]);
  });

  test("gives instants in ISO 8601 UTC, canonical identifiers and web addresses", () => {
    for (const listed of reading().listings) expect(faultsOf(listed)).toEqual([]);
  });

  test("leaves the payload's bytes as they were", () => {
    const before = listing.slice();
    reading();
    expect(listing).toEqual(before);
  });

  test.each(Object.entries(notListings))("refuses %s with a sentence", (_what, text) => {
    const error = thrownBy(() => kind.read({ bytes: bytesOf(text) }));
    expect(error).toBeInstanceOf(PermanentError);
    expect((error as PermanentError).message).toMatch(/^\S.{10,}\s\S.*[.!?]$/s);
  });

  test("takes an empty list for what it is", () => {
    expect(kind.read({ bytes: empty, url: address }).listings).toEqual([]);
  });

  test("knows its own recording, and no other kind does", () => {
    const knowing = kinds.filter((other) => other.detects(headOf({ bytes: listing }), { bytes: listing }));
    // `feed` takes any feed and stands last for that reason.
    expect(knowing.filter((other) => other.id !== "feed" || id === "feed").map((other) => other.id)).toEqual([
      id,
    ]);
    if (kind === testOnly) return;
    expect(detectKind({ bytes: listing })?.id).toBe(id);
    expect(detectKind({ bytes: listing, url: address })?.id).toBe(id);
    expect(detectKind({ bytes: empty, url: address })?.id).toBe(id);
  });

  test("claims its own addresses and nobody else's", () => {
    const claiming = kinds.filter((other) => other.recognises?.(new URL(address)) === true);
    expect(claiming.map((other) => other.id)).toEqual(kind.recognises === undefined ? [] : [id]);
    expect(kind.recognises?.(new URL("https://example.org/")) ?? false).toBe(false);
  });

  test("asks for a window, however long or short, at addresses of its own", () => {
    for (const [from, to] of windows) {
      const window = { from: new Date(from), to: new Date(to) };
      const asked = kind.requests?.(new URL(address), window) ?? [address];
      expect(asked.length).toBeGreaterThan(0);
      expect(new Set(asked).size).toBe(asked.length);
      expect(asked).toEqual(kind.requests?.(new URL(address), window) ?? [address]);
      for (const one of asked) expect(kind.recognises?.(new URL(one)) ?? true).toBe(true);
    }
  });

  test("survives damage: whatever happens to the bytes, the answer is a reading or a sentence", () => {
    for (const bytes of damaged(listing, 150)) {
      const error = thrownBy(() => kind.read({ bytes, url: address }));
      if (error !== undefined) expect(error).toBeInstanceOf(PermanentError);
    }
  });

  test("is polite and says what it is", () => {
    expect(id).toMatch(/^[a-z][a-z0-9-]+$/);
    expect(kind.title.length).toBeGreaterThan(5);
    expect(kind.everyMinutes).toBeGreaterThanOrEqual(15);
    if (new URL(address).hostname.endsWith("arxiv.org"))
      expect(kind.budget).toEqual({ group: "arxiv", gapMs: 3000 });
    if (kind.budget !== undefined) expect(kind.budget.gapMs).toBeGreaterThanOrEqual(334);
  });
});

describe.each(kinds.map((kind) => [kind.id, kind] as const))("a bad row in %s", (id, kind) => {
  const { address, listing } = recordingOf(id);

  test("becomes a warning that names it, and costs no other row", () => {
    const whole = kind.read({ bytes: listing, url: address });
    const reading = kind.read({ bytes: withBadRows(listing), url: address });
    expect(reading.listings.map(({ key }) => key)).toEqual(
      expect.arrayContaining(whole.listings.map(({ key }) => key)),
    );
    expect(reading.warnings.length).toBeGreaterThan(whole.warnings.length);
    expect(reading.warnings.filter(({ at }) => at !== undefined && /\S/.test(at)).length).toBeGreaterThan(0);
    for (const { message } of reading.warnings) expect(message).toMatch(/^\S.*\s.*[.!?]$/s);
  });
});

test("ids are given once", () => {
  expect(new Set(kinds.map(({ id }) => id)).size).toBe(kinds.length);
});

test("every kind in the folder stands in the registry", async () => {
  for (const file of readdirSync(folder).filter(
    (name) => name.endsWith(".ts") && !name.endsWith(".test.ts"),
  )) {
    const module: Record<string, unknown> = await import(new URL(file, folder).href);
    for (const value of Object.values(module).filter(isKind)) {
      expect(sourceKinds, `${file}: add the missing line to workers/src/sources/index.ts`).toContain(value);
    }
  }
});

test("the general feed stands last, so that every special kind is asked before it", () => {
  expect(sourceKinds.at(-1)?.id).toBe("feed");
});

/** Nothing that is no listing may read as an empty one: silence is never "no news". */
const notListings = {
  "an empty body": "",
  "white space": " \n\t ",
  prose: "Service temporarily unavailable",
  "a web page":
    "<!DOCTYPE html><html><head><title>Sign in</title></head><body><p>Please sign in.</p></body></html>",
  "a web page without a type": "<html><body>429 Too Many Requests</body></html>",
  null: "null",
  "an error object": '{"error":"Too Many Requests"}',
  "an empty object": "{}",
  "foreign XML": '<?xml version="1.0"?><note><to>you</to></note>',
  binary: "\u0000\u0001\u0002\u0003PK\u0003\u0004",
};

const windows = [
  ["2026-07-15T08:00:00Z", "2026-07-15T09:00:00Z"],
  ["2026-07-15T09:00:00Z", "2026-07-15T09:00:00Z"],
  ["2026-07-14T23:30:00Z", "2026-07-15T00:30:00Z"],
  ["2026-06-01T00:00:00Z", "2026-07-15T09:00:00Z"],
] as const;

function recordingOf(id: string): Recording {
  const place = new URL(`${id}/`, recorded);
  if (!existsSync(place))
    throw new Error(`Add a small recording of the kind "${id}" under test/recorded/${id}/.`);
  const file = (name: string) => readdirSync(place).find((entry) => entry.startsWith(`${name}.`)) ?? name;
  const read = (name: string) => new Uint8Array(readFileSync(new URL(file(name), place)));
  const address = readFileSync(new URL("address.txt", place), "utf8").trim();
  return { address, listing: read("listing"), empty: read("empty") };
}

function isKind(value: unknown): value is SourceKind {
  return (
    typeof value === "object" &&
    value !== null &&
    "detects" in value &&
    "read" in value &&
    "everyMinutes" in value
  );
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function thrownBy(run: () => unknown): unknown {
  try {
    run();
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Where in a reading something stands that should have been left out. */
function absences(value: unknown, path = "reading"): string[] {
  if (value === null || value === undefined || value === "" || Number.isNaN(value)) return [path];
  if (typeof value !== "object") return [];
  return Object.entries(value).flatMap(([name, inner]) => absences(inner, `${path}.${name}`));
}

function faultsOf(listing: Listing): string[] {
  const faults: string[] = [];
  for (const field of ["published", "updated"] as const) {
    const value = listing[field];
    if (value !== undefined && !(instant.test(value) && Number.isFinite(Date.parse(value))))
      faults.push(`${field} ${value}`);
  }
  if (listing.listedOn !== undefined && !/^\d{4}-\d\d-\d\d$/.test(listing.listedOn))
    faults.push(`listedOn ${listing.listedOn}`);
  if (listing.arxivId !== undefined && parseArxivId(listing.arxivId)?.id !== listing.arxivId)
    faults.push(`arxivId ${listing.arxivId}`);
  if (listing.doi !== undefined && parseDoi(listing.doi) !== listing.doi) faults.push(`doi ${listing.doi}`);
  if (listing.url !== undefined && !/^https?:\/\//.test(listing.url)) faults.push(`url ${listing.url}`);
  if (listing.version !== undefined && !(Number.isInteger(listing.version) && listing.version > 0))
    faults.push(`version ${listing.version}`);
  for (const id of listing.ids ?? []) if (!/^[a-z0-9]+:\S+$/.test(id)) faults.push(`id ${id}`);
  if (listing.title !== listing.title.trim() || /\s{2}|[\n\t]/.test(listing.title))
    faults.push(`title ${listing.title}`);
  return faults;
}

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z$/;

/** The same pseudo-random damage every time: bytes flipped, pieces cut out, doubled, or the end missing. */
function* damaged(bytes: Uint8Array, times: number): Generator<Uint8Array> {
  let state = 20260715;
  const random = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let round = 0; round < times; round++) {
    const from = random(bytes.length);
    const to = Math.min(bytes.length, from + 1 + random(200));
    const [before, piece, after] = [bytes.slice(0, from), bytes.slice(from, to), bytes.slice(to)];
    const choices = [
      [before],
      [before, after],
      [before, piece, piece, after],
      [before, piece.map((byte) => byte ^ (1 + random(255))), after],
    ];
    yield Uint8Array.from((choices[round % choices.length] ?? []).flatMap((part) => [...part]));
  }
}

/** A recording whose list begins with rows of every wrong kind. */
function withBadRows(bytes: Uint8Array): Uint8Array {
  const text = new TextDecoder().decode(bytes);
  if (!/^\s*[[{<]/.test(text)) return bytesOf(text.replace("\n", "\n3\t\n"));
  if (/^\s*</.test(text)) {
    const [element = "", name = ""] = /<(item|entry|record|PubmedArticle|paper|dt)[\s>]/.exec(text) ?? [];
    if (element === "") throw new Error("No entry was found in the recording.");
    const link = `<${name}><a href="/abs/nothing" title="Abstract" id="nothing">nothing</a></${name}><dd><div></div></dd>`;
    const bad = `<${name}></${name}><${name}>text</${name}><${name}><unknown/></${name}>`;
    return bytesOf(text.replace(element, () => `${name === "dt" ? link : bad}${element}`));
  }
  const document: unknown = JSON.parse(text);
  const places = [
    document,
    ...["collection", "results", "data", "notes"].map((name) => fieldOf(document, name)),
  ];
  const rows = [...places, fieldOf(fieldOf(document, "message"), "items")].find((place) =>
    Array.isArray(place),
  );
  if (!Array.isArray(rows)) throw new Error("The list inside the recording was not found.");
  rows.unshift(null, "text", 7, [], {}, { paper: null });
  return bytesOf(JSON.stringify(document));
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
