import type { Listing, Reading } from "@paperwire/core";
import type { Work } from "./works.ts";

/** What one poll brought: a source, its kind, and its reading. */
export interface Poll {
  readonly sourceId: string;
  readonly kind: string;
  readonly reading: Reading;
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * `count` listings as places send them, in polls: seven of ten are the first of their work (five at arXiv, two in
 * a journal that names no arXiv id), three are duplicates of an earlier one: a replacement or a cross-list, a
 * Hugging Face row, a journal's record that shares the DOI, or one that shares nothing but what it says.
 */
export function mixedPolls(works: readonly Work[], count: number, seed = 1): Poll[] {
  const random = randomOf(seed);
  const mixer = newMixer();
  const seen: { work: Work; at: "arxiv" | "journal" }[] = [];
  let next = 0;
  for (let made = 0; made < count; made += 1) {
    const draw = random();
    const earlier = seen[Math.floor(random() * seen.length)];
    const fresh = works[next];
    if ((draw < 0.7 || earlier === undefined) && fresh !== undefined) {
      next += 1;
      const at = draw < 0.5 ? "arxiv" : "journal";
      seen.push({ work: fresh, at });
      mixer.add(
        at === "arxiv" ? "arxiv-oai" : draw < 0.65 ? "crossref" : "feed",
        at === "arxiv" ? atArxiv(fresh) : atJournal(fresh, random, made),
      );
      continue;
    }
    if (earlier === undefined)
      throw new Error(`There are ${works.length} works; ${count} listings need more.`);
    const [kind, listing] = duplicateOf(earlier.work, earlier.at, draw, random, made);
    mixer.add(kind, listing);
  }
  return mixer.finish();
}

/** How many listings one poll of a kind brings. */
const perPoll: Readonly<Record<string, number>> = {
  "arxiv-oai": 1000,
  "arxiv-rss": 400,
  crossref: 200,
  feed: 50,
  "hf-daily": 40,
};

function newMixer() {
  const open = new Map<string, Listing[]>();
  const polls: Poll[] = [];
  const close = (kind: string) => {
    const listings = open.get(kind) ?? [];
    open.delete(kind);
    const unique = [...new Map(listings.map((listing) => [listing.key, listing])).values()];
    if (unique.length > 0) polls.push({ sourceId: kind, kind, reading: { listings: unique, warnings: [] } });
  };
  return {
    add(kind: string, listing: Listing) {
      const listings = open.get(kind) ?? [];
      listings.push(listing);
      open.set(kind, listings);
      if (listings.length >= (perPoll[kind] ?? 100)) close(kind);
    },
    finish() {
      for (const kind of [...open.keys()]) close(kind);
      return polls;
    },
  };
}

function atArxiv(work: Work): Listing {
  return {
    key: work.arxivId,
    url: `https://arxiv.org/abs/${work.arxivId}`,
    arxivId: work.arxivId,
    version: 1,
    title: work.title,
    ...(work.abstract === undefined ? {} : { abstract: work.abstract }),
    authors: work.authors.map((name) => ({ name })),
    categories: work.categories,
    published: `${work.date}T00:00:00Z`,
    ...(work.doi === undefined ? {} : { doi: work.doi }),
  };
}

/** A journal's record: initials, its own DOI, a later date, no arXiv id; a third cut their abstracts. */
function atJournal(work: Work, random: () => number, number: number): Listing {
  const doi = work.doi ?? `10.5555/${work.arxivId.replace("/", ".")}`;
  const abstract = random() < 0.33 ? work.abstract?.slice(0, 300) : work.abstract;
  return {
    key: doi,
    url: `https://doi.org/${doi}`,
    doi,
    title: random() < 0.3 ? work.title.toUpperCase() : work.title.replaceAll(/[$\\{}]/g, ""),
    ...(abstract === undefined ? {} : { abstract }),
    authors: work.authors.map((name) => ({ name: random() < 0.5 ? name : withInitials(name) })),
    categories: [],
    published: `${work.date}T00:00:00Z`,
    venue: `Journal of Results ${number % 40}`,
  };
}

function duplicateOf(
  work: Work,
  first: "arxiv" | "journal",
  draw: number,
  random: () => number,
  number: number,
): [string, Listing] {
  const arxiv = atArxiv(work);
  if (draw < 0.8) {
    if (draw < 0.74)
      return ["arxiv-rss", { ...arxiv, announceType: "cross", categories: [...work.categories, "cs.LG"] }];
    return [
      "arxiv-rss",
      {
        ...arxiv,
        version: 2,
        announceType: "replace",
        title: random() < 0.2 ? `${work.title} (extended)` : work.title,
      },
    ];
  }
  if (draw < 0.87) {
    const { version: _, doi: __, ...named } = arxiv;
    return ["hf-daily", { ...named, categories: [], votes: Math.floor(random() * 200), pickedBy: "curator" }];
  }
  if (first === "arxiv") return ["crossref", atJournal(work, random, number)];
  return ["arxiv-oai", arxiv];
}

function withInitials(name: string): string {
  const parts = name.split(" ");
  return [...parts.slice(0, -1).map((part) => `${part.slice(0, 1)}.`), parts.at(-1)].join(" ");
}
