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
import {
  batches,
  deliveries,
  matches,
  outbox,
  queries,
  readers,
  subscriptions,
  suppressions,
  type Trx,
} from "@paperwire/db";
import type { Reader } from "@paperwire/db/readers.ts";
import { handOver } from "../deliver/hand-over.ts";
import { scheduleOf } from "../digest/compose-due.ts";
import { type Likes, mustCompare } from "../match/likeness.ts";
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
  /** Phrases, or papers by arXiv id, DOI or id, to be close to in meaning. */
  readonly likes?: readonly string[];
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
  readonly subscription: {
    readonly id: string;
    readonly name: string;
    readonly query?: string;
    readonly cadence: string;
    readonly trending?: number;
  };
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
    throw new UsageError(
      "Say what the reader wants: --category, --author, --query, --topic, --like or --trending.",
    );
  }
  const likes = query === undefined ? undefined : await mustCompare(context.db, query);
  const change = {
    ...(wanted.zone === undefined ? {} : { zone: parseZone(wanted.zone) }),
    ...(wanted.at === undefined ? {} : { at: parseTime(wanted.at) }),
    ...(wanted.days === undefined ? {} : { days: parseDays(wanted.days) }),
    ...(wanted.maxPapers === undefined ? {} : { maxPapers: wanted.maxPapers }),
    ...(cadence === "weekly" || cadence === "daily" ? { rhythm: cadence } : {}),
  };
  const upTo = await matches.number(context.db);
  return context.db.transaction().execute(async (trx) => {
    const { reader: there, isNew } = await readers.findOrInsert(trx, {
      email,
      createdAt: now,
      horizon: upTo,
      instantHorizon: upTo,
      ...change,
    });
    if (!isNew) await readers.update(trx, there.id, change);
    const reader = { ...there, ...change };
    const confirmed = reader.confirmedAt !== null || wanted.confirmed;
    const returns = reader.unsubscribedAt !== null && wanted.confirmed;
    if (wanted.confirmed)
      await readers.update(trx, reader.id, {
        confirmedAt: reader.confirmedAt ?? now,
        unsubscribedAt: null,
        unsubscribedRealAt: null,
      });
    const due = confirmed ? nextDue(scheduleOf(reader), now) : undefined;
    if (
      due !== undefined &&
      (isNew || returns || reader.nextDigestAt === null || Object.keys(change).length > 0)
    ) {
      const horizons =
        isNew || returns || reader.confirmedAt === null ? { horizon: upTo, instantHorizon: upTo } : {};
      await readers.update(trx, reader.id, {
        nextDigestAt: null,
        dueFor: null,
        heldUntil: null,
        ...horizons,
      });
    }
    const subscription = await saveInterest(
      trx,
      reader,
      { ...wanted, name: nameOf(wanted, query, likes) },
      query,
      cadence,
      now,
    );
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
  wanted: Wanted & { readonly name: string },
  query: Query | undefined,
  cadence: Cadence | undefined,
  now: Date,
): Promise<Subscribed["subscription"]> {
  const text = query === undefined ? undefined : printQuery(query);
  const queryId = query === undefined ? undefined : await saveQuery(trx, query);
  const { name } = wanted;
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
  return queries.save(trx, {
    hash: createHash("sha256").update(canonical).digest("hex"),
    text: printQuery(query),
  });
}

function nameOf(wanted: Wanted, query: Query | undefined, likes: Likes | undefined): string {
  const name = wanted.name?.replace(/[\u0000-\u001f\u007f]/g, " ").trim();
  if (name) return name.slice(0, 80);
  if (query === undefined) return `Top ${wanted.trending ?? ""}`.trim();
  if (query.kind !== "like") return printQuery(query).slice(0, 80);
  // What to be close to is a name by itself.
  const title = likes?.titleOf(query.value);
  return (title === undefined ? query.value : `Like ${title}`).slice(0, 80);
}

/**
 * What anybody may type for any address: it is kept as a wish, and nothing changes before the owner of the
 * address confirms it. The same for known and unknown addresses.
 * @throws UsageError as `subscribeReader` does.
 */
export async function wishFor(
  { db, mail }: Context,
  wanted: Omit<Wanted, "confirmed">,
  now: Date,
): Promise<void> {
  const email = parseEmail(wanted.email);
  if (wanted.zone !== undefined) parseZone(wanted.zone);
  if (wanted.at !== undefined) parseTime(wanted.at);
  const query = fromOptions(wanted);
  if (query === undefined) throw new UsageError('Say what you want to read: words, cat:cs.CL or author:"…".');
  await mustCompare(db, query);
  await db.transaction().execute(async (trx) => {
    const { reader } = await readers.findOrInsert(trx, { email, createdAt: now });
    const wishId = await readers.insertWish(trx, reader.id, { ...wanted, email });
    await askToConfirm(trx, reader, mail.id, now, wishId);
  });
}

/** The owner of the address has confirmed: the wish, or everything that waits for them, becomes true. */
export async function confirmReader(
  context: Context,
  reader: Reader,
  wishId: string | undefined,
  now: Date,
): Promise<Date> {
  const wish = wishId === undefined ? undefined : await readers.findWish(context.db, wishId);
  if (wish !== undefined) {
    const wanted = wish as unknown as Wanted;
    const isActive = reader.confirmedAt !== null && reader.unsubscribedAt === null;
    await forget(context, reader);
    // An active reader keeps the schedule they chose; the wish only adds an interest.
    const { zone: _zone, at: _at, ...interest } = wanted;
    await subscribeReader(context, { ...(isActive ? interest : wanted), confirmed: true }, now);
  } else {
    await forget(context, reader);
    await activate(context, reader, now);
  }
  const fresh = await readers.findById(context.db, reader.id);
  return fresh?.nextDigestAt ?? nextDue(scheduleOf(reader), now);
}

/** Confirming anew takes back an unsubscribe. */
async function forget({ db }: Context, reader: Reader): Promise<void> {
  await db.transaction().execute((trx) => suppressions.forgive(trx, reader.email));
}

async function activate({ db }: Context, reader: Reader, now: Date): Promise<void> {
  if (reader.confirmedAt !== null && reader.unsubscribedAt === null) return;
  const upTo = await matches.number(db);
  await db.transaction().execute(async (trx) => {
    await readers.update(trx, reader.id, {
      confirmedAt: now,
      unsubscribedAt: null,
      unsubscribedRealAt: null,
      nextDigestAt: null,
      dueFor: null,
      horizon: upTo,
      instantHorizon: upTo,
    });
    for (const subscription of await subscriptions.ofReader(trx, reader.id)) {
      await outbox.append(trx, "subscription.changed", { subscriptionId: subscription.id });
    }
  });
}

/** Of the mails that ask an address to confirm the same thing, one waits at a time. */
async function askToConfirm(
  trx: Trx,
  reader: Pick<Reader, "id" | "email">,
  channel: string,
  now: Date,
  wishId?: string,
): Promise<void> {
  if (wishId === undefined && (await deliveries.isWaiting(trx, reader.id, "confirm"))) return;
  const one = {
    kind: "confirm" as const,
    readerId: reader.id,
    channel,
    address: reader.email,
    createdAt: now,
    ...(wishId === undefined ? {} : { wishId }),
  };
  await handOver(trx, channel, await batches.insertAll(trx, channel, [[one]]));
}

function parseCadence(text: string | undefined): Cadence | undefined {
  if (text === undefined) return undefined;
  const found = cadences.find((cadence) => cadence === text);
  if (found === undefined) throw new UsageError(`There is no cadence "${text}"; use ${cadences.join(", ")}.`);
  return found;
}
