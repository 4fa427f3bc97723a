/** The calendar by which a source counts its days. */
export type DayCalendar = "arxiv" | "weekdays" | undefined;

/** The day of an instant in a source's own calendar: Eastern for arXiv's, UTC otherwise. */
export function dayAt(at: Date, calendar: DayCalendar): string {
  return zoned(at, calendar).toPlainDate().toString();
}

/** When a day begins and ends, in the same calendar. */
export function spanOfDay(day: string, calendar: DayCalendar): { from: Date; to: Date } {
  const date = Temporal.PlainDate.from(day);
  const start = (one: Temporal.PlainDate) =>
    new Date(one.toZonedDateTime(zoneOf(calendar)).epochMilliseconds);
  return { from: start(date), to: start(date.add({ days: 1 })) };
}

/** Every day from one to another, both included, in order. */
export function daysBetween(from: string, to: string): string[] {
  const days: string[] = [];
  const last = Temporal.PlainDate.from(to);
  for (
    let day = Temporal.PlainDate.from(from);
    Temporal.PlainDate.compare(day, last) <= 0;
    day = day.add({ days: 1 })
  ) {
    days.push(day.toString());
  }
  return days;
}

function zoned(at: Date, calendar: DayCalendar): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zoneOf(calendar));
}

function zoneOf(calendar: DayCalendar): string {
  return calendar === "arxiv" ? "America/New_York" : "UTC";
}
