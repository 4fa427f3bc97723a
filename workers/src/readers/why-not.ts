import { announcedAt, type DeliveryState } from "@paperwire/core";
import type { Reader } from "@paperwire/db/readers.ts";
import type { Trail, TrailDelivery, TrailEntry, TrailListing, TrailMatch } from "@paperwire/db/trail.ts";

/**
 * What became of a paper for a reader: a delivery's state once it is in a digest, otherwise where it stopped or
 * what it waits for.
 */
export type Verdict =
  | DeliveryState
  | "never-seen"
  | "not-mailable"
  | "not-matched-yet"
  | "no-match"
  | "before-interest"
  | "unconfirmed"
  | "unsubscribed"
  | "suppressed"
  | "paused"
  | "waiting"
  | "over-cap"
  | "period-skipped"
  | "passed-over";

export interface Answer {
  readonly verdict: Verdict;
  /** One or two sentences for the person who asks. */
  readonly because: string;
}

/** One of the reader's interests, held against the paper as it is now. */
export interface JudgedInterest {
  readonly id: string;
  readonly name: string;
  readonly queryId: number | null;
  readonly cadence: string;
  readonly changedAt: Date;
  readonly matches: boolean;
  /** Why it matches, or which parts of its query are missing. */
  readonly detail: string;
}

export interface WhyFacts {
  readonly reader: Pick<
    Reader,
    | "confirmedAt"
    | "unsubscribedAt"
    | "pausedAt"
    | "pausedUntil"
    | "maxPapers"
    | "horizon"
    | "instantHorizon"
    | "nextDigestAt"
    | "heldUntil"
    | "zone"
    | "at"
  >;
  readonly suppression?: { readonly because: string; readonly at: Date };
  readonly interests: readonly JudgedInterest[];
  readonly trail: Trail;
  readonly now: Date;
}

const firstImportMs = 72 * 3_600_000;

/**
 * Why a paper reached a reader, or the exact place where it stopped. What is recorded speaks first (a digest and its
 * delivery); after that the first of these that holds: nothing may be sent to the reader at all, the paper was never
 * mailable, no interest asks for it, it is on its way.
 */
export function whyNot(facts: WhyFacts): Answer {
  const entry = bestEntry(facts.trail.entries);
  if (entry !== undefined) return inDigest(facts, entry);
  return silenced(facts) ?? unmailable(facts.trail) ?? unmatched(facts) ?? turnOf(facts);
}

/** A paper that is in a digest counts before one that did not fit, and the newer digest before the older. */
function bestEntry(entries: readonly TrailEntry[]): TrailEntry | undefined {
  const order = ["in", "over-cap", "released"];
  return entries.toReversed().toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state))[0];
}

function inDigest({ trail, reader }: WhyFacts, entry: TrailEntry): Answer {
  const period = trail.digests.find((one) => one.id === entry.digestId)?.period ?? "an earlier period";
  const delivery = trail.deliveries.find((one) => one.digestId === entry.digestId);
  if (entry.state === "over-cap") {
    return {
      verdict: "over-cap",
      because: `It matched and did not fit into the digest of ${period}, which held the ${entry.papers} best; the reader's limit is ${reader.maxPapers}. The mail links to the list of what did not fit.`,
    };
  }
  const place = `It is number ${entry.rank + 1} of ${entry.papers} in the digest of ${period}`;
  if (delivery === undefined)
    return { verdict: "pending", because: `${place}, which waits to be handed to a channel.` };
  return {
    verdict: delivery.state as DeliveryState,
    because: `${place}. ${deliverySentence(delivery, entry.state === "released")}`,
  };
}

