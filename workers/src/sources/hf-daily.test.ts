import { expect, test } from "vitest";
import { hfDaily } from "./hf-daily.ts";

const api = "https://huggingface.co/api/daily_papers";
const asked = (url: string, from: string, to: string) =>
  hfDaily
    .requests?.(new URL(url), { from: new Date(from), to: new Date(to) })
    .map((one) => new URL(one).searchParams.get("date"));

test("every day that the window touches is asked for once, the oldest first", () => {
  expect(asked(api, "2026-07-13T23:30:00Z", "2026-07-15T00:30:00Z")?.slice(0, 3)).toEqual([
    "2026-07-13",
    "2026-07-14",
    "2026-07-15",
  ]);
  expect(asked(api, "2026-07-15T00:00:00Z", "2026-07-15T00:00:00Z")).toEqual(["2026-07-15"]);
  expect(asked(api, "2026-07-15T03:00:00Z", "2026-07-15T04:00:00Z")).toEqual(["2026-07-15"]);
});

test("polled every hour or once a day, each earlier day is read again once at each age, for a fortnight", () => {
  const ages = (stepHours: number) => {
    const seen = new Map<string, number>();
    const start = Date.parse("2026-07-15T00:00:00Z");
    for (let hour = 0; hour < 24; hour += stepHours) {
      const window = {
        from: new Date(start + hour * 3_600_000),
        to: new Date(start + (hour + stepHours) * 3_600_000),
      };
      for (const one of hfDaily.requests?.(new URL(api), window) ?? []) {
        const date = new URL(one).searchParams.get("date") ?? "";
        if (date < "2026-07-15") seen.set(date, (seen.get(date) ?? 0) + 1);
      }
    }
    return Object.fromEntries([...seen].sort());
  };
  const expected = {
    "2026-07-01": 1,
    "2026-07-04": 1,
    "2026-07-07": 1,
    "2026-07-09": 1,
    "2026-07-11": 1,
    "2026-07-12": 1,
    "2026-07-13": 1,
    "2026-07-14": 1,
  };
  expect(ages(1)).toEqual(expected);
  expect(ages(6)).toEqual(expected);
  expect(ages(24)).toEqual(expected);
});

test("after a long outage the missed days are asked for once, and no day older than a fortnight before", () => {
  const days = asked(api, "2026-06-01T10:00:00Z", "2026-07-15T10:00:00Z") ?? [];
  expect(days.slice(0, 45)).toEqual(days.slice(0, 45).toSorted());
  expect(new Set(days).size).toBe(days.length);
  expect(days.length).toBe(45);
});

test("a page of the site, a week and a month become addresses of the API", () => {
  const one = (url: string) => hfDaily.requests?.(new URL(url), { from: new Date(0), to: new Date(0) });
  expect(one("https://huggingface.co/papers/week/2026-W11")).toEqual([`${api}?week=2026-W11&limit=100`]);
  expect(one("https://huggingface.co/papers/date/2026-03-14")).toEqual([`${api}?date=2026-03-14&limit=100`]);
  expect(one(`${api}?month=2026-03`)).toEqual([`${api}?month=2026-03&limit=100`]);
  expect(one("http://127.0.0.1:9/list.json")).toEqual(["http://127.0.0.1:9/list.json"]);
});

const row = (paper: object, rest: object = {}) => ({
  paper: { id: "2407.21783", title: "A title", authors: [], ...paper },
  ...rest,
});
const read = (rows: unknown, url?: string) =>
  hfDaily.read({ bytes: new TextEncoder().encode(JSON.stringify(rows)), ...(url !== undefined && { url }) });

test("the list day is never taken from the row's own date once that date means nothing", () => {
  const listedOn = (paper: object, publishedAt: string) =>
    read([row(paper, { publishedAt })]).listings[0]?.listedOn;
  expect(listedOn({ submittedOnDailyAt: "2025-04-03T00:00:00.000Z" }, "2025-03-31T20:00:00.000Z")).toBe(
    "2025-04-03",
  );
  expect(listedOn({}, "2025-04-03T20:00:00.000Z")).toBeUndefined();
  expect(listedOn({}, "2024-05-27T03:50:58.348Z")).toBe("2024-05-27");
});

test("a full page leads on to the next one; a short one and a payload of unknown address do not", () => {
  const rows = Array.from({ length: 50 }, (_, at) => row({ id: `2407.${String(20001 + at)}` }));
  expect(read(rows, `${api}?date=2026-05-13`).next).toBe(`${api}?date=2026-05-13&p=1`);
  expect(read(rows, `${api}?date=2026-05-13&limit=100`).next).toBeUndefined();
  expect(read(rows).next).toBeUndefined();
});

test("picks name who picked them, by name where there is one", () => {
  expect(read([row({}, { submittedBy: { fullname: "AK", name: "akhaliq" } })]).listings[0]?.pickedBy).toBe(
    "AK",
  );
  expect(read([row({ submittedOnDailyBy: { user: "akhaliq" } })]).listings[0]?.pickedBy).toBe("akhaliq");
});

test("one damaged row costs itself and is named", () => {
  const reading = read([null, row({}), { paper: { title: "no id" } }, row({ publishedAt: "yesterday" })]);
  expect(reading.listings.length).toBe(1);
  expect(reading.warnings.map(({ code, at }) => [code, at])).toEqual([
    ["bad-row", "#1"],
    ["bad-row", "#3"],
    ["duplicate-key", "2407.21783"],
  ]);
});
