import { randomUUID } from "node:crypto";
import { type Digest, itemsOf } from "@paperwire/core";
import { sampleMail } from "@paperwire/core/digest/sample-mail.ts";
import { batches, type Db } from "@paperwire/db";
import { handOver } from "@paperwire/workers/deliver/hand-over.ts";
import { chunk } from "@paperwire/workers/runtime/chunk.ts";
import { sql } from "kysely";

export interface Frozen {
  readonly readers: readonly { readonly id: string; readonly email: string }[];
}

export interface FreezeOptions {
  readonly readers: number;
  readonly perBatch: number;
  readonly channel: string;
  readonly period: string;
  readonly now: Date;
  /** Readers of another call, to freeze another period for. */
  readonly of?: Frozen;
}

/**
 * What the digest worker leaves behind for so many readers: frozen digests with their papers reserved, and open
 * batches with a doorbell each.
 */
export async function freezeDigests(db: Db, options: FreezeOptions): Promise<Frozen> {
  const { channel, period, now } = options;
  return db.transaction().execute(async (trx) => {
    const readers =
      options.of?.readers ??
      Array.from({ length: options.readers }, (_, n) => ({
        id: randomUUID(),
        email: `reader${n}@example.org`,
      }));
    const { digest, paperIds } = digestOfPapers();
    await sql`
      insert into papers (id, title, title_key, authors, first_seen, described_by)
      select id, 'A paper', 'a paper', '[]', ${now}, 'test' from unnest(${paperIds}::uuid[]) as p(id)`.execute(
      trx,
    );
    if (options.of === undefined) {
      await trx
        .insertInto("readers")
        .values(readers.map((reader) => ({ ...reader, createdAt: now, confirmedAt: now })))
        .execute();
    }
    const frozen = {
      period,
      dueAt: now,
      frozenAt: now,
      fromSeq: 0,
      toSeq: 0,
      state: "frozen",
      content: digest,
    };
    const digests = await trx
      .insertInto("digests")
      .values(readers.map((reader) => ({ ...frozen, readerId: reader.id })))
      .returning(["id", "readerId"])
      .execute();
    await sql`
      insert into digest_papers (digest_id, paper_id, rank, state, score, reasons)
      select d.id, p.id, p.rank - 1, 'in', 1, '[]' from digests d, unnest(${paperIds}::uuid[]) with ordinality as p(id, rank)
      where d.period = ${period}`.execute(trx);
    await sql`
      insert into mailed (reader_id, paper_id, digest_id, at)
      select d.reader_id, p.paper_id, d.id, ${now} from digests d join digest_papers p on p.digest_id = d.id
      where d.period = ${period}`.execute(trx);
    const emails = new Map(readers.map(({ id, email }) => [id, email]));
    const rows = digests.map(({ id, readerId }) => ({
      kind: "digest" as const,
      digestId: id,
      readerId,
      channel,
      address: emails.get(readerId) ?? "",
      period,
      createdAt: now,
    }));
    const groups = chunk(rows, options.perBatch);
    await handOver(trx, channel, await batches.insertAll(trx, channel, groups));
    return { readers };
  });
}

/** The sample digest, about papers with ids of their own. */
function digestOfPapers(): { digest: string; paperIds: string[] } {
  const { digest } = sampleMail();
  const ids = new Map(itemsOf(digest).map(({ paperId }) => [paperId, randomUUID()]));
  const sections = digest.sections.map((section) => ({
    ...section,
    items: section.items.map((item) => ({ ...item, paperId: ids.get(item.paperId) ?? item.paperId })),
  }));
  return { digest: JSON.stringify({ ...digest, sections } satisfies Digest), paperIds: [...ids.values()] };
}