function deliverySentence(
  { state, channel, because, providerState }: TrailDelivery,
  released: boolean,
): string {
  const why = because === null ? "" : `: ${because.replace(/[.\s]+$/, "")}`;
  const again = released ? " The paper is free for another digest." : "";
  switch (state as DeliveryState) {
    case "accepted":
      return providerState === null
        ? `The ${channel} channel accepted it.`
        : `The ${channel} channel accepted it, and said later: ${providerState}.`;
    case "uncertain":
      return `Whether it arrived is not known${why}. It is not sent again by itself.`;
    case "rejected":
      return `The ${channel} channel refused it${why}.${again}`;
    case "skipped":
      return `It was not sent${why}.${again}`;
    case "deferred":
      return `The ${channel} channel will be asked again${why}.`;
    default:
      return `It waits for the ${channel} channel${why}.`;
  }
}

/** What holds for the reader as a whole, unless a digest of theirs has passed since the paper appeared. */
function silenced({ reader, suppression, trail }: WhyFacts): Answer | undefined {
  const appeared = trail.matches.at(-1)?.at ?? trail.occasions.at(-1)?.at;
  const hadItsTurn =
    appeared !== undefined && trail.digests.some((one) => one.frozenAt > appeared && one.state !== "skipped");
  if (reader.confirmedAt === null) {
    return {
      verdict: "unconfirmed",
      because: "The reader has not confirmed the address; nothing but the confirmation is sent before.",
    };
  }
  if (hadItsTurn) return undefined;
  if (reader.unsubscribedAt !== null)
    return { verdict: "unsubscribed", because: `The reader unsubscribed on ${day(reader.unsubscribedAt)}.` };
  if (suppression !== undefined) {
    return {
      verdict: "suppressed",
      because: `Nothing is sent to the address since ${day(suppression.at)}: ${suppression.because}.`,
    };
  }
  return undefined;
}

function unmailable({ listings, occasions }: Trail): Answer | undefined {
  if (occasions.length === 0) return { verdict: "not-mailable", because: whyNotMailable(listings) };
  if (occasions.every((one) => one.matchedAt === null)) {
    return {
      verdict: "not-matched-yet",
      because: "It is not matched yet: classifying or matching still has it. See with: paperwire status",
    };
  }
  return undefined;
}

/** Why none of the listings gave an occasion; the rules are those of `occasionOf`. */
export function whyNotMailable(listings: readonly TrailListing[]): string {
  const isReplacement = (one: TrailListing) => one.announceType?.startsWith("replace") === true;
  // A later version overwrites what a listing said; only then it was seen before as something else.
  const first = listings.find((one) => !isReplacement(one) || one.lastSeen > one.firstSeen);
  if (first === undefined) {
    return "It was listed only as a new version of an older paper, and such listings are never mailed.";
  }
  if (isReplacement(first)) {
    return `It came in the first import of ${first.sourceId} on ${day(first.firstSeen)}, announced more than 72 hours before, and since then only as a new version; neither is mailed.`;
  }
  const announced = announcedAt(first.said, first.announcedOn === null ? {} : { date: first.announcedOn });
  const isFirstImport = first.establishedAt === null || first.firstSeen <= first.establishedAt;
  if (isFirstImport && announced === undefined) {
    return `It came without a date in the first import of ${first.sourceId}; such papers go to the archive.`;
  }
  if (
    isFirstImport &&
    announced !== undefined &&
    first.firstSeen.getTime() - announced.getTime() > firstImportMs
  ) {
    return `It came in the first import of ${first.sourceId} on ${day(first.firstSeen)} and was announced on ${day(announced)}, more than 72 hours before; such papers go to the archive.`;
  }
  return `${first.sourceId} listed it as a change of a paper that is not new, and such listings are never mailed.`;
}

