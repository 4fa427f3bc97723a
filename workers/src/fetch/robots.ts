/**
 * May `agent` (its product token, such as `Paperwire`) read `url` under this robots.txt? RFC 9309, with the
 * leniency of Google's matcher: misspelt names, missing colons, `index.html` for its directory. The longest
 * matching pattern decides, `allow` at equal length; a group for the agent outdoes the one for `*`. Linear in
 * the file: the first 500 KiB count and no pattern is ever retried.
 */
export function isAllowed(robotsTxt: string, agent: string, url: string): boolean {
  const path = pathOf(url);
  const rules = rulesFor(robotsTxt, agent);
  let allowed = 0;
  let forbidden = 0;
  for (const { allows, pattern } of rules) {
    if (pattern.length <= (allows ? allowed : forbidden)) continue;
    const length = matchLength(path, pattern, allows);
    if (allows) allowed = Math.max(allowed, length);
    else forbidden = Math.max(forbidden, length);
  }
  return forbidden <= allowed;
}

interface Rule {
  readonly allows: boolean;
  readonly pattern: string;
}

/** RFC 9309 §2.5: at least this much is read. */
const MOST_TEXT = 500 * 1024;
/** A longer line is an accident or an attack. */
const LONGEST_LINE = 16_663;

/** The rules of all groups that name the agent; of those for everybody when none does. */
function rulesFor(robotsTxt: string, agent: string): readonly Rule[] {
  const own: Rule[] = [];
  const everybody: Rule[] = [];
  let named = false;
  let inOwn = false;
  let inEverybody = false;
  let sawRule = false;
  for (const [name, value] of linesOf(robotsTxt)) {
    if (name === "user-agent") {
      if (sawRule) inOwn = inEverybody = sawRule = false;
      if (/^\*(?:\s|$)/.test(value)) inEverybody = true;
      else if (agent !== "" && productOf(value).toLowerCase() === agent.toLowerCase()) inOwn = named = true;
    } else {
      // Ends the list of agents before it, also where none of them is us.
      sawRule = true;
      if (name === "crawl-delay") continue;
      const rule = { allows: name === "allow", pattern: escaped(value) };
      if (inOwn) own.push(rule);
      if (inEverybody) everybody.push(rule);
    }
  }
  return named ? own : everybody;
}

type Line = readonly [name: "user-agent" | "allow" | "disallow" | "crawl-delay", value: string];

function* linesOf(robotsTxt: string): Generator<Line> {
  for (const raw of robotsTxt
    .slice(0, MOST_TEXT)
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\n|\r/)) {
    const line = (raw.slice(0, LONGEST_LINE).split("#", 1)[0] ?? "").trim();
    const colon = line.indexOf(":");
    // Without a colon white space will do, if it makes exactly two words.
    const [name, value] =
      colon >= 0 ? [line.slice(0, colon).trim(), line.slice(colon + 1).trim()] : twoWords(line);
    const known = NAMES.get(name.toLowerCase());
    if (known !== undefined) yield [known, value];
  }
}

function twoWords(line: string): [string, string] {
  const [name = "", value = "", more] = line.split(/[ \t]+/, 3);
  return more === undefined ? [name, value] : ["", ""];
}

const NAMES: ReadonlyMap<string, Line[0]> = new Map([
  ["user-agent", "user-agent"],
  ["useragent", "user-agent"],
  ["user agent", "user-agent"],
  ["allow", "allow"],
  ["disallow", "disallow"],
  ["dissallow", "disallow"],
  ["dissalow", "disallow"],
  ["disalow", "disallow"],
  ["diasllow", "disallow"],
  ["disallaw", "disallow"],
  // Not in RFC 9309 and not obeyed here (the host's budget is slower), but meant as a rule of its group.
  ["crawl-delay", "crawl-delay"],
]);

/** The product token: letters, `-` and `_` (RFC 9309 §2.2.1). */
function productOf(value: string): string {
  return /^[A-Za-z_-]*/.exec(value)?.[0] ?? "";
}

/** The pattern's length if it matches, 0 if not. A pattern for `…/index.html` speaks of the directory as well. */
function matchLength(path: string, pattern: string, allows: boolean): number {
  if (matches(path, pattern)) return pattern.length;
  const slash = pattern.lastIndexOf("/");
  if (!allows || slash < 0 || !pattern.startsWith("/index.htm", slash)) return 0;
  const directory = `${pattern.slice(0, slash + 1)}$`;
  return matches(path, directory) ? directory.length : 0;
}

/** `*` is any run of characters, `$` at the end is the end; everything else is itself, from the start. */
function matches(path: string, pattern: string): boolean {
  const anchored = pattern.endsWith("$");
  const parts = (anchored ? pattern.slice(0, -1) : pattern).split("*");
  const first = parts[0] ?? "";
  if (!path.startsWith(first)) return false;
  if (parts.length === 1) return !anchored || path.length === first.length;
  const last = anchored ? parts.pop() : undefined;
  let at = first.length;
  for (const part of parts.slice(1)) {
    const found = path.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return last === undefined || (path.endsWith(last) && path.length - last.length >= at);
}

/** As a URL's path would be written: UTF-8 escaped, escapes in capitals; nothing is unescaped. */
function escaped(pattern: string): string {
  return pattern
    .toWellFormed()
    .replace(/[\u0080-\u{10FFFF}]+/gu, (text) => encodeURIComponent(text))
    .replace(/%[0-9a-f]{2}/gi, (code) => code.toUpperCase());
}

/** Path and query as they stand, without host and fragment. */
function pathOf(url: string): string {
  const noScheme = url.replace(/^[a-z][a-z0-9+.-]*:/i, "");
  const rest = noScheme.startsWith("//") ? noScheme.slice(2).replace(/^[^/?;#]*/, "") : noScheme;
  const path = rest.split("#", 1)[0] ?? "";
  return path.startsWith("/") ? path : `/${path}`;
}
