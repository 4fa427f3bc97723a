/** One announcement of arXiv's: made at 20:00 Eastern, carried by the feeds of the next day. */
export interface ArxivAnnouncement {
  /** The day of the feeds and listings that carry it, Eastern (`YYYY-MM-DD`, Monday to Friday). */
  readonly date: string;
  /** When it is made: 20:00 Eastern on the evening before. */
  readonly at: Date;
  /** When its feeds are built: the midnight at which `date` begins, Eastern. */
  readonly feedAt: Date;
  /** It holds what was submitted from … */
  readonly submittedFrom: Date;
  /** … to (not including) this deadline, 14:00 Eastern. */
  readonly submittedTo: Date;
}

/** Feed days from one date to another, both included, in order. Weekends and deferred days are not among them. */
export function announcementDates(from: string, to: string): string[] {
  const dates: string[] = [];
  const last = Temporal.PlainDate.from(to);
  for (
    let date = Temporal.PlainDate.from(from);
    Temporal.PlainDate.compare(date, last) <= 0;
    date = date.add({ days: 1 })
  ) {
    if (isAnnounced(date, isDeferred)) dates.push(date.toString());
  }
  return dates;
}

/** Do arXiv's feeds carry an announcement on that date (Eastern)? Else they are empty, and listing pages repeat the last. */
export function isAnnouncementDay(date: string): boolean {
  return isAnnounced(Temporal.PlainDate.from(date), isDeferred);
}

/**
 * Is it certain what that day brings? arXiv publishes its deferred mailings year by year, and defers some
 * for other reasons: days expected by pattern, and all of a year not published yet, are not certain.
 */
export function isCalendarPublished(date: string): boolean {
  const year = Temporal.PlainDate.from(date).year;
  return year >= firstYear && year <= lastPublishedYear;
}

/** The announcement that is carried on a feed day; undefined where there is none. */
export function announcementOn(
  date: string,
  isDeferredEvening: Deferral = isDeferred,
): ArxivAnnouncement | undefined {
  if (isDeferredEvening !== isDeferred) return workedOut(date, isDeferredEvening);
  if (!known.has(date)) {
    if (known.size >= mostKnown) known.clear();
    known.set(date, workedOut(date, isDeferred));
  }
  return known.get(date);
}

/** A harvest asks for the same few days thousands of times. */
const known = new Map<string, ArxivAnnouncement | undefined>();
const mostKnown = 20_000;

function workedOut(date: string, isDeferredEvening: Deferral): ArxivAnnouncement | undefined {
  const day = Temporal.PlainDate.from(date);
  if (!isAnnounced(day, isDeferredEvening)) return undefined;
  const evening = day.subtract({ days: 1 });
  let earlier = evening.subtract({ days: 1 });
  while (!isMailing(earlier, isDeferredEvening)) earlier = earlier.subtract({ days: 1 });
  return {
    date: day.toString(),
    at: eastern(evening, 20),
    feedAt: eastern(day, 0),
    submittedFrom: deadlineOf(earlier),
    submittedTo: deadlineOf(evening),
  };
}

/** The first announcement made after an instant. */
export function nextAnnouncement(now: Date): ArxivAnnouncement {
  for (let date = easternDate(now); ; date = date.add({ days: 1 })) {
    const announcement = announcementOn(date.toString());
    if (announcement !== undefined && announcement.at > now) return announcement;
  }
}

/** The latest announcement made at an instant or before it. */
export function lastAnnouncement(now: Date): ArxivAnnouncement {
  for (let date = easternDate(now).add({ days: 1 }); ; date = date.subtract({ days: 1 })) {
    const announcement = announcementOn(date.toString());
    if (announcement !== undefined && announcement.at <= now) return announcement;
  }
}

/** The announcement that holds what was submitted at an instant, moderation aside (which may take days longer). */
export function announcementOf(submitted: Date, isDeferredEvening: Deferral = isDeferred): ArxivAnnouncement {
  for (let date = easternDate(submitted); ; date = date.add({ days: 1 })) {
    const announcement = announcementOn(date.toString(), isDeferredEvening);
    if (announcement !== undefined && announcement.submittedTo > submitted) return announcement;
  }
}

/** Is no mailing made on the evening of that date although its day of the week has one? */
export type Deferral = (evening: string) => boolean;

function isDeferred(evening: string): boolean {
  return deferred.has(evening);
}

function isAnnounced(day: Temporal.PlainDate, isDeferredEvening: Deferral): boolean {
  return isMailing(day.subtract({ days: 1 }), isDeferredEvening);
}

/** Mailings are made from Sunday to Thursday. */
function isMailing(evening: Temporal.PlainDate, isDeferredEvening: Deferral): boolean {
  return evening.dayOfWeek !== 5 && evening.dayOfWeek !== 6 && !isDeferredEvening(evening.toString());
}

/** 14:00 of the same day; Sunday's mailing takes what came until Friday. */
function deadlineOf(evening: Temporal.PlainDate): Date {
  return eastern(evening.dayOfWeek === 7 ? evening.subtract({ days: 2 }) : evening, 14);
}

function eastern(date: Temporal.PlainDate, hour: number): Date {
  const zoned = date.toZonedDateTime({ timeZone: zone, plainTime: new Temporal.PlainTime(hour) });
  return new Date(zoned.epochMilliseconds);
}

function easternDate(at: Date): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone).toPlainDate();
}

const zone = "America/New_York";
const firstYear = 2024;
const lastPublishedYear = 2026;

/**
 * Days without a mailing as arXiv publishes them (info.arxiv.org/help/availability.html, years 2024 to
 * 2026); 2027 is expected by the same pattern. A Friday on the list has no mailing of its own: it is the
 * Sunday after it that is left out (seen in July 2025 and June 2026).
 */
const holidays: Readonly<Record<number, string>> = {
  2024: "01-15 05-22 06-19 07-04 09-02 10-08 11-28 12-25 12-26 12-31",
  2025: "01-01 01-20 06-19 07-06 09-01 11-27 12-25 12-30",
  2026: "01-01 01-19 06-19 07-03 09-07 11-26 12-25 12-29 12-31",
  2027: "01-01 01-18 06-18 07-05 09-06 11-25 12-24 12-28 12-30",
};

const deferred = new Set(
  Object.entries(holidays).flatMap(([year, days]) =>
    days.split(" ").map((day) => {
      const date = Temporal.PlainDate.from(`${year}-${day}`);
      return (date.dayOfWeek === 5 ? date.add({ days: 2 }) : date).toString();
    }),
  ),
);
