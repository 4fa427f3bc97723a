/**
 * How much attention a paper gets. Every count that says something (votes, picks, homes, …) is worth
 *
 *     worth(kind, n) = a · log2(1 + n / b)
 *
 * so that the hundredth vote moves less than the first, and a rise from m to n at the instant t adds
 * worth(n) - worth(m), halved every H hours. What is stored is the logarithm of the sum,
 *
 *     trend = log2 Σ wᵢ · 2^((tᵢ - t₀) / H),    t₀ = 2024-01-01, H = 36 h
 *
 * It never has to be computed again: the halving is the same for all papers, so their order holds by itself, one
 * index serves it, and a new signal is one addition (`withSignal`). -Infinity stands for no attention at all.
 */
export function trendOf(signals: readonly TrendSignal[], span: TrendSpan = {}): number {
  const {
    from = Number.NEGATIVE_INFINITY,
    until = Number.POSITIVE_INFINITY,
    halfLifeMs = HALF_LIFE_MS,
  } = span;
  let trend = Number.NEGATIVE_INFINITY;
  for (const { kind, before, count, at } of rises(signals)) {
    const instant = at.getTime();
    if (instant < from || instant >= until) continue;
    trend = plus(trend, logOf(worthOfCount(kind, count) - worthOfCount(kind, before), instant, halfLifeMs));
  }
  return trend;
}

/**
 * What a signal can count. `homes` counts the places a paper is listed at (the first makes it 1), `outside-votes`
 * another site's votes, `votes` and `saves` those of readers here (one each), `picks` the curators who picked it.
 */
export type TrendKind = keyof typeof WORTHS;

/** From the instant `at` on, the count stood at `count`. */
export interface TrendSignal {
  readonly kind: TrendKind;
  readonly count: number;
  readonly at: Date;
  /** Tells apart counts of one kind that different places keep (a source's id); each rises by itself. */
  readonly of?: string;
}

/** Only signals with `from` ≤ instant < `until` (milliseconds since 1970) count. */
export interface TrendSpan {
  readonly from?: number;
  readonly until?: number;
  readonly halfLifeMs?: number;
}

/** The trend after one count rose from `before` to `count`: the same as `trendOf` with that signal more. */
export function withSignal(trend: number, signal: TrendSignal, before: number): number {
  const gain = worthOfCount(signal.kind, signal.count) - worthOfCount(signal.kind, before);
  return plus(trend, logOf(gain, signal.at.getTime(), HALF_LIFE_MS));
}

/** A stored trend as a number for people at one instant: 0 for nothing, 1 for a paper just listed. */
export function heatOf(trend: number, now: Date): number {
  return 2 ** (trend - (now.getTime() - ORIGIN_MS) / HALF_LIFE_MS);
}

/** Worth of a count, in units of "was listed once". */
export function worthOfCount(kind: TrendKind, count: number): number {
  const { height, bend } = WORTHS[kind];
  return height * Math.log2(1 + Math.max(0, count) / bend);
}

/** A day `2026-03-14`, an ISO week `2026-W11` or a month `2026-03`, all in UTC. */
export interface TrendPeriod {
  readonly name: string;
  readonly kind: "day" | "week" | "month";
  /** Milliseconds since 1970; the end is not part of it. */
  readonly from: number;
  readonly until: number;
}

/** Reads the name of a period; undefined when it is none, or no day, week or month of the calendar. */
export function trendPeriodOf(name: string): TrendPeriod | undefined {
  const [, year = "", week, month, day] = /^(\d{4})-(?:W(\d\d)|(\d\d)(?:-(\d\d))?)$/.exec(name) ?? [];
  if (year === "") return undefined;
  if (week !== undefined) {
    const from = firstMonday(Number(year)) + (Number(week) - 1) * WEEK_MS;
    const isWeek = Number(week) >= 1 && from < firstMonday(Number(year) + 1);
    return isWeek ? { name, kind: "week", from, until: from + WEEK_MS } : undefined;
  }
  const from = Date.UTC(Number(year), Number(month) - 1, Number(day ?? 1));
  if (!new Date(from).toISOString().startsWith(name)) return undefined;
  if (day !== undefined) return { name, kind: "day", from, until: from + DAY_MS };
  return { name, kind: "month", from, until: Date.UTC(Number(year), Number(month)) };
}

