import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { type Candidate, composeDigest, type DigestMail, renderDigest, termVectorOf } from "@paperwire/core";
import { digestHtml } from "@paperwire/core/digest/digest.generated.ts";
import { sampleMail } from "@paperwire/core/digest/sample-mail.ts";
import { viewOf } from "@paperwire/core/digest/view.ts";
import Handlebars from "handlebars";
import mjml2html from "mjml";
import { randomFrom } from "../harness/fault-script.ts";

/**
 * CPU time to compose and render a mail of ten papers, chosen from 10, 40 and 120 candidates:
 * `node test/bench/render.ts [mails]`. The baseline beside it compiles the template for each mail, as a
 * mailer does that keeps its templates as text.
 */
interface Row {
  readonly id: string;
  readonly title: string;
  readonly abstract: string;
  readonly authors: readonly string[];
  readonly categories: readonly string[];
}

const count = Number(process.argv[2] ?? 3000);
const papers = papersFrom();
console.log(`${papers.length} ${papers[0]?.kind} papers, ${count} mails each`);

const random = randomFrom(7);
for (const candidates of [10, 40, 120]) {
  const mails = Array.from({ length: count }, () => pick(candidates));
  run(mails.slice(0, 200));
  const { ms, bytes } = run(mails);
  console.log(
    `compose + render, ${String(candidates).padStart(3)} candidates: ${ms.toFixed(3)} ms CPU per mail (budget 0.6), ${Math.round(1000 / ms)}/s on one core, ${(bytes / 1000).toFixed(1)} kB of HTML`,
  );
}
await baseline();

function run(mails: readonly (readonly Candidate[])[]): { readonly ms: number; readonly bytes: number } {
  const sample = sampleMail();
  const before = process.cpuUsage();
  let bytes = 0;
  for (const [i, candidates] of mails.entries()) {
    const digest = composeDigest(candidates, { maxPapers: 10 });
    const mail: DigestMail = { ...sample, digestId: `digest-${i}`, digest };
    bytes += renderDigest(mail).html.length;
  }
  const used = process.cpuUsage(before);
  return { ms: (used.user + used.system) / 1000 / mails.length, bytes: bytes / mails.length };
}

function pick(size: number): Candidate[] {
  const from = Math.floor(random() * Math.max(1, papers.length - size));
  return papers.slice(from, from + size).map(({ candidate }) => ({ ...candidate, score: random() }));
}

interface Paper {
  readonly kind: string;
  readonly candidate: Candidate;
}

/** Real titles and abstracts where the recorded corpus is present, otherwise the sample's over and over. */
function papersFrom(): Paper[] {
  const shared = process.env.PAPERWIRE_SHARED ?? new URL("../../../shared", import.meta.url).pathname;
  const file = `${shared}/data/corpora/arxiv-cs-2025-2026/2026-01.ndjson.gz`;
  const kind = existsSync(file) ? "recorded" : "sample";
  const rows = existsSync(file) ? recordedRows(file) : sampleRows();
  return rows.map((row, i) => ({ kind, candidate: candidateOf(row, i) }));
}

function candidateOf(row: Row, i: number): Candidate {
  return {
    paperId: `00000000-0000-7000-8000-${String(i).padStart(12, "0")}`,
    title: row.title,
    abstract: row.abstract,
    authors: row.authors.map((name) => ({ name })),
    topics: row.categories,
    homes: [{ source: "arXiv", url: `https://arxiv.org/abs/${row.id}` }],
    firstSeen: "2026-06-08T00:00:00Z",
    late: false,
    picked: false,
    score: 0,
    terms: termVectorOf(row.title, row.abstract),
    reasons: [
      {
        subscriptionId: `s${i % 3}`,
        subscriptionName: `Interest ${i % 3}`,
        evidence: [
          { kind: "category", value: row.categories[0] ?? "cs.LG" },
          { kind: "words", value: row.title.split(" ").slice(0, 2).join(" "), where: "title" },
        ],
      },
    ],
  };
}

function recordedRows(file: string): Row[] {
  const lines = gunzipSync(readFileSync(file)).toString().split("\n").slice(0, 2000);
  return lines.flatMap((line) => {
    const row: Row | undefined = line === "" ? undefined : JSON.parse(line);
    return row?.abstract === undefined ? [] : [row];
  });
}

function sampleRows(): Row[] {
  const items = sampleMail().digest.sections.flatMap((section) => section.items);
  return Array.from({ length: 400 }, (_, i) => {
    const item = items[i % items.length];
    return {
      id: `2606.${String(i).padStart(5, "0")}`,
      title: `${item?.title ?? ""} ${i}`,
      abstract: item?.abstract ?? "",
      authors: item?.authors.map((author) => author.name) ?? [],
      categories: item?.topics ?? [],
    };
  });
}

/** The same mail by a template that is compiled for each mail: what a mailer does that keeps templates as text. */
async function baseline(): Promise<void> {
  const folder = new URL("../../packages/core/src/digest/", import.meta.url);
  const source = readFileSync(new URL("digest.mjml", folder), "utf8");
  const { html } = await mjml2html(source, {
    ignoreIncludes: false,
    filePath: fileURLToPath(new URL("digest.mjml", folder)),
  });
  const mail: DigestMail = { ...sampleMail(), digest: composeDigest(pick(10), { maxPapers: 10 }) };
  const view = viewOf(mail, 165);
  const before = process.cpuUsage();
  const mails = 40;
  for (let i = 0; i < mails; i++) Handlebars.compile(html)(view);
  const used = process.cpuUsage(before);
  const compiled = process.cpuUsage();
  for (let i = 0; i < 2000; i++) digestHtml(view);
  const precompiled = process.cpuUsage(compiled);
  const slow = (used.user + used.system) / 1000 / mails;
  const fast = (precompiled.user + precompiled.system) / 1000 / 2000;
  console.log(
    `HTML alone: ${fast.toFixed(3)} ms CPU per mail; baseline, compiled for each mail: ${slow.toFixed(3)} ms (${Math.round(slow / fast)} times)`,
  );
}
