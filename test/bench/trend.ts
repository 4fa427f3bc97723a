import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import {
  archiveOf,
  decodeTopicModel,
  rankTopics,
  type TrendCandidate,
  trendingIn,
  trendPeriodAt,
  trendPeriodOf,
} from "@paperwire/core";

/**
 * The trend against Hugging Face's own counts: `node test/bench/trend.ts`. Every paper of every recorded day gets
 * two signals: listed when it was submitted to the page, and its upvotes as recorded, at that same instant (the
 * recordings do not say when each vote came). Printed: how the lists of days, weeks and months agree with ranking
 * by upvotes alone (which knows neither age nor field), and that computing them in another order, or with later
 * signals present, changes nothing. Exit code 1 when it does.
 */
interface Row {
  readonly id: string;
  readonly title: string;
  readonly upvotes: number;
  readonly at: Date;
  readonly field: string;
}

const shared = process.env.PAPERWIRE_SHARED ?? fileURLToPath(new URL("../../../shared", import.meta.url));
const folder = join(shared, "data/hf/daily_papers");
if (!existsSync(folder)) {
  console.log("Skipped: no recorded days of Hugging Face beside this repository. Set PAPERWIRE_SHARED.");
  process.exit(0);
}
const assets = new URL("../../workers/assets/topics-model.bin", import.meta.url);
const model = decodeTopicModel(new Uint8Array(readFileSync(assets)));
const rows = readdirSync(folder).flatMap((name) => rowsOf(join(folder, name)));
const votes = new Map(rows.map(({ id, upvotes }) => [id, upvotes]));
const candidates = rows.map(candidateOf);
console.log(`${rows.length} papers`);

let unstable = 0;
for (const kind of ["day", "week", "month"] as const) {
  const names = [...new Set(rows.map(({ at }) => trendPeriodAt(kind, at).name))].sort();
  const agreements: number[] = [];
  const sharedTop: number[] = [];
  const firsts: number[] = [];
  for (const name of names) {
    const period = trendPeriodOf(name);
    if (period === undefined) continue;
    const within = candidates.filter(({ signals }) =>
      signals.some(({ at }) => at.getTime() >= period.from && at.getTime() < period.until),
    );
    if (within.length < 5) continue;
    const list = trendingIn(period, within);
    const byVotes = [...list].sort((a, b) => (votes.get(b.id) ?? 0) - (votes.get(a.id) ?? 0));
    agreements.push(
      spearman(
        list.map(({ id }) => id),
        byVotes.map(({ id }) => id),
      ),
    );
    const top = new Set(byVotes.slice(0, 5).map(({ id }) => id));
    sharedTop.push(list.slice(0, 5).filter(({ id }) => top.has(id)).length / 5);
    firsts.push(list[0]?.id === byVotes[0]?.id ? 1 : 0);
    const later = within.map((candidate) => ({
      ...candidate,
      signals: [...candidate.signals, { kind: "votes" as const, count: 99, at: new Date(period.until) }],
    }));
    if (JSON.stringify(trendingIn(period, later.reverse())) !== JSON.stringify(list)) unstable++;
  }
  console.log(
    `${kind.padEnd(6)} ${String(agreements.length).padStart(4)} lists: rank correlation with upvotes ${mean(agreements).toFixed(3)}, ` +
      `same five on top ${(mean(sharedTop) * 100).toFixed(0)} %, same first ${(mean(firsts) * 100).toFixed(0)} %`,
  );
}
const began = process.cpuUsage();
const last = trendPeriodAt("month", rows.at(-1)?.at ?? new Date(0));
const list = trendingIn(last, candidates);
const { user, system } = process.cpuUsage(began);
console.log(`one list out of all ${rows.length} papers: ${((user + system) / 1000).toFixed(0)} CPU-ms`);
console.log(`lists that changed with order or later signals: ${unstable}`);
const titles = new Map(rows.map(({ id, title }) => [id, title]));
console.log(`\n${last.name}:`);
for (const { id, score } of list.slice(0, 8)) {
  console.log(
    `  ${score.toFixed(1).padStart(5)}  ${String(votes.get(id)).padStart(4)} votes  ${titles.get(id)}`,
  );
}
process.exitCode = unstable === 0 ? 0 : 1;

function rowsOf(file: string): Row[] {
  const bytes = readFileSync(file);
  let entries: unknown;
  try {
    entries = JSON.parse((file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8"));
  } catch {
    return [];
  }
  return (Array.isArray(entries) ? entries : []).flatMap((entry): Row[] => {
    const { id, title, summary, upvotes, submittedOnDailyAt } = entry?.paper ?? {};
    const at = new Date(submittedOnDailyAt ?? entry?.publishedAt ?? "");
    if (typeof id !== "string" || typeof title !== "string" || Number.isNaN(at.getTime())) return [];
    const topic = rankTopics(
      model,
      { title, ...(typeof summary === "string" && { abstract: summary }) },
      1,
    )[0]?.topic;
    return [
      { id, title: title.replace(/\s+/g, " "), upvotes: Number(upvotes ?? 0), at, field: fieldOf(topic) },
    ];
  });
}

/** Almost all of them are computer science, so a field here is the category. */
function fieldOf(topic = ""): string {
  return archiveOf(topic) === "cs" ? topic : (archiveOf(topic) ?? "");
}

function candidateOf({ id, upvotes, at, field }: Row): TrendCandidate {
  const signals = [
    { kind: "homes" as const, count: 1, at },
    { kind: "outside-votes" as const, count: upvotes, at },
  ];
  return { id, field, signals };
}

function spearman(a: readonly string[], b: readonly string[]): number {
  const places = new Map(b.map((id, i) => [id, i]));
  const squares = a.reduce((sum, id, i) => sum + (i - (places.get(id) ?? 0)) ** 2, 0);
  return 1 - (6 * squares) / (a.length * (a.length ** 2 - 1));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
