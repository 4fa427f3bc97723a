import { createReadStream, existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import { canonicalCategory, isCategory, readExamples, type TopicExample, UsageError } from "@paperwire/core";
import { type Db, topics } from "@paperwire/db";

const perPage = 2_000;

/** The papers of the archive whose sources name categories of arXiv, in order of their ids. */
export async function* archiveExamples(db: Db): AsyncGenerator<TopicExample> {
  let after: string | undefined;
  for (;;) {
    const page = await topics.labelledTexts(db, after, perPage);
    for (const { id, title, abstract, categories, published } of page) {
      const codes = [...new Set(categories.filter(isCategory).map(canonicalCategory))];
      if (codes.length === 0) continue;
      yield {
        id,
        title,
        ...(abstract === null ? {} : { abstract }),
        categories: codes,
        ...(published === null ? {} : { date: published.toISOString().slice(0, 10) }),
      };
    }
    after = page.at(-1)?.id;
    if (after === undefined || page.length < perPage) return;
  }
}

/** The examples of JSON-lines files, gzipped or not, one file after the other. @throws UsageError for one that is absent. */
export async function* fileExamples(
  files: readonly string[],
  onSkipped: () => void = () => undefined,
): AsyncGenerator<TopicExample> {
  const absent = files.find((file) => !existsSync(file));
  if (absent !== undefined) throw new UsageError(`There is no file "${absent}".`);
  for (const file of files) {
    const bytes = createReadStream(file);
    const input = file.endsWith(".gz") ? bytes.pipe(createGunzip()) : bytes;
    yield* readExamples(createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY }), onSkipped);
  }
}
