import { plainText, texToUnicode } from "@paperwire/core";

/** arXiv's budget: one request per 3 s for API, OAI-PMH, feeds and listings alike, over all machines together. */
export const arxivBudget = { group: "arxiv", gapMs: 3000 } as const;

export const arxivPage = (id: string) => `https://arxiv.org/abs/${id}`;

/** Text as arXiv keeps it (TeX, wrapped lines) → plain Unicode. */
export function arxivText(text: string | undefined): string {
  return texToUnicode(plainText(text ?? ""));
}

/**
 * arXiv keeps no flag for withdrawn papers: the comments say so, the title may, and old papers have a
 * sentence in place of the abstract. A remark that another paper was withdrawn is not meant.
 */
export function isWithdrawn(paper: {
  readonly title?: string;
  readonly comments?: string;
  readonly abstract?: string;
}): boolean {
  const { title = "", comments = "", abstract = "" } = paper;
  if (/^\W*withdrawn\b|[([]\s*(?:this paper (?:has been|is) )?withdrawn\s*[)\]]\W*$/i.test(title))
    return true;
  const said = ownWithdrawal.exec(comments);
  if (said !== null) {
    const before = comments.slice(Math.max(0, said.index - 120), said.index);
    if (!/\b(?:replace(?:s|ment)|supersedes|previous|earlier|former)\b/i.test(`${before}${said[0]}`))
      return true;
  }
  return abstract.length < 1000 && insteadOfAbstract.test(abstract);
}

const work =
  "(?:paper|article|submission|manuscript|work|version|preprint|e-?print|note|letter|document|report|thesis|draft|comment)";
const ownWithdrawal = new RegExp(
  [
    `^\\W*(?:paper |article |manuscript )?(?:temporarily )?withdrawn\\b[^.;]{0,80}`,
    `\\b(?:this|the|our|my)\\s(?:\\w+\\s){0,2}?${work}s?\\s(?:has|have|is|was|had)\\s(?:now\\s|been\\s|temporarily\\s|hereby\\s|being\\s){0,3}withdrawn\\b`,
    `\\b(?:paper|article|manuscript|submission)\\s(?:has been\\s|is\\s|was\\s)?(?:temporarily\\s)?withdrawn\\b`,
    `\\bwithdrawn\\s(?:by\\s(?:the\\s)?(?:author|arxiv|admin|submitter)|due\\s|because\\s|(?:at|on)\\s(?:the\\s)?(?:request|author))`,
    `\\b(?:has|have) been withdrawn\\b`,
    `\\bwithdraw(?:ing)?\\s(?:(?:this|the|our|my)\\s(?:\\w+\\s)?${work}|it\\b|because|due)`,
    `\\bhave withdrawn (?:this|the|our) `,
  ].join("|"),
  "i",
);
const insteadOfAbstract = new RegExp(
  `^\\W*(?:(?:this|the|our)\\s)?(?:\\w+\\s){0,2}?${work}?s?\\s?(?:(?:has|have) been|is|was)?\\s?(?:temporarily\\s)?withdrawn\\b`,
  "i",
);
