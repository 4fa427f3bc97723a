import { expect, test } from "vitest";
import { quotedPrintable } from "./quoted-printable.ts";

/** RFC 2045 §6.7, read the other way round. */
function decode(encoded: string): string {
  const bytes = encoded
    .replaceAll("=\r\n", "")
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString();
}

const texts = [
  "",
  "plain",
  "a = b",
  "ends in space \nand tab\t\nand at the end ",
  "Schrödinger 猫 😀\r\nnext line\n",
  "x".repeat(500),
  "é".repeat(500),
  ".dot\n..dots\n",
  "=3D is literal",
  " \n \n",
  "\u0000\u007f\u0001",
  "lone CR \r here",
  Array.from({ length: 3000 }, (_, i) => String.fromCodePoint((i * 7919) % 0xd000)).join(""),
];

test("what is encoded can be decoded, with line ends as CRLF", () => {
  for (const text of texts) {
    expect(decode(quotedPrintable(text)).replaceAll("\r\n", "\n")).toBe(text.replaceAll("\r\n", "\n"));
  }
});

test("every line is short, ASCII, and ends in nothing that a relay may strip", () => {
  for (const line of texts.flatMap((text) => quotedPrintable(text).split("\r\n"))) {
    expect(line.length).toBeLessThanOrEqual(76);
    expect(line).toMatch(/^[\t -~]*$/);
    expect(line).not.toMatch(/[ \t]$/);
  }
});
