const none: Readonly<Record<string, string>> = Object.freeze({});

/** What one document may still use up: attributes in all, and different names of them. */
export interface Allowance {
  left: number;
  readonly names: Set<string>;
}

/** Ten times what the richest feeds use; objects with ever new names of fields cost a kilobyte each. */
const maxNames = 1000;

function allows(allowance: Allowance, name: string): boolean {
  if (allowance.left <= 0) return false;
  allowance.left--;
  if (allowance.names.has(name)) return true;
  if (allowance.names.size >= maxNames) return false;
  allowance.names.add(name);
  return true;
}

/** Where the `>` of a start tag stands, quotes respected; the end of the text when there is none. */
export function attributeEnd(text: string, from: number): number {
  let quote = 0;
  let isValue = false;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (quote !== 0) {
      if (code === quote) quote = 0;
    } else if (code === 0x3e) return at;
    else if (code === 0x3d) isValue = true;
    else if (code === 0x22 || code === 0x27) {
      if (isValue) {
        const close = text.indexOf(code === 0x22 ? '"' : "'", at + 1);
        if (close < 0) return unquotedEnd(text, at);
        at = close;
      }
      isValue = false;
    } else if (code > 0x20) isValue = false;
  }
  return text.length;
}

/** A quote that is never closed ends with its tag. */
function unquotedEnd(text: string, from: number): number {
  const close = text.indexOf(">", from);
  return close < 0 ? text.length : close;
}

/** The attributes between two positions; names in lower case, the first of two with one name counts. No more are kept than the allowance has left. */
export function readAttributes(
  text: string,
  from: number,
  to: number,
  valueAt: (from: number, to: number) => string,
  allowance: Allowance,
): Readonly<Record<string, string>> {
  if (to - from < 2) return none;
  let attributes: Record<string, string> | undefined;
  let at = from;
  while (at < to) {
    while (at < to && isSpaceOrSlash(text.charCodeAt(at))) at++;
    const nameStart = at;
    while (at < to && !isSpaceOrSlash(text.charCodeAt(at)) && text.charCodeAt(at) !== 0x3d) at++;
    if (at === nameStart) {
      at++;
      continue;
    }
    const name = text.slice(nameStart, at).toLowerCase();
    while (at < to && text.charCodeAt(at) <= 0x20) at++;
    let value = "";
    if (text.charCodeAt(at) === 0x3d && at < to) {
      at++;
      while (at < to && text.charCodeAt(at) <= 0x20) at++;
      const quote = text.charAt(at);
      let end: number;
      if (quote === '"' || quote === "'") {
        at++;
        end = text.indexOf(quote, at);
        if (end < 0 || end > to) end = to;
        value = valueAt(at, end);
        at = end + 1;
      } else {
        end = at;
        while (end < to && text.charCodeAt(end) > 0x20) end++;
        value = valueAt(at, end);
        at = end;
      }
    }
    if (!allows(allowance, name)) continue;
    attributes ??= {};
    attributes[name] ??= value;
  }
  return attributes ?? none;
}

function isSpaceOrSlash(code: number): boolean {
  return code <= 0x20 || code === 0x2f;
}
