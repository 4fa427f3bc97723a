import { createHash } from "node:crypto";
import { allowances, type Db } from "@paperwire/db";

/** Counts one use of a stranger's hourly allowance; false when it is used up. Addresses are stored only as hashes. */
export async function allow(db: Db, purpose: string, who: string, perHour: number): Promise<boolean> {
  const hashed = createHash("sha256").update(`${purpose}:${who}`).digest("base64url").slice(0, 22);
  return (await allowances.use(db, purpose, hashed)) <= perHour;
}
