import { type Reading, withGap } from "@paperwire/core";
import type { sources } from "@paperwire/db";
import type { Stored } from "./store-readings.ts";

/** An index that announces more than it gives is asked again after an hour; nothing counts as read until then. */
const askAgainMs = 3_600_000;
const emptySentence = "The source announced listings and sent an empty page; it is asked again.";

/** What a stored body changes about its source. Its receipts are made anew at the next tick. */
export function changeOf(one: Stored): sources.Change {
  const { source, fetched, counts, noted, now, held } = one;
  return {
    reviewedAt: null,
    ...(fetched.catchUp === null ? afterPoll(one) : {}),
    ...(fetched.catchUp === null && noted.scope.length > 0 ? { scope: [...noted.scope] } : {}),
    ...(counts.newPapers > 0 && fetched.catchUp === null
      ? { lastNewAt: now, observedGaps: withGap(source.observedGaps, source.lastNewAt ?? undefined, now) }
      : {}),
    ...(held === undefined ? {} : { heldAt: now, heldBecause: held }),
    ...(one.isEmpty ? { lastError: emptySentence, nextFetchAt: new Date(now.getTime() + askAgainMs) } : {}),
  };
}

/** What a poll vouches for, once its last page is stored: until when, and with which validators. */
function afterPoll({ source, fetched, reading, now, hasNext, isEmpty }: Stored): sources.Change {
  const { coversUntil } = fetched;
  const coveredUntil =
    coversUntil === null ? fetched.at : latest(coversUntil, source.coveredUntil ?? coversUntil);
  // The part of a long outage that this body ends is stored: the next part is due.
  const goesOn =
    coversUntil !== null &&
    coversUntil < fetched.at &&
    source.coveredUntil !== null &&
    coversUntil > source.coveredUntil;
  return {
    ...(hasNext || isEmpty ? {} : { establishedAt: source.establishedAt ?? now, coveredUntil }),
    ...(goesOn && !hasNext && !isEmpty ? { nextFetchAt: now } : {}),
    rhythm: reading.rhythm === undefined ? null : JSON.stringify(reading.rhythm),
    ...(source.title === null && reading.title !== undefined ? { title: reading.title } : {}),
    ...(fetched.validators === null
      ? {}
      : {
          etag: fetched.validators.etag ?? null,
          lastModified: fetched.validators.lastModified ?? null,
          ...hubOffer(fetched.validators.hub ?? reading.hub),
          bodyHash: fetched.bodyHash,
        }),
  };
}

/** Headers speak before the body (WebSub §4). Whether a hub is asked is decided elsewhere. */
function hubOffer(hub: Reading["hub"]): { hubUrl: string | null; hubTopic: string | null } {
  const isUsable =
    hub !== undefined && [hub.url, hub.topic].every((url) => /^https?:/.test(url) && url.length <= 2_000);
  return isUsable ? { hubUrl: hub.url, hubTopic: hub.topic } : { hubUrl: null, hubTopic: null };
}

function latest(a: Date, b: Date): Date {
  return a > b ? a : b;
}
