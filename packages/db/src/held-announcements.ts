import { sql } from "kysely";
import type { Trx } from "./client.ts";

/** Which of the keys each source has shown before, as `source key`. */
export async function knownKeys(
  trx: Trx,
  keys: readonly { readonly sourceId: string; readonly key: string }[],
): Promise<Set<string>> {
  if (keys.length === 0) return new Set();
  // Key by key, so that no plan ever reads the whole table.
  const { rows } = await sql<{ one: string }>`
    select l.source_id || ' ' || l.key as one
    from unnest(${keys.map(({ sourceId }) => sourceId)}::text[], ${keys.map(({ key }) => key)}::text[]) as k(source_id, key)
    cross join lateral (
      select source_id, key from listings where listings.source_id = k.source_id and listings.key = k.key limit 1
    ) l`.execute(trx);
  return new Set(rows.map(({ one }) => one));
}

/** By title key: the paper that the source listed under that title. Titles of several papers are left out. */
export async function papersByTitle(
  trx: Trx,
  sourceId: string,
  titleKeys: readonly string[],
): Promise<Map<string, string>> {
  if (titleKeys.length === 0) return new Map();
  const { rows } = await sql<{ titleKey: string; paperId: string }>`
    select p.title_key as "titleKey", min(p.id::text) as "paperId"
    from listings l join papers p on p.id = l.paper_id
    where l.source_id = ${sourceId} and p.title_key = any(${[...titleKeys]}) and p.merged_into is null
    group by p.title_key having count(distinct p.id) = 1`.execute(trx);
  return new Map(rows.map((row) => [row.titleKey, row.paperId]));
}

/** What the source announced at that instant is mailed to nobody until the operator resumes it. */
export async function holdAnnounced(trx: Trx, sourceId: string, at: Date): Promise<void> {
  await sql`
    update announcements set held = true
    where source_id = ${sourceId} and at = ${at} and matched_at is null`.execute(trx);
}

/** Announcements that the source's operator held back may be mailed now. Returns their papers. */
export async function releaseHeld(trx: Trx, sourceId: string): Promise<string[]> {
  const { rows } = await sql<{ paperId: string }>`
    update announcements set held = false where source_id = ${sourceId} and held
    returning paper_id as "paperId"`.execute(trx);
  return [...new Set(rows.map((row) => row.paperId))];
}
