import { parseQuery } from "@paperwire/core";
import { buildIndex, type PercolatorIndex } from "@paperwire/core/percolator/percolator.ts";
import { type Db, queries } from "@paperwire/db";

const indexes = new WeakMap<Db, { fingerprint: string; index: PercolatorIndex }>();

/** The index over all active queries, rebuilt when the database says that they have changed. */
export async function currentIndex(db: Db): Promise<PercolatorIndex> {
  const fingerprint = await queries.fingerprint(db);
  const there = indexes.get(db);
  if (there?.fingerprint === fingerprint) return there.index;
  const active = await queries.listActive(db);
  const index = buildIndex(active.map(({ id, text }) => ({ id, query: parseQuery(text) })));
  indexes.set(db, { fingerprint, index });
  return index;
}
