/** What a source may speak for. A plain feed is `{}`: it speaks for its own URLs only. */
export interface Authority {
  /** Schemes whose identifiers the source itself hands out: `arxiv` for arXiv, `doi` for Crossref, `s2`, `pmid` … */
  readonly schemes?: readonly string[];
  /** DOI prefixes the source registers, as `10.1038`. */
  readonly doiPrefixes?: readonly string[];
  /** The source's statements that two identifiers are one work are believed (arXiv, Crossref, PubMed, OpenAlex …). */
  readonly links?: boolean;
}

/** Identifier schemes, the strongest first; whatever is not named here is weaker than all of them. */
const strength = ["arxiv", "doi", "pmid", "pmcid", "openreview", "acl", "s2", "openalex"];

export function schemeOf(key: string): string {
  return key.slice(0, Math.max(0, key.indexOf(":")));
}

/** 0 for an arXiv id, more for weaker identifiers. */
export function rankOf(key: string): number {
  const rank = strength.indexOf(schemeOf(key));
  return rank === -1 ? strength.length : rank;
}

/** Strongest first, in the order given where equally strong. */
export function byStrength(keys: readonly string[]): string[] {
  return [...keys].sort((a, b) => rankOf(a) - rankOf(b));
}

/** Identifies only within one source (`url:<source>:…`), so that it claims nothing anywhere else. */
export function isLocal(key: string): boolean {
  return rankOf(key) === strength.length;
}

export function isAuthorityFor(authority: Authority, key: string): boolean {
  const scheme = schemeOf(key);
  if (authority.schemes?.includes(scheme)) return true;
  return scheme === "doi" && (authority.doiPrefixes ?? []).some((prefix) => key.startsWith(`doi:${prefix}/`));
}

/**
 * Whether a source may overwrite a paper's metadata, withdraw or publish it: only the authority of the
 * paper's strongest identifier may (arXiv for an arXiv id, Crossref or the registrant for a DOI). A paper
 * without such an identifier belongs to the source that brought it.
 */
export function mayOverwrite(
  authority: Authority,
  paperKeys: readonly string[],
  broughtThePaper: boolean,
): boolean {
  const strongest = byStrength(paperKeys)[0];
  if (strongest === undefined || rankOf(strongest) > rankOf("doi:")) return broughtThePaper;
  return isAuthorityFor(authority, strongest);
}

/** Whether a source may say that a paper now has this DOI: the DOI's authority, or that of the paper's own identifier. */
export function mayPublish(authority: Authority, paperKeys: readonly string[], doiKey: string): boolean {
  return isAuthorityFor(authority, doiKey) || mayOverwrite(authority, paperKeys, false);
}
