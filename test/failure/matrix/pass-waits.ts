import type { Db } from "@paperwire/db";
import { sql } from "kysely";

/**
 * Makes the waits pass that the line took upon itself: after a refusal, a doubt or a lost doorbell. They are moved
 * in the database instead of being sat out.
 */
export async function passWaits(db: Db): Promise<void> {
  await sql`update outbox set not_before = clock_timestamp()
    where done_at is null and failed_at is null and not_before > clock_timestamp()`.execute(db);
  await sql`update outbox set published_at = published_at - interval '1 minute'
    where done_at is null and failed_at is null and held_by is null
      and published_at < clock_timestamp() - interval '3 seconds'`.execute(db);
  await sql`update provider_budgets set blocked_until = null, next_at = clock_timestamp()`.execute(db);
}
