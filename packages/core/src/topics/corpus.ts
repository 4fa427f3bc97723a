import { canonicalCategory, isCategory } from "../listing/taxonomy.ts";

/** A paper with its known topics, to learn from or to test on. */
export interface TopicExample {
  readonly id?: string;
  readonly title: string;
  readonly abstract?: string;
  /** Canonical, the primary first, without repetition. */
  readonly categories: readonly string[];
  /** `YYYY-MM-DD` or longer. */
  readonly date?: string;
}

/**
 * One record of any JSON-lines corpus as an example; undefined for a record without a title or a category.
 * Field names, the first that is present counts:
 * id `id`, `arxivId`, `arxiv_id`, `key` · title `title`, `t` · abstract `abstract`, `summary`, `a`, `description` ·
 * categories `categories`, `category`, `topics`, `c`, `labels`, `label` (an array, or words separated by spaces,
 * commas or semicolons; arXiv's own codes are made canonical) · primary `primary`, `primary_category`,
 * `primaryCategory`, `p` (else the first category) · date `created`, `first_listed`, `published`, `firstSeen`,
 * `date`, `update_date`, `d`.
 */
export function toExample(record: unknown): TopicExample | undefined {
  if (typeof record !== "object" || record === null || Array.isArray(record)) return undefined;
  const fields = record as Readonly<Record<string, unknown>>;
  const title = textOf(fields, ["title", "t"]);
  const categories = categoriesOf(fields);
  if (title === undefined || categories.length === 0) return undefined;
  const id = textOf(fields, ["id", "arxivId", "arxiv_id", "key"]);
  const abstract = textOf(fields, ["abstract", "summary", "a", "description"]);
  const date = textOf(fields, [
    "created",
    "first_listed",
    "published",
    "firstSeen",
    "date",
    "update_date",
    "d",
  ]);
  return {
    ...(id !== undefined && { id }),
    title,
    ...(abstract !== undefined && { abstract }),
    categories,
    ...(date !== undefined && { date }),
  };
}

/** Examples of a JSON-lines text, given line by line. Blank lines, broken lines and unusable records are counted. */
export async function* readExamples(
  lines: AsyncIterable<string> | Iterable<string>,
  onSkipped: (lineNumber: number) => void = () => {},
): AsyncGenerator<TopicExample> {
  let number = 0;
  for await (const line of lines) {
    number++;
    if (line.trim() === "") continue;
    const example = toExample(parsed(line));
    if (example === undefined) onSkipped(number);
    else yield example;
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function textOf(fields: Readonly<Record<string, unknown>>, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = fields[name];
    const text = Array.isArray(value) ? value[0] : value;
    if (typeof text === "string" && text.trim() !== "") return text.replace(/\s+/g, " ").trim();
  }
  return undefined;
}

function categoriesOf(fields: Readonly<Record<string, unknown>>): string[] {
  const primary = textOf(fields, ["primary", "primary_category", "primaryCategory", "p"]);
  const found = ["categories", "category", "topics", "c", "labels", "label"]
    .map((name) => fields[name])
    .find((value) => value !== undefined && value !== null);
  const words = [primary, ...(Array.isArray(found) ? found : [found])].flatMap((value) => wordsIn(value));
  return [...new Set(words)];
}

/** arXiv's codes one by one; a label of another vocabulary may contain spaces where it stands in an array. */
function wordsIn(value: unknown): string[] {
  const text = typeof value === "object" && value !== null && "topic" in value ? value.topic : value;
  if (typeof text !== "string") return [];
  const parts = text.split(/[\s,;]+/).filter((part) => part !== "");
  if (parts.some(isCategory) || parts.length < 2) return parts.map(canonicalCategory);
  return [text.trim()];
}
