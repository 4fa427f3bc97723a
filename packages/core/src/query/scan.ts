import { UsageError } from "../errors.ts";

/** `at` counts UTF-16 units from 0. */
export type Token =
  | { readonly kind: "(" | ")" | "and" | "or" | "not"; readonly at: number }
  | { readonly kind: "field"; readonly name: string; readonly at: number }
  | { readonly kind: "word" | "quoted"; readonly text: string; readonly at: number };

/** Cuts a query into its signs. Throws UsageError for an open quotation. */
export function scan(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const sign = text.charAt(at);
    if (/\s/.test(sign)) {
      at++;
    } else if (sign === "(" || sign === ")") {
      tokens.push({ kind: sign, at });
      at++;
    } else if (QUOTES.test(sign)) {
      const end = closingQuote(text, at + 1);
      if (end < 0) throw wrong(text, at, "A quotation is opened and never closed");
      tokens.push({ kind: "quoted", text: text.slice(at + 1, end), at });
      at = end + 1;
    } else if (sign === "-" && opensNegation(text, at)) {
      tokens.push({ kind: "not", at });
      at++;
    } else {
      at = scanWord(text, at, tokens);
    }
  }
  return tokens;
}

/** A complaint about a query: what, where (characters from 1), and the text from there on. */
export function wrong(text: string, at: number, what: string): UsageError {
  const rest = text.slice(at, at + 24).trim();
  const where = rest === "" ? "at its end" : `at character ${at + 1}, before “${rest}”`;
  return new UsageError(`${what} (in the query, ${where}).`);
}

const QUOTES = /["“”„″]/;
const OPERATORS: Readonly<Record<string, "and" | "or" | "not">> = {
  AND: "and",
  "&": "and",
  "&&": "and",
  OR: "or",
  "|": "or",
  "||": "or",
  NOT: "not",
};

function closingQuote(text: string, from: number): number {
  for (let at = from; at < text.length; at++) if (QUOTES.test(text.charAt(at))) return at;
  return -1;
}

/** A hyphen negates at the start of a word; between spaces it is a dash. */
function opensNegation(text: string, at: number): boolean {
  return /[^\s-]/.test(text.charAt(at + 1));
}

function scanWord(text: string, at: number, tokens: Token[]): number {
  let end = at;
  while (end < text.length && !/[\s()]/.test(text.charAt(end)) && !QUOTES.test(text.charAt(end))) end++;
  const word = text.slice(at, end);
  const operator = OPERATORS[word];
  if (operator !== undefined) {
    tokens.push({ kind: operator, at });
    return end;
  }
  const [prefix, name] = /^([a-z]+):/i.exec(word) ?? [];
  if (prefix !== undefined && name !== undefined) {
    tokens.push({ kind: "field", name: name.toLowerCase(), at });
    if (prefix.length < word.length) {
      tokens.push({ kind: "word", text: word.slice(prefix.length), at: at + prefix.length });
    }
    return end;
  }
  tokens.push({ kind: "word", text: word, at });
  return end;
}
