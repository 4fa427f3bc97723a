/** A named stretch of days, with the ones beside it. Days are UTC. */
export interface NamedSpan {
  readonly label: string;
  readonly from: Date;
  readonly to: Date;
  readonly previous: { readonly url: string; readonly label: string };
  readonly next: { readonly url: string; readonly label: string };
}

/** `2026-03-14`. */
export function daySpan(text: string): NamedSpan | undefined {
  const day = parsed(() => (/^\d{4}-\d{2}-\d{2}$/.test(text) ? Temporal.PlainDate.from(text) : undefined));
  if (day === undefined) return undefined;
  const near = (days: number) => {
    const other = day.add({ days }).toString();
    return { url: `/date/${other}`, label: other };
  };
  return {
    label: text,
    from: instant(day),
    to: instant(day.add({ days: 1 })),
    previous: near(-1),
    next: near(1),
  };
}

/** `2026-W11`, ISO 8601 weeks. */
export function weekSpan(text: string): NamedSpan | undefined {
  const [, year, week] = /^(\d{4})-W(\d{2})$/.exec(text) ?? [];
  if (year === undefined || week === undefined || Number(week) < 1) return undefined;
  const fourth = Temporal.PlainDate.from({ year: Number(year), month: 1, day: 4 });
  const monday = fourth.subtract({ days: fourth.dayOfWeek - 1 }).add({ weeks: Number(week) - 1 });
  if (monday.yearOfWeek !== Number(year) || monday.weekOfYear !== Number(week)) return undefined;
  const near = (weeks: number) => {
    const other = monday.add({ weeks });
    const name = `${other.yearOfWeek}-W${String(other.weekOfYear).padStart(2, "0")}`;
    return { url: `/week/${name}`, label: name };
  };
  return {
    label: text,
    from: instant(monday),
    to: instant(monday.add({ weeks: 1 })),
    previous: near(-1),
    next: near(1),
  };
}

/** `2026-03`. */
export function monthSpan(text: string): NamedSpan | undefined {
  const month = parsed(() => (/^\d{4}-\d{2}$/.test(text) ? Temporal.PlainYearMonth.from(text) : undefined));
  if (month === undefined) return undefined;
  const near = (months: number) => {
    const other = month.add({ months }).toString();
    return { url: `/month/${other}`, label: other };
  };
  const first = month.toPlainDate({ day: 1 });
  return {
    label: text,
    from: instant(first),
    to: instant(first.add({ months: 1 })),
    previous: near(-1),
    next: near(1),
  };
}

function instant(day: Temporal.PlainDate): Date {
  return new Date(`${day.toString()}T00:00:00Z`);
}

function parsed<T>(read: () => T | undefined): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
