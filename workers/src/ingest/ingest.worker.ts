import { PermanentError } from "@paperwire/core";
import { fetches } from "@paperwire/db";
import { defineWorker } from "../runtime/define-worker.ts";
import { kindById } from "../sources/index.ts";
import { readPayload } from "../sources/read.ts";
import { storeReadings } from "./store-readings.ts";

/**
 * Turns one fetched body into papers, and the page after it into the next fetch. Running it twice adds nothing:
 * every row has a key, and the validators are stored only together with what they vouch for.
 */
export const ingestWorker = defineWorker({
  event: "listing.fetched",
  timeoutMs: 120_000,

  async handle({ fetchId }, context) {
    const { body, contentType, sourceKind, ...fetched } = await fetches.getWithBody(context.db, fetchId);
    const kind = kindById(fetched.kind ?? sourceKind);
    if (kind === undefined)
      throw new PermanentError(
        `source "${fetched.sourceId}" is of the kind "${sourceKind}", which this release does not know`,
      );
    const payload = {
      bytes: body,
      ...(contentType === null ? {} : { contentType }),
      ...(fetched.url === null ? {} : { url: fetched.url }),
    };
    const { reading } = readPayload(payload, kind.id);
    const now = context.clock.now();
    return context.settleTogether(storeReadings, { fetched, kind, said: reading, now });
  },
});
