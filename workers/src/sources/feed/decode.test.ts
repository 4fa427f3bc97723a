import iconv from "iconv-lite";
import { describe, expect, test } from "vitest";
import { decodeText, sliceable } from "./decode.ts";

const declared = (encoding: string, text: string) =>
  `<?xml version="1.0" encoding="${encoding}"?><a>${text}</a>`;

describe("the encoding", () => {
  test.each(["utf-16le", "utf-16be", "utf-32le", "utf-32be"])(
    "%s is known without a mark and with one",
    (encoding) => {
      const text = declared("utf-16", "Łódź 日本");
      expect(decodeText(iconv.encode(text, encoding))).toEqual({ text, encoding });
      expect(decodeText(iconv.encode(text, encoding, { addBOM: true })).text).toBe(text);
    },
  );

  test.each([
    ["koi8-r", "Привет"],
    ["shift_jis", "日本語"],
    ["euc-kr", "한국어"],
    ["big5", "中文"],
    ["iso-8859-2", "Łódź"],
  ])("%s is taken from the declaration where the bytes are no UTF-8", (encoding, text) => {
    expect(decodeText(iconv.encode(declared(encoding, text), encoding))).toEqual({
      text: declared(encoding, text),
      encoding,
    });
  });

  test("valid UTF-8 is UTF-8 whatever the header and the declaration say", () => {
    const bytes = Buffer.from(declared("iso-8859-1", "café"));
    expect(decodeText(bytes, "text/xml; charset=windows-1251")).toMatchObject({
      text: declared("iso-8859-1", "café"),
      encoding: "utf-8",
    });
  });

  test("the header comes before the declaration", () => {
    const bytes = iconv.encode(declared("iso-8859-1", "Привет"), "windows-1251");
    expect(decodeText(bytes, 'text/xml; charset="windows-1251"').text).toContain("Привет");
  });

  test("Latin-1 under the name of UTF-8 is read as windows-1252", () => {
    expect(decodeText(Buffer.from(declared("utf-8", "caf\xe9 \x96 x"), "latin1")).text).toContain("café – x");
  });

  test("UTF-8 that is cut in a character stays UTF-8", () => {
    const bytes = Buffer.from("<a>über größere Bücher</a><b>é");
    expect(decodeText(bytes.subarray(0, -1)).text).toContain("über größere Bücher");
  });

  test("control characters 128 to 159 are windows-1252 taken for Latin-1", () => {
    expect(decodeText(Buffer.from("don\u0092t")).text).toBe("don’t");
  });
});

test("pieces of a sliced text are the decoded text's, whatever the positions count", () => {
  const text = declared("utf-8", `${"plain ".repeat(30)}<b>naïve 日本 😀</b>${"x".repeat(200)}é`);
  const sliced = sliceable(Buffer.from(`\ufeff${text}`));
  const from = sliced.text.indexOf("<b>");
  expect(sliced.slice(0, from)).toBe(text.slice(0, text.indexOf("<b>")));
  expect(sliced.slice(from, sliced.text.length)).toBe(text.slice(text.indexOf("<b>")));
});
