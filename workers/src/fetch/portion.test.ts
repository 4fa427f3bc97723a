import { expect, test } from "vitest";
import { hfDaily } from "../sources/hf-daily.ts";
import { portionOf } from "./portion.ts";

const url = "https://huggingface.co/papers";
const now = new Date("2026-06-30T12:00:00Z");

test("half a year of missed days is asked for in parts, none too large and none left out", () => {
  let coveredUntil = new Date("2026-01-01T12:00:00Z");
  const asked = new Set<string>();
  let parts = 0;
  for (; coveredUntil < now && parts < 100; parts += 1) {
    const { urls, from, to } = portionOf({ url, coveredUntil }, hfDaily, now);
    expect(urls.length).toBeLessThanOrEqual(30);
    expect(from).toEqual(coveredUntil);
    expect(to.getTime()).toBeGreaterThan(from.getTime());
    for (const one of urls) asked.add(new URL(one).searchParams.get("date") ?? one);
    coveredUntil = to;
  }
  expect(coveredUntil).toEqual(now);
  expect(parts).toBeGreaterThan(1);
  for (let day = Date.parse("2026-01-01"); day <= now.getTime(); day += 86_400_000)
    expect(asked).toContain(new Date(day).toISOString().slice(0, 10));
});

test("an ordinary poll is one part that ends now", () => {
  const coveredUntil = new Date(now.getTime() - 3_600_000);
  expect(portionOf({ url, coveredUntil }, hfDaily, now).to).toEqual(now);
  expect(portionOf({ url, coveredUntil: null }, {}, now).urls).toEqual([url]);
});
