import type { Db } from "@paperwire/db";
import type { Logger } from "pino";
import type { Channel } from "../channels/channel.ts";
import type { Settings } from "../env.ts";
import type { FetchDeps } from "../fetch/polite-fetch.ts";
import type { ProductClock } from "./product-clock.ts";
import type { Queues } from "./queues.ts";

/** What every worker, loop, route and command is built from. Made once at start and passed down. */
export interface Context {
  readonly db: Db;
  readonly databaseUrl: string;
  readonly settings: Settings;
  readonly secretKey: string;
  readonly clock: ProductClock;
  readonly log: Logger;
  readonly queues: Queues;
  /** The way out that `MAIL_TRANSPORT` names. */
  readonly mail: Channel;
  /** What a batch of a channel goes out over: see `WaysOut.over`. */
  wayOut(channel: string): Channel;
  /** What reaches other hosts: pinned connections and the shared budget. */
  readonly fetching: FetchDeps;
  /** Told what every finished job came to. */
  readonly onSummary?: (summary: Readonly<Record<string, unknown>>) => void;
}
