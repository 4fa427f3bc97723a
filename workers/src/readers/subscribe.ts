import { createHash } from "node:crypto";
import {
  canonicalQuery,
  fromOptions,
  nextDue,
  parseDays,
  parseTime,
  parseZone,
  printQuery,
  type Query,
  UsageError,
} from "@paperwire/core";
import { deliveries, matches, outbox, queries, readers, subscriptions, type Trx } from "@paperwire/db";
import type { Reader } from "@paperwire/db/readers.ts";
import { scheduleOf } from "../digest/compose-due.ts";
import type { Context } from "../runtime/context.ts";
import { parseEmail } from "./email.ts";

/** What a person asks for; texts as typed. */
export interface Wanted {
  readonly email: string;
  readonly name?: string;
  readonly query?: string;
  readonly topics?: readonly string[];
  readonly categories?: readonly string[];
  readonly authors?: readonly string[];
  readonly trending?: number;
  readonly cadence?: string;
  readonly at?: string;
  readonly zone?: string;
  readonly days?: string;
  readonly maxPapers?: number;
  /** The reader has agreed already; otherwise a confirmation mail goes out. */
  readonly confirmed: boolean;
}

export interface Subscribed {
  readonly email: string;
  readonly readerId: string;
  readonly isNew: boolean;
  readonly confirmed: boolean;
  readonly subscription: { readonly id: string; readonly name: string; readonly query?: string; readonly cadence: string; readonly trending?: number };
  readonly schedule: string;
  readonly nextDigestAt?: string;
}

const cadences = ["daily", "weekly", "instant", "off"] as const;
type Cadence = (typeof cadences)[number];

/**
 * Creates or extends a reader. A new or edited interest of a confirmed reader looks back one period.
 * @throws UsageError with a sentence for whatever cannot be used; then nothing is written.
 */
export async function subscribeReader(context: Context, wanted: Wanted, now: Date): Promise<Subscribed> {
  const email = parseEmail(wanted.email);
  const cadence = parseCadence(wanted.cadence);
  const query = fromOptions(wanted);
  if (query === undefined && wanted.trending === undefined) {
    throw new UsageError("Say what the reader wants: --category, --author, --query, --topic or --trending.");
  }
  const change = {
    ...(wanted.zone === undefined ? {} : { zone: parseZone(wanted.zone) }),
    ...(wanted.at === undefined ? {} : { at: parseTime(wanted.at) }),
    ...(wanted.days === undefined ? {} : { days: parseDays(wanted.days) }),
    ...(wanted.maxPapers === undefined ? {} : { maxPapers: wanted.maxPapers }),
    ...(cadence === "weekly" || cadence === "daily" ? { rhythm: cadence } : {}),
  };
  const upTo = await matches.number(context.db);
  return context.db.transaction().execute(async (trx) => {
    const { reader: there, isNew } = await readers.findOrInsert(trx, { email, createdAt: now, horizon: upTo, instantHorizon: upTo, ...change });
    if (!isNew) await readers.update(trx, there.id, change);
    const reader = { ...there, ...change };
    const confirmed = reader.confirmedAt !== null || wanted.confirmed;
    const returns = reader.unsubscribedAt !== null && wanted.confirmed;
    if (wanted.confirmed) await readers.update(trx, reader.id, { confirmedAt: reader.confirmedAt ?? now, unsubscribedAt: null, unsubscribedRealAt: null });
    const due = confirmed ? nextDue(scheduleOf(reader), now) : undefined;
    if (due !== undefined && (isNew || returns || reader.nextDigestAt === null || Object.keys(change).length > 0)) {
      await readers.update(trx, reader.id, { nextDigestAt: due, dueFor: null, heldUntil: null });
    }
    const subscription = await saveInterest(trx, reader, wanted, query, cadence, now);
    if (confirmed) await outbox.append(trx, "subscription.changed", { subscriptionId: subscription.id });
    else await askToConfirm(trx, reader, context.mail.id, now);
    const nextDigestAt = due ?? undefined;
    return {
      email: reader.email,
      readerId: reader.id,
      isNew,
      confirmed,
      subscription,
      schedule: `${reader.rhythm}, ${reader.at} ${reader.zone}`,
      ...(nextDigestAt === undefined ? {} : { nextDigestAt: nextDigestAt.toISOString() }),
    };
  });
}

async function saveInterest(
  trx: Trx,
  reader: Reader,
  wanted: Wanted,
  query: Query | undefined,
  cadence: Cadence | undefined,
  now: Date,
): Promise<Subscribed["subscription"]> {
  const text = query === undefined ? undefined : printQuery(query);
  const queryId = query === undefined ? undefined : await saveQuery(trx, query);
  const name = nameOf(wanted, text);
  const stored = cadence === "instant" ? "instant" : cadence === "off" ? "paused" : "digest";
  const id = await subscriptions.save(trx, {
    readerId: reader.id,
    name,
    query: text ?? null,
    queryId: queryId ?? null,
    trending: wanted.trending ?? null,
    cadence: stored,
    createdAt: now,
    changedAt: now,
  });
  return {
    id,
    name,
    ...(text === undefined ? {} : { query: text }),
    cadence: stored,
    ...(wanted.trending === undefined ? {} : { trending: wanted.trending }),
  };
}

async function saveQuery(trx: Trx, query: Query): Promise<number> {
  const canonical = canonicalQuery(query);
  return queries.save(trx, { hash: createHash("sha256").update(canonical).digest("hex"), text: printQuery(query) });
}

function nameOf(wanted: Wanted, text: string | undefined): string {
  const name = wanted.name?.replace(/[\u0000-\u001f\u007f]/g, " ").trim();
  if (name) return name.slice(0, 80);
  if (text === undefined) return `Top ${wanted.trending ?? ""}`.trim();
  return text.slice(0, 80);
}

/** One confirmation mail waits at a time, however often an address is entered. */
export async function askToConfirm(trx: Trx, reader: Pick<Reader, "id" | "email">, channel: string, now: Date): Promise<void> {
  if (await deliveries.isWaiting(trx, reader.id, "confirm")) return;
  const batchId = await deliveries.insertBatch(trx, channel, [
    { kind: "confirm", readerId: reader.id, channel, address: reader.email, createdAt: now },
  ]);
  await outbox.append(trx, "digest.ready", { batchId });
}

function parseCadence(text: string | undefined): Cadence | undefined {
  if (text === undefined) return undefined;
  const found = cadences.find((cadence) => cadence === text);
  if (found === undefined) throw new UsageError(`There is no cadence "${text}"; use ${cadences.join(", ")}.`);
  return found;
}
