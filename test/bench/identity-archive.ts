/**
 * Places every recorded listing in an archive in memory by the product's rules, and checks what identity
 * promises: no arXiv id in two papers, no paper with two arXiv ids. Prints the near-duplicates that were joined,
 * fifty of them for review by a person.
 *
 *   node test/bench/identity-archive.ts [--sample 50] [--seed 1]
 */
import { parseArgs } from "node:util";
import { decide } from "../../packages/core/src/identity/decide.ts";
import { corpusListings, crawlListings, dailyListings, venueListings } from "./identity/archive-listings.ts";
import { randomOf } from "./identity/boosting.ts";
import { type ArchiveListing, type ArchivePaper, emptyArchive } from "./identity/memory-archive.ts";
import { neighboursOf } from "./identity/product-examples.ts";
import { requireData } from "./identity/shared-data.ts";

interface Joined {
  readonly listing: ArchiveListing;
  readonly onto: ArchiveListing;
  readonly because: string;
}

const { values } = parseArgs({
  options: { sample: { type: "string", default: "50" }, seed: { type: "string", default: "1" } },
});
requireData();
const archive = emptyArchive();
const joined: Joined[] = [];
const daily = dailyListings();
console.log(`Hugging Face days in another shape, left out: ${daily.skippedDays}`);
for (const [name, listings] of [
  ["corpora", corpusListings()],
  ["raw crawl days", crawlListings()],
  ["Hugging Face days", daily.listings],
  ["venue lists", venueListings()],
] as const) {
  const acts = { attach: 0, new: 0, merge: 0, candidate: 0, conflict: 0 };
  const joinedBefore = joined.length;
  const startedAt = performance.now();
  for (const listing of listings) {
    const { placement, paper } = archive.place(listing);
    acts[placement.act] += 1;
    const isKnown = placement.because.startsWith("The paper has its identifier");
    const [onto] = paper.listings;
    if (placement.paperId !== undefined && !isKnown && onto !== undefined)
      joined.push({ listing, onto, because: placement.because });
  }
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(
    `${name}: ${listings.length} listings, ${JSON.stringify(acts)}, joined by likeness ${joined.length - joinedBefore}, ${Math.round(listings.length / seconds)} listings/s`,
  );
}
printPromises([...archive.papers.values()]);
printLookalikes([...archive.papers.values()]);
printSample(joined);

function printPromises(papers: readonly ArchivePaper[]): void {
  const holders = new Map<string, number>();
  let withTwo = 0;
  for (const paper of papers) {
    const ids = paper.keys.filter((key) => key.startsWith("arxiv:"));
    if (ids.length > 1) withTwo += 1;
    for (const id of ids) holders.set(id, (holders.get(id) ?? 0) + 1);
  }
  const inTwo = [...holders.values()].filter((count) => count > 1).length;
  console.log(
    `papers: ${papers.length}; arXiv ids: ${holders.size}; arXiv ids in two papers: ${inTwo}; papers with two arXiv ids: ${withTwo}`,
  );
  if (inTwo > 0 || withTwo > 0) process.exitCode = 1;
}

/** Different arXiv ids that would be one paper by likeness: they stay apart, because an arXiv id outranks likeness. */
function printLookalikes(papers: readonly ArchivePaper[]): void {
  const records = papers
    .filter((paper) => paper.keys.some((key) => key.startsWith("arxiv:")))
    .map((paper) => ({ ...paper.prepared.record, keys: [] }));
  const pairs = neighboursOf(records, 24).map(([a, b]) => ({ a, b, decision: decide(a, b) }));
  const alike = pairs.filter(({ decision }) => decision.verdict === "same");
  console.log(
    `pairs of papers with two arXiv ids that look the same and are kept apart: ${alike.length} of ${pairs.length} compared; candidates among them: ${pairs.filter(({ decision }) => decision.verdict === "candidate").length}`,
  );
}

function printSample(all: readonly Joined[]): void {
  const random = randomOf(Number(values.seed));
  const sample = all
    .map((join) => ({ join, at: random() }))
    .sort((a, b) => a.at - b.at)
    .slice(0, Number(values.sample));
  console.log(`\n${all.length} listings joined a paper by likeness; ${sample.length} of them:`);
  for (const [at, { join }] of sample.entries()) {
    console.log(`${at + 1}. ${join.listing.record.title} [${join.listing.source}] ${nameOf(join.listing)}`);
    console.log(`   ${join.onto.record.title} [${join.onto.record.keys?.[0]}] ${nameOf(join.onto)}`);
    console.log(`   ${join.because}`);
  }
}

function nameOf(listing: ArchiveListing): string {
  const { authors } = listing.record;
  return authors.length > 4 ? `${authors.slice(0, 4).join(", ")} … (${authors.length})` : authors.join(", ");
}
