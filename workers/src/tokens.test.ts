import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { feedbackToken, parseFeedbackToken, readToken, signToken } from "./tokens.ts";

const secret = "0123456789abcdef0123456789abcdef";
const token = { purpose: "feedback" as const, readerId: randomUUID(), epoch: 3, about: randomUUID() };

test("reads what it signed, and nothing that was changed, signed for something else or too old", () => {
  const text = signToken(token, secret);
  expect(readToken(text, "feedback", secret)).toEqual(token);
  expect(signToken(token, secret)).toBe(text);
  expect(readToken(text, "unsubscribe", secret)).toBeUndefined();
  expect(readToken(text, "feedback", secret.replace("0", "1"))).toBeUndefined();
  expect(readToken(`A${text.slice(1)}`, "feedback", secret)).toBeUndefined();
  const ends = signToken({ ...token, expiresAt: 1000 }, secret);
  expect(readToken(ends, "feedback", secret, 1_000_000)).toBeDefined();
  expect(readToken(ends, "feedback", secret, 1_000_001)).toBeUndefined();
});

test("a feedback link keeps its signed part whole, and takes only known words about a paper", () => {
  const signed = signToken(token, secret);
  const paperId = randomUUID();
  expect(parseFeedbackToken(feedbackToken(signed, "less", paperId))).toEqual({
    signed,
    said: "less",
    paperId,
  });
  for (const wrong of [
    signed,
    `${signed}.more`,
    `${signed}.hate.${paperId}`,
    `${signed}.more.1`,
    `${signed}.more.${paperId}.x`,
    "",
  ])
    expect(parseFeedbackToken(wrong)).toBeUndefined();
});
