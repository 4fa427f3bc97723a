import { expect, test } from "vitest";
import { laterStatus, type MailStatus, mailStatuses, suppressionOf } from "./mail-status.ts";

test("words about a mail in any order, also twice, end in the same status", () => {
  const words: MailStatus[] = ["complained", "sent", "delivered", "delayed", "delivered", "bounced"];
  for (let turn = 0; turn < words.length; turn++) {
    const heard = [...words.slice(turn), ...words.slice(0, turn)];
    expect(heard.reduce<MailStatus | undefined>(laterStatus, undefined)).toBe("complained");
  }
});

test("a status never moves back", () => {
  for (const [i, known] of mailStatuses.entries()) {
    for (const [j, heard] of mailStatuses.entries())
      expect(laterStatus(known, heard)).toBe(mailStatuses[Math.max(i, j)]);
  }
});

test("a hard bounce or a complaint counts at once, soft bounces when they are three of the last five", () => {
  expect(suppressionOf(["delivered", "hard", "delivered"])).toBe("hard");
  expect(suppressionOf(["hard", "complained"])).toBe("complained");
  expect(suppressionOf(["suppressed"])).toBe("suppressed");
  expect(suppressionOf(["soft", "soft"])).toBeUndefined();
  expect(suppressionOf(["soft", "delivered", "soft", "delivered", "soft"])).toBe("soft");
  expect(suppressionOf(["soft", "soft", "soft", "delivered", "delivered", "delivered"])).toBeUndefined();
  expect(suppressionOf([])).toBeUndefined();
});
