import { z } from "zod";

interface Contract {
  readonly queue: string;
  /** Tries before the job waits for a person. Deferrals do not count. */
  readonly attempts: number;
  readonly payload: z.ZodType;
}

const paperIds = z.array(z.uuid()).min(1).max(500);
const readerIds = z.array(z.uuid()).min(1).max(500);

/**
 * Every internal event, in pipeline order: which queue carries it, how often it is tried, what it says.
 * Payloads carry ids, never rows: handlers read the current state, so a late or repeated job cannot act
 * on stale data. New payload fields stay optional for one release; a rename is a new event.
 */
export const contracts = {
  "source.due": {
    queue: "fetch",
    attempts: 3,
    payload: z.object({
      sourceId: z.string(),
      page: z.object({ url: z.string(), number: z.int() }).optional(),
      /** The page belongs to a harvest of days that the source missed, through another upstream. */
      catchUp: z.object({ from: z.iso.date(), to: z.iso.date() }).optional(),
    }),
  },
  "hub.due": { queue: "fetch", attempts: 3, payload: z.object({ subscriptionId: z.uuid() }) },
  "listing.fetched": { queue: "ingest", attempts: 5, payload: z.object({ fetchId: z.uuid() }) },
  "paper.ingested": { queue: "classify", attempts: 5, payload: z.object({ paperIds }) },
  "paper.classified": { queue: "match", attempts: 5, payload: z.object({ paperIds }) },
  "subscription.changed": { queue: "match", attempts: 5, payload: z.object({ subscriptionId: z.uuid() }) },
  "reader.due": { queue: "digest", attempts: 5, payload: z.object({ readerIds }) },
  "reader.alerted": { queue: "digest", attempts: 5, payload: z.object({ readerIds }) },
  "digest.ready": {
    queue: "deliver",
    attempts: 8,
    /** `more`: further batches of the same channel, for the same job. */
    payload: z.object({ batchId: z.uuid(), more: z.array(z.uuid()).max(99).optional() }),
  },
  "consumer.due": { queue: "publish", attempts: 8, payload: z.object({ name: z.string() }) },
} as const satisfies Record<string, Contract>;

export type EventName = keyof typeof contracts;
export type QueueName = (typeof contracts)[EventName]["queue"];
export type Payload<E extends EventName> = z.infer<(typeof contracts)[E]["payload"]>;

export const eventNames = Object.keys(contracts) as EventName[];
export const queueNames = [...new Set(eventNames.map((event) => contracts[event].queue))] as QueueName[];

/** The one place where an untyped payload becomes a typed one: the schema of its event has just accepted it. */
export function parsePayload<E extends EventName>(event: E, payload: unknown): Payload<E> {
  return contracts[event].payload.parse(payload) as Payload<E>;
}

export function isEventName(text: string): text is EventName {
  return Object.hasOwn(contracts, text);
}
