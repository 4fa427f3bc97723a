import type { TrailEntry, TrailListing, TrailMatch } from "@paperwire/db/trail.ts";
import { isMatchOf, type WhyFacts } from "./why-not.ts";

/** In the order in which facts of one instant are told. */
const kinds = [
  "interest",
  "reader",
  "listed",
  "version",
  "merged",
  "topics",
  "occasion",
  "matched",
  "digest",
  "delivery",
  "attempt",
] as const;

/** One fact on the way from the first listing to the mail. */
export interface TrailStep {
  /** ISO 8601 UTC; product time, but real time for attempts. */
  readonly at: string;
  readonly what: (typeof kinds)[number];
  readonly detail: string;
}

/** Every recorded fact as a sentence, oldest first. */
export function trailSteps(facts: WhyFacts): TrailStep[] {
  return [...paperSteps(facts), ...matchSteps(facts), ...readerSteps(facts), ...mailSteps(facts)].sort(
    (a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : kinds.indexOf(a.what) - kinds.indexOf(b.what)),
  );
}

function step(at: Date, what: TrailStep["what"], detail: string): TrailStep {
  return { at: at.toISOString(), what, detail };
}

function paperSteps({ trail: { listings, versions, merges, topics } }: WhyFacts): TrailStep[] {
  const [first] = listings;
  const labels = topics.map(
    (one) => `${one.topic} (${one.classifier} ${one.version}, ${one.confidence.toFixed(2)})`,
  );
  return [
    ...listings.map((one) =>
      step(one.firstSeen, "listed", `${one.sourceId} listed it as ${one.key}${saidOf(one)}`),
    ),
    ...versions.map((one) =>
      step(
        one.seenAt,
        "version",
        `v${one.version} at ${one.home}${one.changed.length > 0 ? `, changed: ${one.changed.join(", ")}` : ""}`,
      ),
    ),
    ...merges.map(({ at, kept, gone, state, because }) =>
      step(
        at,
        "merged",
        `${state === "candidate" ? `${gone} may be the same as ${kept}` : `${gone} was ${state === "merged" ? "merged into" : `${state} from`} ${kept}`}: ${because.join(" ")}`,
      ),
    ),
    ...(first === undefined || labels.length === 0
      ? []
      : [step(first.firstSeen, "topics", labels.join(", "))]),
  ];
}

function saidOf({ announceType, version, announcedOn, firstSeen, lastSeen }: TrailListing): string {
  const said = [
    announceType,
    version === null ? null : `v${version}`,
    announcedOn === null ? null : `announced ${announcedOn}`,
  ].filter((one) => one !== null);
  if (said.length === 0) return "";
  return ` (${lastSeen > firstSeen ? "at last " : ""}${said.join(", ")})`;
}

function matchSteps({ trail, interests }: WhyFacts): TrailStep[] {
  const whose = (match: TrailMatch) =>
    interests.filter((one) => isMatchOf(match, one)).map(({ name }) => `“${name}”`);
  return [
    ...trail.occasions.map(({ at, occasion, sourceId, late, matchedAt }) =>
      step(
        at,
        "occasion",
        `may be mailed as “${occasion}”${sourceId === null ? "" : `, from ${sourceId}`}${late ? ", late" : ""}${matchedAt === null ? "; not matched yet" : ""}`,
      ),
    ),
    ...trail.matches.map((one) =>
      step(
        one.at,
        "matched",
        `as “${one.occasion}”${one.late ? ", late" : ""}, by ${whose(one).join(", ") || "none of the reader's interests"}`,
      ),
    ),
    ...interests.map(({ changedAt, name, detail, cadence }) =>
      step(changedAt, "interest", `“${name}” ${detail}${cadence === "paused" ? "; it is switched off" : ""}`),
    ),
  ];
}

function readerSteps({ reader, suppression }: WhyFacts): TrailStep[] {
  const { confirmedAt, pausedAt, pausedUntil, unsubscribedAt } = reader;
  return [
    ...(confirmedAt === null ? [] : [step(confirmedAt, "reader", "confirmed")]),
    ...(pausedAt === null
      ? []
      : [
          step(
            pausedAt,
            "reader",
            pausedUntil === null ? "paused" : `paused until ${pausedUntil.toISOString()}`,
          ),
        ]),
    ...(unsubscribedAt === null ? [] : [step(unsubscribedAt, "reader", "unsubscribed")]),
    ...(suppression === undefined
      ? []
      : [step(suppression.at, "reader", `the address is suppressed: ${suppression.because}`)]),
  ];
}

/** The digests that held the paper, and those it could have been in: the ones before, and three after it appeared. */
function mailSteps({ trail }: WhyFacts): TrailStep[] {
  const last = trail.digests.findLastIndex((one) =>
    trail.entries.some(({ digestId }) => digestId === one.id),
  );
  const shown = trail.digests.slice(0, last < 0 ? 3 : last + 1);
  return [
    ...shown.map((one) => {
      const entry = trail.entries.find(({ digestId }) => digestId === one.id);
      return step(
        one.frozenAt,
        "digest",
        `${one.period} ${one.state}${inBrackets(one.because)}, ${placeOf(entry)}`,
      );
    }),
    ...trail.deliveries.map((one) =>
      step(
        one.settledAt ?? one.createdAt,
        "delivery",
        `${one.channel}: ${one.state}${inBrackets(one.because)}${one.providerState === null ? "" : `; the provider said later: ${one.providerState}`}`,
      ),
    ),
    ...trail.attempts.map((one) =>
      step(one.at, "attempt", `${one.outcome}${one.detail === null ? "" : `: ${one.detail}`}`),
    ),
  ];
}

function placeOf(entry: TrailEntry | undefined): string {
  if (entry === undefined) return "without this paper";
  const place = {
    in: `as number ${entry.rank + 1} of ${entry.papers}`,
    "over-cap": "over the cap",
    released: "given free again",
  }[entry.state];
  return `${place}, score ${entry.score.toFixed(2)}, for ${entry.reasons.map(({ subscriptionName }) => `“${subscriptionName}”`).join(", ")}`;
}

function inBrackets(text: string | null): string {
  return text === null ? "" : ` (${text})`;
}
