import type { EventName } from "@paperwire/core";
import { classifyWorker } from "./classify/classify.worker.ts";
import { deliverWorker } from "./deliver/deliver.worker.ts";
import { alertWorker } from "./digest/alert.worker.ts";
import { digestWorker } from "./digest/digest.worker.ts";
import { fetchWorker } from "./fetch/fetch.worker.ts";
import { hubWorker } from "./fetch/hub.worker.ts";
import { ingestWorker } from "./ingest/ingest.worker.ts";
import { lookBackWorker } from "./match/look-back.worker.ts";
import { matchWorker } from "./match/match.worker.ts";
import { publishWorker } from "./publish/publish.worker.ts";
import type { WorkerDefinition } from "./runtime/define-worker.ts";

/** Which file handles which event. An event without a worker does not compile. */
export const registry = {
  "source.due": fetchWorker,
  "hub.due": hubWorker,
  "listing.fetched": ingestWorker,
  "paper.ingested": classifyWorker,
  "paper.classified": matchWorker,
  "subscription.changed": lookBackWorker,
  "reader.due": digestWorker,
  "reader.alerted": alertWorker,
  "digest.ready": deliverWorker,
  "consumer.due": publishWorker,
} satisfies { [E in EventName]: WorkerDefinition<E> };