/** The day, week or month an instant lies in. */
export function trendPeriodAt(kind: TrendPeriod["kind"], at: Date): TrendPeriod {
  const day = at.toISOString().slice(0, 10);
  const thursday = new Date(Date.parse(day) + (4 - (at.getUTCDay() || 7)) * DAY_MS);
  const year = thursday.getUTCFullYear();
  const week = Math.round((thursday.getTime() - firstMonday(year) - 3 * DAY_MS) / WEEK_MS) + 1;
  const names = { day, week: `${year}-W${String(week).padStart(2, "0")}`, month: day.slice(0, 7) };
  const period = trendPeriodOf(names[kind]);
  if (period === undefined) throw new RangeError(`There is no ${kind} ${names[kind]}`);
  return period;
}

export interface TrendCandidate {
  readonly id: string;
  /** The field the paper competes in, as a rule the archive of its primary topic. */
  readonly field?: string;
  readonly signals: readonly TrendSignal[];
}

export interface Trending {
  readonly id: string;
  /** Worth of the period's signals, halved and damped, above 0. */
  readonly score: number;
}

/**
 * The papers of a period, most attention first, ties by id; papers without a signal in it are left out. A pure
 * function of the signals inside the period, so a list that is computed again years later is the same list. The
 * half-life is one and a half periods: Monday's papers still stand a chance on Sunday. A paper's worth is divided
 * by the square root of its field's mean (drawn towards the mean of all, as if five more papers had had that), so
 * that a small field is not drowned by a loud one and a loud one is not silenced.
 */
export function trendingIn(period: TrendPeriod, candidates: readonly TrendCandidate[]): Trending[] {
  const halfLifeMs = 1.5 * (period.until - period.from);
  const span = { from: period.from, until: period.until, halfLifeMs };
  const end = (period.until - ORIGIN_MS) / halfLifeMs;
  const heated = candidates
    .map(({ id, field = "", signals }) => ({ id, field, heat: 2 ** (trendOf(signals, span) - end) }))
    .filter(({ heat }) => heat > 0)
    // In one order, or the last bit of a sum would depend on the order the candidates came in.
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const sums = new Map<string, { heat: number; papers: number }>();
  let total = 0;
  for (const { field, heat } of heated) {
    const sum = sums.get(field) ?? { heat: 0, papers: 0 };
    sums.set(field, { heat: sum.heat + heat, papers: sum.papers + 1 });
    total += heat;
  }
  const mean = total / Math.max(1, heated.length);
  const damped = heated.map(({ id, field, heat }) => {
    const sum = sums.get(field) ?? { heat: 0, papers: 0 };
    const fieldMean = (sum.heat + PRIOR_PAPERS * mean) / (sum.papers + PRIOR_PAPERS);
    return { id, score: heat * Math.sqrt(mean / fieldMean) };
  });
  return damped.sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
}

/** Height `a` and bend `b` of worth(n) = a · log2(1 + n / b). */
const WORTHS = {
  homes: { height: 1, bend: 1 },
  "outside-votes": { height: 4, bend: 8 },
  votes: { height: 6, bend: 3 },
  saves: { height: 3, bend: 3 },
  picks: { height: 8, bend: 1 },
} as const;

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
const HALF_LIFE_MS = 1.5 * DAY_MS;
const ORIGIN_MS = Date.UTC(2024, 0, 1);
const PRIOR_PAPERS = 5;

/** Each count's rises in time; a count that falls (a vote taken back, a page read out of order) changes nothing. */
function* rises(signals: readonly TrendSignal[]): Generator<TrendSignal & { before: number }> {
  const counts = new Map<string, number>();
  const keyOf = ({ kind, of = "" }: TrendSignal): string => `${kind} ${of}`;
  const inTime = [...signals].sort(
    (a, b) => a.at.getTime() - b.at.getTime() || a.count - b.count || (keyOf(a) < keyOf(b) ? -1 : 1),
  );
  for (const signal of inTime) {
    const key = keyOf(signal);
    const before = counts.get(key) ?? 0;
    if (signal.count <= before) continue;
    counts.set(key, signal.count);
    yield { ...signal, before };
  }
}

function logOf(gain: number, instant: number, halfLifeMs: number): number {
  return gain > 0 ? Math.log2(gain) + (instant - ORIGIN_MS) / halfLifeMs : Number.NEGATIVE_INFINITY;
}

/** log2(2^a + 2^b) without leaving the logarithm. */
function plus(a: number, b: number): number {
  const [high, low] = a > b ? [a, b] : [b, a];
  return low === Number.NEGATIVE_INFINITY ? high : high + Math.log2(1 + 2 ** (low - high));
}

/** Monday of the week that holds 4 January (ISO 8601). */
function firstMonday(year: number): number {
  const fourth = Date.UTC(year, 0, 4);
  return fourth - ((new Date(fourth).getUTCDay() + 6) % 7) * DAY_MS;
}
