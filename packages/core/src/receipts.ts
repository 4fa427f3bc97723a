import { announcementOn, isCalendarPublished } from "./listing/arxiv-calendar.ts";
import type { AnnounceType } from "./listing/listing.ts";

export const receiptStates = ["complete", "partial", "stale", "failed", "unknown"] as const;
export type ReceiptState = (typeof receiptStates)[number];

/** One listing of a day, as a source or an upstream has it. */
export interface DayListing {
  /** The listing's key; for arXiv the identifier, so that two upstreams can be compared. */
  readonly key: string;
  readonly type?: AnnounceType;
  /** It came after the day was over. */
  readonly late: boolean;
}

/** Another upstream that covers the same category. */
export interface Check {
  readonly source: string;
  /** Its own count of the day, where it has one. */
  readonly count?: number;
  readonly keys: readonly string[];
  /** It holds the whole announcement with its cross-lists and replacements, not only what was submitted. */
  readonly whole: boolean;
}

/** Everything that is known of one source, category and day. */
export interface ReceiptFacts {
  /** `YYYY-MM-DD`, in the source's own calendar. */
  readonly day: string;
  readonly now: Date;
  readonly calendar?: "arxiv" | "weekdays";
  /**
   * `dated`: each payload is one day's list and says which. `harvest`: asked for spans, dated by submission.
   * `rolling`: lists without days; a day's listings are those first seen on it.
   */
  readonly form: "dated" | "harvest" | "rolling";
  /** The source was added then. */
  readonly since: Date;
  /** When the day begins and ends. */
  readonly span: { readonly from: Date; readonly to: Date };
  readonly listings: readonly DayListing[];
  /** The source's own count of the day, repeats aside. */
  readonly counted?: number;
  /** Why its list of the day is not whole. */
  readonly cut?: string;
  /** What showed that its list of the day is an older one. */
  readonly staleBecause?: string;
  /** Polls within the day, after its list should have been there. */
  readonly polls: { readonly good: number; readonly bad: number; readonly because?: string };
  /** Until when a harvest or a rolling list has been read. */
  readonly coveredUntil?: Date;
  readonly checks: readonly Check[];
  /** The day was harvested afterwards through this upstream. */
  readonly caughtUpBy?: string;
  /** How many listings its days usually bring. */
  readonly usual?: number;
}

export interface Receipt {
  readonly state: ReceiptState;
  /** One sentence for the operator. */
  readonly because: string;
  /** Left out where nobody counted: never zero by default. */
  readonly announced?: number;
  /** Left out while nothing came and nothing says that nothing should have. */
  readonly ingested?: number;
  readonly fresh: number;
  readonly crossed: number;
  readonly replaced: number;
  readonly late: number;
  readonly missing?: number;
  /** Those of the missing that are known by name, a hundred at most. */
  readonly missingKeys: readonly string[];
  readonly checkedAgainst: readonly string[];
}

const minuteMs = 60_000;
/** Feeds of a midnight were seen built until 05:15 UTC in summer: 75 minutes later. */
const feedGraceMs = 90 * minuteMs;
/** OAI-PMH and the API are updated about 22:30 Eastern, 150 minutes after the announcement. */
const harvestGraceMs = 150 * minuteMs;
const mostMissingKeys = 100;
/** A list that shares less than this with another upstream's list of the same day is another day's. */
const leastShared = 0.5;

/** From when on a day's list should be there; undefined on days without one. */
export function expectedAt(
  day: string,
  facts: Pick<ReceiptFacts, "form" | "span"> & { readonly calendar?: ReceiptFacts["calendar"] | undefined },
): Date | undefined {
  if (facts.calendar === "arxiv") {
    const announcement = announcementOn(day);
    if (announcement === undefined) return undefined;
    return facts.form === "harvest"
      ? new Date(announcement.at.getTime() + harvestGraceMs)
      : new Date(announcement.feedAt.getTime() + feedGraceMs);
  }
  if (facts.calendar === "weekdays" && [0, 6].includes(new Date(`${day}T12:00:00Z`).getUTCDay()))
    return undefined;
  return facts.span.from;
}

/**
 * What one source announced for a category and day against what was ingested. The state is never better than
 * the evidence: a day that nobody could read is `failed` or `unknown`, an older list under a new date is
 * `stale`, and zero is only said where the calendar or a second upstream says zero.
 */
export function receiptOf(facts: ReceiptFacts): Receipt {
  const { listings, checks } = facts;
  const own = new Set(listings.map(({ key }) => key));
  const whole = checks.filter((check) => check.whole);
  const counted = Math.max(facts.counted ?? -1, ...whole.map(({ count, keys }) => count ?? keys.length));
  const known = new Set([...own, ...checks.flatMap(({ keys }) => keys)]);
  const announced = counted < 0 && checks.length === 0 ? undefined : Math.max(counted, known.size);
  const missingKeys = [...known].filter((key) => !own.has(key));
  const missing = announced === undefined ? undefined : Math.max(announced - own.size, missingKeys.length);
  const verdict = verdictOf(facts, { announced, missing: missing ?? 0, own: own.size, whole });
  const isKnown = own.size > 0 || verdict.state === "complete" || verdict.state === "partial";
  const count = (...types: (AnnounceType | undefined)[]) =>
    listings.filter(({ type }) => types.includes(type)).length;
  return {
    ...verdict,
    ...(announced !== undefined && (announced > 0 || verdict.state === "complete") && { announced }),
    ...(isKnown && { ingested: own.size }),
    fresh: count("new", undefined),
    crossed: count("cross"),
    replaced: count("replace", "replace-cross"),
    late: listings.filter(({ late }) => late).length,
    ...(missing !== undefined && (isKnown || missing > 0) && { missing }),
    missingKeys: missingKeys.slice(0, mostMissingKeys),
    checkedAgainst: checks.map(({ source }) => source),
  };
}

