import { parseQuery } from "@paperwire/core";
import { buildIndex, type PercolatorIndex } from "@paperwire/core/percolator/percolator.ts";
import { type Db, queries } from "@paperwire/db";
import { type Likes, likesIn } from "./likeness.ts";

export interface ActiveQueries {
  readonly index: PercolatorIndex;
  readonly likes: Likes;
}

const known = new WeakMap<Db, ActiveQueries & { readonly fingerprint: string }>();

/** All active queries, made ready anew when the database says that they have changed. */
export async function activeQueries(db: Db): Promise<ActiveQueries> {
  const fingerprint = await queries.fingerprint(db);
  const there = known.get(db);
  if (there?.fingerprint === fingerprint) return there;
  const active = (await queries.listActive(db)).map(({ id, text }) => ({ id, query: parseQuery(text) }));
  const likes = await likesIn(
    db,
    active.map(({ query }) => query),
  );
  const fresh = { fingerprint, index: buildIndex(active), likes };
  known.set(db, fresh);
  return fresh;
}
