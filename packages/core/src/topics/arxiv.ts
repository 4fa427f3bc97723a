import { archiveOf, canonicalCategory, isCategory } from "../listing/taxonomy.ts";
import type { TopicLabel } from "./model.ts";

/**
 * The topics a listing's own categories say: arXiv's codes made canonical, each with certainty, and the archive
 * of each (`cs` for `cs.CL`) after them. Words that are no categories of arXiv give nothing. The primary comes first.
 */
export function topicsOfCategories(categories: readonly string[]): TopicLabel[] {
  const codes = new Set(categories.filter(isCategory).map(canonicalCategory));
  const archives = [...codes].flatMap((code) => archiveOf(code) ?? []);
  return [...new Set([...codes, ...archives])].map((topic) => ({ topic, confidence: 1 }));
}
