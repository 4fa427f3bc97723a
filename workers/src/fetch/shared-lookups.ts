import { type Db, readers, sources } from "@paperwire/db";
import type { Source } from "@paperwire/db/sources.ts";
import { sharedRead } from "../runtime/shared-read.ts";

/** The User-Agent's count may be this old. */
const countedEveryMs = 60_000;

interface Lookups {
  source(id: string): Promise<Source | undefined>;
  counted?: { readonly atMs: number; readonly count: Promise<number> };
}

const byDatabase = new WeakMap<Db, Lookups>();

/** The source as it is now; polls that start together are answered by one statement. */
export function sourceOf(db: Db, id: string): Promise<Source | undefined> {
  return lookupsOf(db).source(id);
}

/** For how many readers we ask, as of the last minute. */
export async function subscribersOf(db: Db): Promise<number> {
  const lookups = lookupsOf(db);
  const { counted } = lookups;
  if (counted !== undefined && performance.now() - counted.atMs < countedEveryMs) return counted.count;
  const count = readers.countActive(db);
  lookups.counted = { atMs: performance.now(), count };
  try {
    return await count;
  } catch (error) {
    delete lookups.counted;
    throw error;
  }
}

function lookupsOf(db: Db): Lookups {
  const there = byDatabase.get(db);
  if (there !== undefined) return there;
  const made: Lookups = { source: sharedRead((ids) => sources.findAll(db, ids)) };
  byDatabase.set(db, made);
  return made;
}