function unmatched({ interests, trail }: WhyFacts): Answer | undefined {
  if (interests.length === 0) return { verdict: "no-match", because: "The reader has no interests." };
  const wanting = interests.filter((one) => one.matches);
  if (wanting.length === 0) {
    const [only] = interests;
    const detail = interests.length === 1 && only !== undefined ? ` “${only.name}” ${only.detail}.` : "";
    return {
      verdict: "no-match",
      because: `None of the reader's ${interests.length} interests asks for it.${detail}`,
    };
  }
  const awake = wanting.filter((one) => one.cadence !== "paused");
  if (awake.length === 0)
    return {
      verdict: "paused",
      because: `Only “${wanting[0]?.name}” asks for it, and that interest is switched off.`,
    };
  if (awake.every((one) => one.queryId === null) || matchOf(awake, trail.matches) !== undefined)
    return undefined;
  const newest = awake.toSorted((a, b) => b.changedAt.getTime() - a.changedAt.getTime())[0];
  const lastOccasion = trail.occasions.at(-1)?.matchedAt;
  if (newest !== undefined && lastOccasion && newest.changedAt > lastOccasion)
    return beforeInterest(newest, lastOccasion);
  return {
    verdict: "no-match",
    because: `“${newest?.name}” matches the paper as it is now, and did not when it was announced: its text, topics or places have changed since.`,
  };
}

function beforeInterest({ name, changedAt }: JudgedInterest, matchedAt: Date): Answer {
  return {
    verdict: "before-interest",
    because: `“${name}” asks for it now, and was added or changed on ${day(changedAt)}; the paper was matched on ${day(matchedAt)}, and an interest looks back one period only.`,
  };
}

/** The newest match that belongs to one of the interests. */
function matchOf(
  interests: readonly JudgedInterest[],
  matches: readonly TrailMatch[],
): { match: TrailMatch; interest: JudgedInterest } | undefined {
  for (const match of matches.toReversed()) {
    const interest = interests.find((one) => isMatchOf(match, one));
    if (interest !== undefined) return { match, interest };
  }
  return undefined;
}

/** Whether the match is one of the interest's query, and not another interest's look back. */
export function isMatchOf(
  match: TrailMatch,
  { id, queryId }: Pick<JudgedInterest, "id" | "queryId">,
): boolean {
  return (
    queryId !== null && match.queryIds.includes(queryId) && (match.onlyFor === null || match.onlyFor === id)
  );
}

/** It has matched and is in no digest: its turn has not come, was skipped, or was passed over. */
function turnOf({ reader, interests, trail, now }: WhyFacts): Answer {
  const found = matchOf(
    interests.filter((one) => one.cadence !== "paused"),
    trail.matches,
  );
  const isPaused = reader.pausedAt !== null && (reader.pausedUntil === null || reader.pausedUntil > now);
  if (found === undefined)
    return {
      verdict: "waiting",
      because: "It may come with the trending papers, if it is among the best when the digest is made.",
    };
  const { match, interest } = found;
  const isInstant = interest.cadence === "instant";
  const horizon = isInstant ? reader.instantHorizon : reader.horizon;
  if (match.seq === null || match.seq > horizon) {
    if (isPaused)
      return {
        verdict: "paused",
        because: `The reader has paused on ${day(reader.pausedAt)}; “${interest.name}” asks for it.`,
      };
    const due = reader.heldUntil !== null && reader.heldUntil > now ? reader.heldUntil : reader.nextDigestAt;
    const when =
      isInstant || due === null
        ? "the next mail"
        : `the digest due at ${due.toISOString()} (${reader.at} ${reader.zone})`;
    return { verdict: "waiting", because: `“${interest.name}” asks for it, and it is to come with ${when}.` };
  }
  const seq = match.seq;
  const taken = trail.digests.find(
    (one) => one.fromSeq < seq && seq <= one.toSeq && one.period.startsWith("instant-") === isInstant,
  );
  if (taken?.state === "skipped") {
    return {
      verdict: "period-skipped",
      because: `Its digest, of ${taken.period}, was skipped: ${taken.because ?? "no reason was recorded"}.`,
    };
  }
  if (taken === undefined && interest.changedAt > match.at) return beforeInterest(interest, match.at);
  return {
    verdict: "passed-over",
    because: `It matched on ${day(match.at)}, before the reader's digests began (anew): they were confirmed, resumed or taken up again after that.`,
  };
}

function day(at: Date | null): string {
  return at === null ? "an unknown day" : `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
