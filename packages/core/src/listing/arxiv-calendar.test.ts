import { expect, test } from "vitest";
import {
  announcementDates,
  announcementOf,
  announcementOn,
  isAnnouncementDay,
  isCalendarPublished,
  lastAnnouncement,
  nextAnnouncement,
} from "./arxiv-calendar.ts";

test("feeds carry an announcement from Monday to Friday", () => {
  expect(announcementDates("2026-03-09", "2026-03-15")).toEqual([
    "2026-03-09",
    "2026-03-10",
    "2026-03-11",
    "2026-03-12",
    "2026-03-13",
  ]);
  expect(announcementDates("2026-03-15", "2026-03-09")).toEqual([]);
});

test("the feed after a deferred evening is empty: Thursday's holiday empties Friday", () => {
  expect(isAnnouncementDay("2026-01-01")).toBe(true);
  expect(isAnnouncementDay("2026-01-02")).toBe(false);
  expect(announcementDates("2025-11-26", "2025-12-02")).toEqual([
    "2025-11-26",
    "2025-11-27",
    "2025-12-01",
    "2025-12-02",
  ]);
});

test("a Friday's holiday leaves out the Sunday after it, so that Monday's feed is empty", () => {
  expect(isAnnouncementDay("2026-06-19")).toBe(true);
  expect(isAnnouncementDay("2026-06-22")).toBe(false);
  expect(isAnnouncementDay("2026-06-23")).toBe(true);
});

test("an announcement is made at 20:00 Eastern, in winter and in summer", () => {
  expect(announcementOn("2026-01-06")?.at.toISOString()).toBe("2026-01-06T01:00:00.000Z");
  expect(announcementOn("2026-07-15")).toEqual({
    date: "2026-07-15",
    at: new Date("2026-07-15T00:00:00Z"),
    feedAt: new Date("2026-07-15T04:00:00Z"),
    submittedFrom: new Date("2026-07-13T18:00:00Z"),
    submittedTo: new Date("2026-07-14T18:00:00Z"),
  });
});

test("Tuesday's feed holds the weekend, and the day after a deferred mailing holds both days", () => {
  const hours = (date: string) => {
    const announcement = announcementOn(date);
    if (announcement === undefined) return undefined;
    return (announcement.submittedTo.getTime() - announcement.submittedFrom.getTime()) / 3_600_000;
  };
  expect(["2026-05-04", "2026-05-05", "2026-05-06"].map(hours)).toEqual([24, 72, 24]);
  expect(["2026-06-19", "2026-06-22", "2026-06-23"].map(hours)).toEqual([24, undefined, 96]);
  // The weekend in which the clocks go forward is an hour shorter.
  expect(hours("2026-03-10")).toBe(71);
});

test("every submission falls into exactly one announcement, whatever is deferred", () => {
  let end: Date | undefined;
  for (const date of announcementDates("2024-01-02", "2027-12-31")) {
    const announcement = announcementOn(date);
    if (end !== undefined) expect(announcement?.submittedFrom).toEqual(end);
    end = announcement?.submittedTo;
  }
  expect(announcementOf(new Date("2026-06-19T12:00:00Z")).date).toBe("2026-06-23");
});

test("next and last stand on either side of an instant", () => {
  const evening = new Date("2026-06-19T00:00:00Z");
  expect(lastAnnouncement(evening)).toMatchObject({ date: "2026-06-19", at: evening });
  expect(nextAnnouncement(evening).date).toBe("2026-06-23");
  expect(lastAnnouncement(new Date(evening.getTime() - 1)).date).toBe("2026-06-18");
  expect(nextAnnouncement(new Date(evening.getTime() - 1)).date).toBe("2026-06-19");
});

test("a year that arXiv has not published yet is not certain", () => {
  expect(["2025-12-31", "2026-12-31", "2027-01-04"].map(isCalendarPublished)).toEqual([true, true, false]);
});
