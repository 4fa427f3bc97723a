import { arxivTexToUnicode } from "./tex-arxiv.ts";

/** One author as arXiv takes an author line apart. */
export interface ArxivAuthor {
  /** The key name with its particles: `van de Sompel`; the whole name where there is only one. */
  readonly last: string;
  readonly first: string;
  readonly suffix: string;
  readonly affiliations: readonly string[];
}

/**
 * An arXiv author line taken apart by arXiv's own rules (`arxiv.authors` of its base library): lists by comma,
 * `and` or `&`, never inside parentheses; collaborations in front; affiliations in parentheses behind a name, or
 * numbered and listed at the end; an affiliation also holds for the authors before it who have none.
 * What is beyond 50,000 characters is not read.
 */
export function parseArxivAuthors(text: string): ArxivAuthor[] {
  const line = text.slice(0, LONGEST_LINE);
  const parts = withoutEmpty(splitLine(line));
  const names = parts
    .filter((part) => !/^[\](,]/.test(part))
    .map(tidyName)
    .filter((name) => !/^\s*et\.?\s+al\.?\s*/i.test(name));
  const authors: Draft[] = [];
  while (names[0] !== undefined) {
    const collaboration = /([a-z0-9\s]+\s+(?:collaboration|group|team))/i.exec(
      names[0].slice(0, LONGEST_NAME),
    );
    if (collaboration === null) break;
    authors.push({ last: collaboration[1] ?? "", first: "", suffix: "", affiliations: [] });
    names.shift();
    if (names[0] === "," || names[0] === ":") names.shift();
  }
  const collaborations = authors.length;
  const numbered = numberedAffiliations(line);
  for (const name of names) {
    authors.push({ ...splitName(name), affiliations: affiliationsOf(name, line, numbered) });
  }
  let known: string[] = [];
  for (const author of authors.slice(collaborations).reverse()) {
    if (author.affiliations.length > 0) known = author.affiliations;
    else author.affiliations.push(...known);
  }
  return authors.map(({ last, first, suffix, affiliations }) => ({
    last: arxivTexToUnicode(last),
    first: arxivTexToUnicode(first),
    suffix: arxivTexToUnicode(suffix),
    affiliations: affiliations.map(arxivTexToUnicode),
  }));
}

interface Draft {
  readonly last: string;
  readonly first: string;
  readonly suffix: string;
  readonly affiliations: string[];
}

/** Names, separators (`,` `:`) and parenthesised blocks in the order of the line. */
function splitLine(line: string): string[] {
  const parts: string[] = [];
  for (const block of blocksOf(line)) {
    const folded = block.replace(/\s+/g, " ");
    if (folded.startsWith("(")) parts.push(folded);
    else {
      const pieces = folded.replace(/,?\s+(?:and|&)\s/g, ",").split(/([,:])\s*/);
      parts.push(...pieces.map((piece) => piece.trim()).filter((piece) => piece !== ""));
    }
  }
  const recombined: string[] = [];
  for (const part of parts) {
    const name = recombined.at(-2);
    if (/^Jr\.?$/.test(part) && name !== undefined && recombined.at(-1) === "," && !name.startsWith(")")) {
      recombined.splice(-2, 2, `${name}, ${part}`);
    } else recombined.push(part);
  }
  return recombined;
}

/** The line cut at its outermost parentheses, which stay with their content. */
function blocksOf(line: string): string[] {
  const pieces = line.split(/([()])/).filter((piece) => piece !== "");
  if (pieces.length <= 1) return pieces.length === 0 ? [] : [line];
  const blocks: string[] = [];
  let current = "";
  let depth = 0;
  for (const piece of pieces) {
    if (piece === "(" && ++depth === 1) {
      blocks.push(current);
      current = "(";
    } else if (piece === ")" && --depth === 0) {
      blocks.push(`${current})`);
      current = "";
    } else current += piece;
  }
  return current === "" ? blocks : [...blocks, current];
}

/** No separator at either end, none doubled. */
function withoutEmpty(parts: readonly string[]): string[] {
  const single = parts.filter((part, at) => part !== "," || parts[at - 1] !== ",");
  const start = single.findIndex((part) => part !== ",");
  const end = single.findLastIndex((part) => part !== ",");
  return start < 0 ? [] : single.slice(start, end + 1);
}

function tidyName(name: string): string {
  return name.replace(/\s\s+/g, " ").replace(/(?<!\\)\.(\S)/g, ". $1");
}

function splitName(name: string): Pick<Draft, "last" | "first" | "suffix"> {
  if (name.length > LONGEST_NAME) return { last: name, first: "", suffix: "" };
  const twice = new RegExp(`^(.*)\\s+(${particle})\\s(${particle})\\s(\\S+)$`, "i").exec(name);
  if (twice !== null) return { last: twice.slice(2).join(" "), first: twice[1] ?? "", suffix: "" };
  const once = new RegExp(`^(.*)\\s+(${particle})\\s(\\S+)$`, "i").exec(name);
  if (once !== null) return { last: once.slice(2).join(" "), first: once[1] ?? "", suffix: "" };
  const suffixed = /^(.*)\s+(\S+)\s(I|II|III|IV|V|Sr|Jr|Sr\.|Jr\.)$/i.exec(name);
  if (suffixed !== null) {
    return { last: suffixed[2] ?? "", first: suffixed[1] ?? "", suffix: suffixed[3] ?? "" };
  }
  const plain = /^(.*)\s+(\S+)$/.exec(name);
  if (plain !== null) return { last: plain[2] ?? "", first: plain[1] ?? "", suffix: "" };
  return { last: name, first: "", suffix: "" };
}

/** `((1) Institute, (2) University)` → by number. */
function numberedAffiliations(line: string): ReadonlyMap<string, string> {
  const list = /\(\s*\((.*)$/.exec(line)?.[1] ?? "";
  const numbered = new Map<string, string>();
  for (const entry of list.replace(/\s*\)\s*$/, "").split("(")) {
    const [, number, name] = /^(\d+)\)\s*(\S.*\S)\s*$/.exec(entry) ?? [];
    if (number !== undefined && name !== undefined) numbered.set(number, name.replace(/[.,\s]+$/, ""));
  }
  return numbered;
}

function affiliationsOf(name: string, line: string, numbered: ReadonlyMap<string, string>): string[] {
  if (!line.includes("(") || name.length > LONGEST_NAME) return [];
  const spelled = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll(" ", "\\s*");
  const found = new RegExp(`${spelled}\\s*\\(([^()]+)`, "i").exec(line)?.[1];
  if (found === undefined) return [];
  const text = found.trim().replace(/\s+(?:&|and)\s+/gi, ",");
  if (!/^[\d,\s]+$/.test(text)) return [text];
  return text.split(",").flatMap((number) => numbered.get(number) ?? []);
}

const LONGEST_LINE = 50_000;
const LONGEST_NAME = 300;
/** What arXiv takes for a particle of the surname. */
const particle = "van|der|de|la|von|del|della|da|mac|ter|dem|di|vaziri";
