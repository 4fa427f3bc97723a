import type { Decision } from "./decide.ts";
import type { PreparedRecord } from "./prepared.ts";

/**
 * What exact identifiers say, or undefined where they say nothing. A URL says nothing here: it identifies
 * only within its source.
 */
export function decideByKeys(a: PreparedRecord, b: PreparedRecord): Decision | undefined {
  const sharedArxivId = a.arxivIds.find((id) => b.arxivIds.includes(id));
  if (sharedArxivId !== undefined) return same(`Both have the arXiv id ${sharedArxivId}.`);
  const sharedDoi = a.dois.find((doi) => b.dois.includes(doi));
  if (a.arxivIds.length > 0 && b.arxivIds.length > 0) {
    const ids = `${a.arxivIds[0]} and ${b.arxivIds[0]}`;
    if (sharedDoi === undefined)
      return { verdict: "different", probability: 0, because: [`Two arXiv ids: ${ids}.`] };
    const because = [
      `Both name the DOI ${sharedDoi}, but under two arXiv ids (${ids}), and an arXiv id outranks a DOI.`,
    ];
    return { verdict: "candidate", probability: 0.5, because };
  }
  if (sharedDoi !== undefined) return same(`Both have the DOI ${sharedDoi}.`);
  for (const key of a.record.keys ?? []) {
    if (isExact(key) && (b.record.keys ?? []).includes(key)) return same(`Both have the identifier ${key}.`);
  }
  return undefined;
}

function same(sentence: string): Decision {
  return { verdict: "same", probability: 1, because: [sentence] };
}

function isExact(key: string): boolean {
  return /^(?:pmid|pmcid|openreview|acl|s2|openalex):/.test(key);
}
