import { describe, expect, test } from "vitest";
import { isAllowed } from "./robots.ts";

const allowed = (robots: string, path: string) =>
  isAllowed(robots, "Paperwire", `https://site.example${path}`);

describe("robots.txt", () => {
  test.each([
    ["nothing", "", "/a", true],
    ["a group for everybody", "User-agent: *\nDisallow: /a", "/a/b", false],
    [
      "a group for us, which outdoes everybody's",
      "User-agent: *\nDisallow: /\n\nUser-agent: paperwire/1.0\nDisallow: /x",
      "/a",
      true,
    ],
    ["an empty group for us", "User-agent: *\nDisallow: /\n\nUser-agent: Paperwire\nDisallow:", "/a", true],
    ["a group for another", "User-agent: Paperwireless\nDisallow: /", "/a", true],
    ["two agents above one group", "User-agent: A\nUser-agent: Paperwire\nDisallow: /", "/a", false],
    [
      "an unknown line between the agents",
      "User-agent: Paperwire\nSitemap: /s.xml\nUser-agent: A\nDisallow: /",
      "/a",
      false,
    ],
    [
      "a group that holds a delay only",
      "User-agent: *\nCrawl-delay: 5\nUser-agent: A\nDisallow: /",
      "/a",
      true,
    ],
    ["rules before any agent", "Disallow: /\nUser-agent: Paperwire\nAllow: /", "/a", true],
    ["the longest pattern", "User-agent: *\nDisallow: /a\nAllow: /a/feed", "/a/feed.xml", true],
    ["a tie", "User-agent: *\nDisallow: /a\nAllow: /a", "/a", true],
    ["wildcards", "User-agent: *\nDisallow: /*/private/*.html$", "/a/private/b.html", false],
    [
      "wildcards that do not reach the end",
      "User-agent: *\nDisallow: /*/private/*.html$",
      "/a/private/b.html?c",
      true,
    ],
    ["an anchored star that would overlap", "User-agent: *\nDisallow: /ab*ba$", "/aba", true],
    [
      "a mark at the start, old line ends and comments",
      "\uFEFFUser-agent: * # all\rDisallow: /a # no",
      "/a",
      false,
    ],
    ["Unicode", "User-agent: *\nDisallow: /ä", "/%C3%A4", false],
    ["half a surrogate pair", "User-agent: *\nDisallow: /\uD800x", "/a", true],
  ])("decides by %s", (_, robots, path, expected) => {
    expect(allowed(robots, path)).toBe(expected);
  });

  test("is read as far as 500 KiB, whatever is in it", () => {
    const stars = `User-agent: *\n${`Disallow: /${"*a".repeat(8_000)}b$\n`.repeat(30)}`;
    expect(allowed(stars, `/${"a".repeat(8_000)}`)).toBe(true);
    expect(allowed(`${"#".repeat(500 * 1024)}\nUser-agent: *\nDisallow: /`, "/a")).toBe(true);
  });
});
