import { type Schedule, weekdays } from "../schedule.ts";
import type { Evidence, Reason, SourceNote } from "./digest.ts";
import { cut, dayOf, listOf, prose, readable } from "./readable.ts";

/** `Because you follow cs.CL and the words “…” are in the title. Also in your interests “A” and “B”.` */
export function explainReasons(reasons: readonly Reason[]): string {
  const [first, ...others] = reasons;
  if (first === undefined) return "";
  const clauses = clausesOf(first.evidence);
  const because =
    clauses.length > 0
      ? `Because ${clausesInARow(clauses)}.`
      : `Because it matches your interest ${quoted(first.subscriptionName)}.`;
  if (others.length === 0) return because;
  const names = listOf(others.slice(0, 3).map((reason) => quoted(reason.subscriptionName)));
  return `${because} Also in your ${others.length > 1 ? "interests" : "interest"} ${names}.`;
}

/** What the reader should know about a source, as one or two sentences. */
export function explainNote(note: SourceNote): string {
  const source = readable(note.source);
  const since =
    note.since === undefined ? "" : ` since ${dayOf(note.since)}, ${note.since.slice(11, 16)} UTC`;
  const detail = note.detail === undefined ? "" : ` ${readable(note.detail)}`;
  switch (note.state) {
    case "failed":
      return `${source} could not be read${since}; its papers will come, marked as late, once it can.${detail}`;
    case "stale":
      return `${source} has shown nothing new${since}; this may not mean that nothing appeared.${detail}`;
    case "truncated":
      return `${source} listed more than it let us read${since}; some of its papers may be missing.${detail}`;
    default:
      return note.state satisfies never;
  }
}

/** `Every day at 08:00 (Europe/Berlin).` */
export function explainSchedule(schedule: Schedule): string {
  const days = weekdays.filter((day) => schedule.days.includes(day));
  const names = days.map((day) => DAY_NAMES[day]);
  const when =
    schedule.rhythm === "weekly"
      ? `Every ${names[0] ?? "week"}`
      : days.length === 7
        ? "Every day"
        : days.join() === "mon,tue,wed,thu,fri"
          ? "Monday to Friday"
          : `Every ${listOf(names)}`;
  return `${when} at ${schedule.at} (${schedule.zone.replaceAll("_", " ")}).`;
}

const DAY_NAMES = {
  mon: "Monday",
  tue: "Tuesday",
  wed: "Wednesday",
  thu: "Thursday",
  fri: "Friday",
  sat: "Saturday",
  sun: "Sunday",
} as const;

function clausesOf(evidence: readonly Evidence[]): string[] {
  const named = (kind: Evidence["kind"]) =>
    evidence.filter((one) => one.kind === kind).map((one) => cut(prose(one.value), 120));
  const clauses: string[] = [];
  const followed = [
    ...named("category"),
    ...named("topic").map(quotedTopic),
    ...named("author"),
    ...named("source"),
  ];
  if (followed.length > 0) clauses.push(`you follow ${listOf(followed.slice(0, 4))}`);
  clauses.push(...wordClauses(evidence));
  const [like] = named("like");
  if (like !== undefined) clauses.push(`it resembles ${quoted(like)}`);
  for (const one of evidence.filter(({ kind }) => kind === "close").slice(0, 2)) {
    const through = one.kind === "close" ? (one.through ?? []).slice(0, 2) : [];
    const about =
      through.length === 0 ? "" : ` (it is about ${listOf(through.map((each) => cut(prose(each), 60)))})`;
    clauses.push(`it is close in meaning to ${quoted(cut(prose(one.value), 120))}${about}`);
  }
  const picks = named("pick");
  if (picks.length > 0) clauses.push(picks[0] ? `${picks[0]} picked it` : "a curator picked it");
  for (const one of evidence) if (one.kind === "trending") clauses.push(trendingClause(one));
  return [...clauses, ...named("text")].slice(0, 4);
}

function trendingClause({ value, rank, of }: Extract<Evidence, { kind: "trending" }>): string {
  if (rank !== undefined && of !== undefined)
    return `it is number ${rank} among the most noticed papers of the ${of}`;
  return value === "" ? "it is trending" : `it is trending on ${cut(prose(value), 120)}`;
}

/** A comma keeps the “and” between clauses apart from one inside them. */
function clausesInARow(clauses: readonly string[]): string {
  const [one = "", two] = clauses;
  return clauses.length === 2 && clauses.join().includes(" and ") ? `${one}, and ${two}` : listOf(clauses);
}

function wordClauses(evidence: readonly Evidence[]): string[] {
  return (["title", "abstract", undefined] as const).flatMap((where) => {
    const found = evidence.filter((one) => one.kind === "words" && one.where === where);
    if (found.length === 0) return [];
    const phrases = found.slice(0, 4).map((one) => cut(prose(one.value), 120));
    const one = phrases.length === 1 && !phrases[0]?.includes(" ");
    const place = where === undefined ? "the text" : `the ${where}`;
    return [`the ${one ? "word" : "words"} ${listOf(phrases.map(quoted))} ${one ? "is" : "are"} in ${place}`];
  });
}

function quoted(text: string): string {
  return `“${prose(text)}”`;
}

function quotedTopic(text: string): string {
  return `the topic ${text}`;
}
