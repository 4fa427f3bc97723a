import type { Rhythm } from "@paperwire/core";
import { child, childrenOf, childText, textOf } from "./element.ts";
import type { XmlElement } from "./xml.ts";

/** `ttl`, `skipHours`, `skipDays` (RSS 2.0) and `sy:` (RSS 1.0 syndication module; the longer of the two wins). */
export function rhythmOf(channel: XmlElement): Rhythm | undefined {
  const ttl = Math.max(positive(childText(channel, "ttl")) ?? 0, syndicationMinutes(channel) ?? 0);
  const skipHours = textsIn(channel, "skiphours", "hour")
    .map(Number)
    .filter((hour) => Number.isInteger(hour) && hour >= 0 && hour <= 24)
    .map((hour) => hour % 24);
  const skipDays = textsIn(channel, "skipdays", "day").flatMap((day) => {
    const name = weekdays.find((weekday) => weekday.toLowerCase() === day.toLowerCase());
    return name === undefined ? [] : [name];
  });
  if (ttl === 0 && skipHours.length === 0 && skipDays.length === 0) return undefined;
  return {
    ...(ttl > 0 && { ttlMinutes: ttl }),
    ...(skipHours.length > 0 && { skipHours: [...new Set(skipHours)] }),
    ...(skipDays.length > 0 && { skipDays: [...new Set(skipDays)] }),
  };
}

function textsIn(channel: XmlElement, list: string, name: string): string[] {
  const element = child(channel, list);
  return element === undefined
    ? []
    : childrenOf(element, name)
        .map((node) => textOf(node) ?? "")
        .filter((text) => text !== "");
}

function syndicationMinutes(channel: XmlElement): number | undefined {
  const period = periodMinutes.get(childText(channel, "sy:updateperiod")?.toLowerCase() ?? "");
  if (period === undefined) return undefined;
  return Math.max(1, Math.round(period / (positive(childText(channel, "sy:updatefrequency")) ?? 1)));
}

function positive(text: string | undefined): number | undefined {
  const number = Number(text);
  return text !== undefined && Number.isFinite(number) && number > 0 ? number : undefined;
}

const weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const periodMinutes = new Map([
  ["hourly", 60],
  ["daily", 1440],
  ["weekly", 10_080],
  ["monthly", 43_200],
  ["yearly", 525_600],
]);
