import { UsageError } from "@paperwire/core";
import { receipts } from "@paperwire/db";
import type { ReceiptRow } from "@paperwire/db/receipts.ts";
import { type Common, withContext } from "./run-command.ts";
import { clean } from "./source.ts";

interface ReceiptsOptions extends Common {
  readonly date?: string;
  readonly source?: string;
  readonly limit: string;
}

/** What sources announced against what was ingested, newest day first. What nobody knows is left out, never zero. */
export async function listReceipts(options: ReceiptsOptions): Promise<void> {
  if (options.date !== undefined && !isDay(options.date)) {
    throw new UsageError(`"${options.date}" is no day. Write --date as 2026-06-08.`);
  }
  const limit = Number(options.limit);
  if (!Number.isInteger(limit) || limit < 1)
    throw new UsageError(`--limit ${options.limit} cannot be used: give 1 or more.`);
  await withContext(options, async ({ db }, output) => {
    const found = await receipts.list(db, { day: options.date, sourceId: options.source, limit });
    output.result(found.map(publicReceipt));
    if (found.length === 0)
      output.say("There are no receipts yet. They are made at the first drain, or while `up` runs.");
    else
      output.table(found.map(toCells), [
        "day",
        "source",
        "category",
        "state",
        "announced",
        "ingested",
        "late",
        "missing",
        "",
      ]);
  });
}

/** One receipt as programs see it. */
export function publicReceipt(row: ReceiptRow): Record<string, unknown> {
  return clean({
    source: row.sourceId,
    category: row.category,
    day: row.day,
    state: row.state,
    because: row.because,
    announced: row.announced,
    ingested: row.ingested,
    ...(row.ingested === null
      ? {}
      : { new: row.newCount, cross: row.crossCount, replaced: row.replacedCount, late: row.lateCount }),
    missing: row.missing,
    ...(row.missingKeys.length === 0 ? {} : { missingKeys: row.missingKeys }),
    checkedAgainst: row.checkedAgainst,
    updatedAt: row.updatedAt.toISOString(),
  });
}

function toCells(row: ReceiptRow): (string | number)[] {
  const known = (count: number | null) => count ?? "?";
  const late = row.ingested === null ? "?" : row.lateCount;
  return [
    row.day,
    row.sourceId,
    row.category,
    row.state,
    known(row.announced),
    known(row.ingested),
    late,
    known(row.missing),
    row.because ?? "",
  ];
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));
}
