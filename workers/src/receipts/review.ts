import { dayAt, daysBetween, type Receipt, receiptOf } from "@paperwire/core";
import { type Db, receipts, type Trx } from "@paperwire/db";
import type { Source } from "@paperwire/db/sources.ts";
import { kindById } from "../sources/index.ts";
import type { SourceKind } from "../sources/source.ts";
import { askAgain, isMissed } from "./ask-again.ts";
import { loadMaterial, type Material, type Subject } from "./material.ts";
import { factsOf } from "./receipt-facts.ts";
import { arxivKinds, datedKinds, everything, formOf } from "./scope.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** A source with a calendar is looked at again this often even if nothing happened: a list may have become due. */
const calendarEveryMs = 15 * 60_000;
const otherEveryMs = 6 * hourMs;
/** Lists of days are compared with each other; of the others, many are done with the same few statements. */
const datedPerTick = 20;
const othersPerTick = 200;
/** Days that are judged again each time, and those that are if they are still open. */
const recentDays = 9;
const openDays = 60;
const mostDays = 400;

/** Makes the receipts of the sources anew about which something may have changed. Returns how many it looked at. */
export async function reviewReceipts(db: Db, now: Date): Promise<number> {
  const dated = await review(db, now, true, datedPerTick);
  return dated + (await review(db, now, false, othersPerTick));
}

function review(db: Db, now: Date, isDated: boolean, limit: number): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const which = {
      kinds: datedKinds,
      isOne: isDated,
      calendarBefore: new Date(now.getTime() - calendarEveryMs),
      otherBefore: new Date(now.getTime() - otherEveryMs),
      calendarKinds: arxivKinds,
    };
    const due = await receipts.takeReviewable(trx, now, which, limit);
    if (due.length === 0) return 0;
    const subjects = await subjectsOf(trx, due, now);
    const reviews = (await loadMaterial(trx, subjects)).map(({ subject, material }) => ({
      subject,
      ...reviewOf(subject, material, now),
    }));
    await receipts.save(
      trx,
      reviews.flatMap(({ saved }) => saved),
      now,
    );
    for (const { subject, missed } of reviews) {
      const { source, kind, categories } = subject;
      if (formOf(kind) === "dated" && kind.id !== "arxiv-listing" && source.pausedAt === null)
        await askAgain(trx, source, categories, missed, now);
    }
    return due.length;
  });
}

/** What is to be judged of each source: its categories, and the first day. */
async function subjectsOf(trx: Trx, due: readonly Source[], now: Date): Promise<Subject[]> {
  const known = due.flatMap((source) => {
    const kind = kindById(source.kind);
    return kind === undefined ? [] : [{ source, kind }];
  });
  const spans = await receipts.spansOf(
    trx,
    known.map(({ source, kind }) => ({ sourceId: source.id, from: daysBefore(now, openDays, kind) })),
  );
  const dated = known.map(({ source, kind }) => {
    const span = spans.get(source.id);
    const since = sinceOf(source, span?.first, now, kind.calendar);
    const recent = earliestOf(daysBefore(now, recentDays, kind), span?.last, span?.firstOpen);
    return { source, kind, since, from: latestOf(daysBefore(now, mostDays, kind), since, recent) };
  });
  // Files of several categories share a source.
  const open = dated.filter(({ source }) => !isPolled(source) || source.scope.length === 0);
  const found = await receipts.categoriesOf(
    trx,
    open.map(({ source, from }) => ({ sourceId: source.id, from })),
  );
  return dated.map((one) => ({
    ...one,
    categories:
      isPolled(one.source) && one.source.scope.length > 0
        ? one.source.scope
        : (found.get(one.source.id) ?? unnamedIn(one.kind)),
  }));
}

/** The receipts of the source, and the days on which something was missed that can still be fetched. */
function reviewOf(
  subject: Subject,
  material: Material,
  now: Date,
): { saved: receipts.SavedReceipt[]; missed: string[] } {
  const { source, kind, categories, from } = subject;
  const saved: receipts.SavedReceipt[] = [];
  const missed = new Set<string>();
  for (const category of categories) {
    for (const day of daysBetween(from, dayAt(now, kind.calendar))) {
      const facts = factsOf(subject, category, day, material, now);
      const row = material.rowOf(source.id, category, day);
      if (!isPolled(source) && facts.listings.length === 0 && row === undefined) continue;
      const receipt = receiptOf(facts);
      saved.push(toRow(source.id, category, day, receipt));
      if (isPolled(source) && isMissed(receipt, facts, row)) missed.add(day);
    }
  }
  return { saved, missed: [...missed].sort() };
}

function isPolled(source: Source): boolean {
  return !source.url.startsWith("file:");
}

function toRow(sourceId: string, category: string, day: string, receipt: Receipt): receipts.SavedReceipt {
  return {
    sourceId,
    category,
    day,
    announced: receipt.announced ?? null,
    ingested: receipt.ingested ?? null,
    newCount: receipt.fresh,
    crossCount: receipt.crossed,
    replacedCount: receipt.replaced,
    lateCount: receipt.late,
    missing: receipt.missing ?? null,
    missingKeys: [...receipt.missingKeys],
    state: receipt.state,
    because: receipt.because,
    checkedAgainst: [...receipt.checkedAgainst],
  };
}

function unnamedIn(kind: SourceKind): readonly string[] {
  return kind.calendar === "arxiv" && formOf(kind) === "harvest" ? [] : [everything];
}

function daysBefore(now: Date, days: number, { calendar }: SourceKind): string {
  return dayAt(new Date(now.getTime() - days * dayMs), calendar);
}

/** The first day to account for. A source may have been added under another clock than it is polled by. */
function sinceOf(
  source: Source,
  first: string | undefined,
  now: Date,
  calendar: SourceKind["calendar"],
): string {
  const instants = [source.createdAt, source.establishedAt, source.lastFetchAt, now].filter(
    (at) => at !== null,
  );
  const days = instants.map((at) => dayAt(at, calendar));
  return earliestOf(...days, first);
}

function earliestOf(...days: readonly (string | undefined)[]): string {
  return days.filter((day) => day !== undefined).sort()[0] ?? "9999-12-31";
}

function latestOf(...days: readonly string[]): string {
  return [...days].sort().at(-1) ?? "0001-01-01";
}
