import { announcementDates } from "@paperwire/core";
import type { Answer, Origin } from "../harness/origin.ts";
import {
  type Announced,
  type Announcements,
  apiAnswer,
  easternDay,
  escaped,
  listingPageOf,
  listOf,
  rssOf,
} from "./arxiv-double.ts";

export const firstDay = "2026-06-08";
export const lastDay = "2026-06-22";

/** Every `step` hours of the fortnight, from the midnight (UTC) before its first feed. */
export function instants(step: number, to: string = lastDay): Date[] {
  const from = Date.parse(`${firstDay}T00:00:00Z`);
  const count = (Date.parse(`${to}T23:59:59Z`) - from) / (step * 3_600_000);
  return Array.from({ length: Math.ceil(count) }, (_, index) => new Date(from + index * step * 3_600_000));
}

const things = [
  "parsers",
  "lattices",
  "proofs",
  "dialects",
  "whales",
  "glaciers",
  "tokens",
  "kernels",
  "orchards",
  "rivers",
  "sonnets",
];
const doings = ["Counting", "Bending", "Sorting", "Naming", "Weighing", "Folding", "Tracing"];
const places = [
  "in the dark",
  "under noise",
  "by committee",
  "at scale",
  "without labels",
  "on paper",
  "from memory",
  "over time",
  "in pairs",
  "with care",
  "after rain",
  "between meals",
  "for novices",
];

/** Made-up announcements of two categories: six new papers a day each, one of them in both, and a replacement. */
export const madeUp: Announcements = new Map(
  announcementDates(firstDay, lastDay).map((day, index) => [day, dayOf(index)]),
);

function dayOf(index: number): Announced[] {
  const made = Array.from({ length: 12 }, (_, number): Announced => {
    const serial = index * 12 + number;
    const [first, second] = number % 2 === 0 ? ["cs.CL", "math.LO"] : ["math.LO", "cs.CL"];
    return {
      id: `2606.9${String(serial + 1).padStart(4, "0")}`,
      title: `${doings[serial % 7]} ${things[serial % 11]} ${places[serial % 13]}`,
      authors: [`Author ${letters(serial)}`, `Writer ${letters(serial * 7 + 3)}`],
      abstract: `We study ${things[(serial + 5) % 11]} and ${things[(serial + 3) % 11]} ${places[(serial * 3) % 13]}, case ${letters(serial)}.`,
      categories: number < 2 ? [first, second] : [first],
    };
  });
  const older: Announced = {
    id: `2401.0${String(index + 1).padStart(4, "0")}`,
    version: 2,
    title: `An older paper about ${things[index % 11]}, revised`,
    authors: ["Cy Old"],
    abstract: "Nothing new.",
    categories: ["cs.CL"],
    replaced: true,
  };
  return [...made, older];
}

function letters(serial: number): string {
  return String.fromCharCode(
    65 + (serial % 26),
    97 + (Math.floor(serial / 26) % 26),
    97 + ((serial * 5) % 26),
  );
}

/** What goes wrong, by Eastern day; `which`: the first or the second category. */
export const faults = {
  /** One category shows the list of the day before, under the new date and freshly built, all day. */
  stale: { day: "2026-06-10", which: 0 },
  /** The same for the other one, which nothing else covers. */
  staleAlone: { day: "2026-06-17", which: 1 },
  /** The whole site is away, from one midnight to the next. */
  outage: "2026-06-11",
  /** The answers break off in the middle until the evening. */
  truncated: "2026-06-12",
  /** Saturday shows Friday again. */
  repeated: "2026-06-13",
  /** "Come back in a second", the first time somebody asks each time. */
  patience: "2026-06-15",
  /** 503 all day, for one category. */
  refused: { day: "2026-06-16", which: 1 },
  /** Temporary redirects. */
  redirected: "2026-06-18",
  /** The journal gives all its entries new identifiers and addresses. */
  churned: "2026-06-18",
} as const;

export const movedTo = "/new-home/journal.xml";

/** Sets what the site answers at an instant. */
export function serveInstant(
  origin: Origin,
  all: Announcements,
  categories: readonly string[],
  at: Date,
): void {
  const day = easternDay(at);
  origin.fail(day === faults.outage ? { outage: "reset" } : undefined);
  for (const [which, category] of categories.entries()) {
    const answer = feedAt(all, { which, category }, day, at);
    const path = `/rss/${category}`;
    if (day === faults.redirected) {
      origin.serve(path, { redirect: `/elsewhere/${category}` });
      origin.serve(`/elsewhere/${category}`, answer);
    } else if (day === faults.patience) origin.serve(path, [{ status: 429, retryAfter: 1 }, answer]);
    else if (day === faults.refused.day && which === faults.refused.which)
      origin.serve(path, { status: 503 });
    else origin.serve(path, answer);
  }
  const [first = ""] = categories;
  origin.serve(`/list/${first}/new`, listingPageOf(all, first, at));
  origin.serve("/api/query", (request) => apiAnswer(all, request.url ?? "/", at));
  origin.serve("/journal.xml", { status: 308, redirect: movedTo });
  origin.serve(movedTo, journalAt(at));
}

function feedAt(
  all: Announcements,
  { which, category }: { which: number; category: string },
  day: string,
  at: Date,
): Answer {
  const isStale = [faults.stale, faults.staleAlone].some(
    (fault) => fault.day === day && fault.which === which,
  );
  const shown =
    isStale || day === faults.repeated
      ? easternDay(new Date(Date.parse(`${day}T12:00:00Z`) - 86_400_000))
      : day;
  const answer = rssOf(category, day, listOf(all, category, shown), at);
  const isCut = day === faults.truncated && at.getUTCHours() >= 4 && at.getUTCHours() < 18;
  return isCut ? { ...answer, cutAfter: 700 } : answer;
}

/** Titles of the journal's entries, one more each day, with the day on which it appeared. */
export const journalEntries = Array.from({ length: 45 }, (_, index) => ({
  title: `${doings[(index * 3) % 7]} old ${things[(index * 2) % 11]} ${places[(index * 5) % 13]}, note ${letters(index)}`,
  at: new Date(Date.parse(`${firstDay}T03:00:00Z`) + (index - 29) * 86_400_000),
}));

function journalAt(at: Date): Answer {
  const churn = easternDay(at) >= faults.churned ? "-b" : "";
  const entries = journalEntries
    .filter((entry) => entry.at <= at)
    .slice(-25)
    .map(
      (entry) => `<entry><id>urn:note:${entry.at.getTime()}${churn}</id><title>${escaped(entry.title)}</title>
<link href="https://journal.example/${churn}${entry.at.getTime()}"/><published>${entry.at.toISOString()}</published><updated>${entry.at.toISOString()}</updated></entry>`,
    );
  return {
    type: "application/atom+xml",
    body: `<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Journal of Examples</title><id>urn:journal</id><link href="https://journal.example/"/><updated>${at.toISOString()}</updated>${entries.join("\n")}</feed>`,
  };
}
