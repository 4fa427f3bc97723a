import type { Db } from "./client.ts";

export interface Artifact {
  readonly version: string;
  readonly bytes: Buffer;
}

/** The version that is stored under the name; cheap, so that a process can ask before every job. */
export async function findVersion(db: Db, name: string): Promise<string | undefined> {
  const row = await db.selectFrom("artifacts").select("version").where("name", "=", name).executeTakeFirst();
  return row?.version;
}

export function find(db: Db, name: string): Promise<Artifact | undefined> {
  return db.selectFrom("artifacts").select(["version", "bytes"]).where("name", "=", name).executeTakeFirst();
}

export async function save(db: Db, name: string, artifact: Artifact, now: Date): Promise<void> {
  const row = { ...artifact, madeAt: now };
  await db
    .insertInto("artifacts")
    .values({ name, ...row })
    .onConflict((conflict) => conflict.column("name").doUpdateSet(row))
    .execute();
}

/** `false` when there was none. */
export async function remove(db: Db, name: string): Promise<boolean> {
  const result = await db.deleteFrom("artifacts").where("name", "=", name).executeTakeFirst();
  return result.numDeletedRows > 0n;
}
