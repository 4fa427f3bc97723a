import type { FetchRequest } from "./fetch-outcome.ts";
import { type FetchDeps, politeFetch } from "./polite-fetch.ts";
import { isAllowed } from "./robots.ts";

export type SiteRules = { readonly allowed: true } | { readonly allowed: false; readonly sentence: string };

/**
 * Asks a site's robots.txt whether a page of it may be read. For pages that we look for feeds in
 * (autodiscovery) and other pages that are not a feed; not for the feed an operator named: that is an
 * invitation, and a feed reader acts for a person (RFC 9309 speaks to crawlers). No robots.txt allows
 * everything; one that cannot be had just now allows nothing (RFC 9309 §2.3.1).
 * @throws what politeFetch throws.
 */
export async function askSiteRules(
  page: string,
  request: Omit<FetchRequest, "url">,
  deps: FetchDeps,
): Promise<SiteRules> {
  const { origin, host } = new URL(page);
  const outcome = await politeFetch(
    { ...request, url: `${origin}/robots.txt`, accept: "text/plain, */*;q=0.5", maxBytes: 5_000_000 },
    deps,
  );
  switch (outcome.kind) {
    case "fetched":
      return isAllowed(new TextDecoder().decode(outcome.bytes), "Paperwire", page)
        ? { allowed: true }
        : {
            allowed: false,
            sentence: `${host} asks robots not to read this page (robots.txt); give the address of its feed instead.`,
          };
    case "failed":
      if (outcome.status !== undefined && outcome.status < 500) return { allowed: true };
      break;
    case "retry-later":
      break;
    case "gone":
    case "refused":
    case "not-modified":
      return { allowed: true };
    default:
      outcome satisfies never;
  }
  return {
    allowed: false,
    sentence: `${host} does not answer when asked for its rules (robots.txt), so its pages are left alone; try again later.`,
  };
}
