import {
  archiveOf,
  dayAt,
  expectedAt,
  holdUntil,
  neededCategories,
  parseQuery,
  type ReceiptState,
  spanOfDay,
} from "@paperwire/core";
import { readers, receipts, subscriptions, type Trx } from "@paperwire/db";
import type { Reader } from "@paperwire/db/readers.ts";
import { arxivKinds, datedKinds } from "../receipts/scope.ts";

/**
 * Holds the digests of due readers back whose interests name a category of which today's list is not in yet.
 * Returns the readers whose digests are composed now. A list holds a digest only if its source has kept the
 * calendar before, and another source of the category that has it is enough.
 */
export async function holdBack(
  trx: Trx,
  due: readonly Reader[],
  now: Date,
): Promise<{ ready: Reader[]; held: number }> {
  const day = dayAt(now, "arxiv");
  const expected = expectedAt(day, { calendar: "arxiv", form: "dated", span: spanOfDay(day, "arxiv") });
  const states =
    expected === undefined
      ? new Map<string, ReceiptState>()
      : await receipts.statesOf(trx, arxivKinds, datedKinds, day);
  if (states.size === 0) return { ready: [...due], held: 0 };
  const interests = Map.groupBy(
    await subscriptions.ofReaders(
      trx,
      due.map(({ id }) => id),
    ),
    ({ readerId }) => readerId,
  );
  const ready: Reader[] = [];
  for (const reader of due) {
    const asked = (interests.get(reader.id) ?? []).filter(({ cadence }) => cadence === "digest");
    const named = new Set(
      asked.flatMap(({ query }) => (query === null ? [] : neededCategories(parseQuery(query)))),
    );
    const needed = [...states].flatMap(([category, state]) =>
      isNamed(category, named) ? [{ state, expectedAt: expected }] : [],
    );
    const until = reader.nextDigestAt === null ? undefined : holdUntil(now, reader.nextDigestAt, needed);
    if (until === undefined) ready.push(reader);
    else await readers.update(trx, reader.id, { heldUntil: until, dueFor: null });
  }
  return { ready, held: due.length - ready.length };
}

/** Is the category named, or its archive, or one of the categories of the archive that it is? */
function isNamed(category: string, named: ReadonlySet<string>): boolean {
  return (
    named.has(category) ||
    named.has(archiveOf(category) ?? "") ||
    [...named].some((code) => archiveOf(code) === category)
  );
}