interface Counts {
  readonly announced: number | undefined;
  readonly missing: number;
  readonly own: number;
  readonly whole: readonly Check[];
}

interface Verdict {
  readonly state: ReceiptState;
  readonly because: string;
}

function verdictOf(facts: ReceiptFacts, counts: Counts): Verdict {
  const expected = expectedAt(facts.day, facts);
  const { own, missing, announced } = counts;
  if (facts.caughtUpBy !== undefined) return caughtUp(facts, counts);
  if (facts.cut !== undefined && own > 0) return { state: "partial", because: facts.cut };
  if (facts.staleBecause !== undefined && expected !== undefined)
    return { state: "stale", because: facts.staleBecause };
  const other = counts.whole.find((check) => check.keys.length > 0);
  if (own > 0 && other !== undefined && facts.form === "dated") {
    const listed = new Set(facts.listings.map(({ key }) => key));
    const shared = other.keys.filter((key) => listed.has(key)).length;
    if (shared < leastShared * Math.min(other.keys.length, listed.size)) {
      const because = `Only ${shared} of its ${own} listings are among the ${other.keys.length} that ${other.source} has for the day: it shows an older list.`;
      return { state: "stale", because };
    }
  }
  if (missing > 0 && own > 0) {
    return { state: "partial", because: `${own} of ${announced} were ingested; ${missing} are missing.` };
  }
  if (own > 0) return { state: "complete", because: wholeSentence(facts, counts) };
  return nothingCame(facts, counts, expected);
}

/** Of that day there is nothing: why, and is that as it should be? */
function nothingCame(facts: ReceiptFacts, { missing, whole }: Counts, expected: Date | undefined): Verdict {
  const { day, now, polls } = facts;
  if (missing > 0) {
    const state = polls.good > 0 ? "stale" : polls.bad > 0 ? "failed" : "unknown";
    return {
      state,
      because: `${missing} were announced and none of them came from this source.${reason(polls)}`,
    };
  }
  if (expected === undefined) {
    if (facts.calendar === "arxiv" && !isCalendarPublished(day) && !isWeekend(day)) {
      return {
        state: "unknown",
        because: "Nothing came, and the calendar of that year is not published yet.",
      };
    }
    return { state: "complete", because: "Nothing is announced on that day, by the calendar." };
  }
  if (facts.since.getTime() >= facts.span.to.getTime()) {
    return { state: "unknown", because: "The source was added later." };
  }
  if (whole.some(({ count }) => count === 0)) {
    return { state: "complete", because: `Nothing was announced, as ${whole[0]?.source} says too.` };
  }
  if (now.getTime() < expected.getTime()) {
    return { state: "unknown", because: `It is not due before ${expected.toISOString()}.` };
  }
  if (facts.form !== "dated" && facts.coveredUntil !== undefined && facts.coveredUntil >= expected) {
    if (polls.good > 0 || facts.coveredUntil >= facts.span.to)
      return { state: "complete", because: "It was read, and had nothing new." };
  }
  if (polls.good === 0 && polls.bad > 0) {
    return { state: "failed", because: `No poll succeeded that day.${reason(polls)}` };
  }
  if (polls.good === 0) return { state: "unknown", because: "It was not asked after its list was due." };
  if (facts.counted === 0) {
    return (facts.usual ?? 0) >= 3
      ? {
          state: "stale",
          because: `Its list of the day is empty, although its days usually bring about ${facts.usual}.`,
        }
      : { state: "unknown", because: "Its list of the day is empty, and nothing else confirms that." };
  }
  return { state: "stale", because: "It was read after its list was due, and still showed an earlier one." };
}

function caughtUp(facts: ReceiptFacts, { own, missing }: Counts): Verdict {
  const late = facts.listings.filter((one) => one.late).length;
  const begin = late === own ? "The day was missed" : `Only ${own - late} came on the day`;
  const left = missing > 0 ? `; ${missing} are still missing` : "";
  return {
    state: "partial",
    because: `${begin}; ${late} listings were harvested afterwards through ${facts.caughtUpBy}, which has no replacements and no later cross-lists of that day${left}.`,
  };
}

function wholeSentence({ checks, listings }: ReceiptFacts, { announced, own }: Counts): string {
  const late = listings.filter((one) => one.late).length;
  const how =
    announced === undefined
      ? `${own} were ingested; the source gives no count of its own`
      : `All ${own} were ingested`;
  const against =
    checks.length === 0 ? "" : `, checked against ${checks.map(({ source }) => source).join(" and ")}`;
  return `${how}${against}${late > 0 ? `; ${late} of them late` : ""}.`;
}

function reason({ because }: ReceiptFacts["polls"]): string {
  return because === undefined ? "" : ` The last poll said: ${because}`;
}

function isWeekend(day: string): boolean {
  return [0, 6].includes(new Date(`${day}T12:00:00Z`).getUTCDay());
}
