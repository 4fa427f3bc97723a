import { PermanentError, type Reading } from "@paperwire/core";
import { readers } from "@paperwire/db";
import { isTrusted } from "../fetch/address-rules.ts";
import type { Fetched, FetchOutcome } from "../fetch/fetch-outcome.ts";
import { politeFetch } from "../fetch/polite-fetch.ts";
import { askSiteRules } from "../fetch/site-rules.ts";
import { userAgentOf } from "../fetch/user-agent.ts";
import type { Context } from "../runtime/context.ts";
import { type FeedLink, feedLinks, looksLikeFeed } from "../sources/autodiscover.ts";
import { decodeText } from "../sources/feed/decode.ts";
import { kindById, sourceKinds } from "../sources/index.ts";
import { readPayload } from "../sources/read.ts";
import type { SourceKind } from "../sources/source.ts";
import { version } from "../version.ts";

/** What an address leads to. */
export interface Found {
  readonly url: string;
  readonly kind: string;
  /** The operator named the host: private networks that are allowed are for it. Not for a feed that a page names elsewhere. */
  readonly trusted: boolean;
  readonly reading?: Reading;
  /** The page that the operator named, where it was one, and the feeds that it offers. */
  readonly page?: { readonly url: string; readonly links: readonly FeedLink[] };
}

/** The feeds of a page are tried in its order until one can be read. */
const mostTried = 5;

/**
 * Asks an address, or the first request that its kind makes of it; a page is followed to the feed it names. A site
 * is asked for its rules (robots.txt) before a page of it is read; an address that is known or said to be a feed's
 * is an invitation.
 * @throws PermanentError with what was found instead and what to do.
 */
export async function lookAt(url: URL, kind: string | undefined, context: Context): Promise<Found> {
  const known = kind === undefined ? sourceKinds.find((one) => one.recognises?.(url)) : kindById(kind);
  const mayBePage = known === undefined && !looksLikeFeed(url);
  if (mayBePage) await refuseByRules(url.href, url, context);
  const outcome = await ask(url, known, true, context);
  if (outcome.kind !== "fetched") throw notAdded(url, `${sentenceOf(outcome)}${said(outcome)}`);
  const read = attempt(outcome, known?.id);
  if ("reading" in read) return { url: url.href, trusted: true, ...read };
  if (!isWebPage(read.problem)) throw notAdded(url, read.problem);
  const links = linksOf(outcome);
  if (links.length === 0) {
    throw notAdded(url, `${read.problem} Look on it for a link to RSS or Atom, and add that address.`);
  }
  if (!mayBePage || new URL(outcome.finalUrl).origin !== url.origin) {
    await refuseByRules(outcome.finalUrl, url, context);
  }
  return firstReadable(links, url, kind, context);
}

/** @throws PermanentError that names every feed that was tried, and why not. */
async function firstReadable(
  links: readonly FeedLink[],
  page: URL,
  kind: string | undefined,
  context: Context,
): Promise<Found> {
  const problems: string[] = [];
  for (const link of links.slice(0, mostTried)) {
    const url = new URL(link.url);
    const trusted = isTrusted(url.href, { url: page.href, trusted: true });
    const known = kind === undefined ? sourceKinds.find((one) => one.recognises?.(url)) : kindById(kind);
    const outcome = await ask(url, known, trusted, context);
    const read = outcome.kind === "fetched" ? attempt(outcome, known?.id) : { problem: sentenceOf(outcome) };
    if ("reading" in read) return { url: url.href, trusted, ...read, page: { url: page.href, links } };
    problems.push(`${url.href}: ${read.problem}`);
  }
  const what =
    links.length === 1
      ? "one feed, which cannot be read."
      : `${links.length} feeds, and none that was tried can be read.`;
  throw notAdded(page, `It is a web page that names ${what} ${problems.join(" ")}`);
}

async function ask(
  url: URL,
  known: SourceKind | undefined,
  trusted: boolean,
  context: Context,
): Promise<FetchOutcome> {
  const now = context.clock.now();
  const window = { from: new Date(now.getTime() - 3 * 86_400_000), to: now };
  return politeFetch(
    {
      url: known?.requests?.(url, window)[0] ?? url.href,
      trusted,
      userAgent: await userAgent(context),
      ...(known?.budget === undefined ? {} : { budget: known.budget }),
    },
    context.fetching,
  );
}

async function refuseByRules(page: string, named: URL, context: Context): Promise<void> {
  const trusted = isTrusted(page, { url: named.href, trusted: true });
  const rules = await askSiteRules(page, { trusted, userAgent: await userAgent(context) }, context.fetching);
  if (rules.allowed) return;
  throw notAdded(named, `${rules.sentence} If this address is a feed's own, say so with --kind feed.`);
}

async function userAgent({ settings, db }: Context): Promise<string> {
  return userAgentOf(version, settings.FETCH_CONTACT ?? settings.publicUrl, await readers.countActive(db));
}

type Attempt = { readonly kind: string; readonly reading: Reading } | { readonly problem: string };

function attempt(outcome: Fetched, kind: string | undefined): Attempt {
  try {
    return readPayload(payloadOf(outcome, outcome.finalUrl), kind);
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    return { problem: error.message };
  }
}

/** Some places explain a refusal in a document of their own kind (arXiv: a feed titled with the error). */
function said(outcome: FetchOutcome): string {
  if (outcome.kind !== "failed" || outcome.bytes === undefined) return "";
  try {
    const { reading } = readPayload(payloadOf({ ...outcome, bytes: outcome.bytes }));
    return reading.warnings[0] === undefined ? "" : ` It says: ${reading.warnings[0].message}`;
  } catch (error) {
    if (!(error instanceof PermanentError)) throw error;
    if (isWebPage(error.message)) return "";
    return ` ${error.message}${/[.!?]$/.test(error.message) ? "" : "."}`;
  }
}

/** The reader says it of anything that begins as HTML does. */
function isWebPage(problem: string): boolean {
  return problem.includes("is a web page");
}

function payloadOf(
  { bytes, contentType }: { readonly bytes: Uint8Array; readonly contentType?: string },
  url?: string,
) {
  return {
    bytes,
    ...(url === undefined ? {} : { url }),
    ...(contentType === undefined ? {} : { contentType }),
  };
}

function linksOf(outcome: Fetched): FeedLink[] {
  return feedLinks(decodeText(outcome.bytes, outcome.contentType).text, outcome.finalUrl);
}

function sentenceOf(outcome: FetchOutcome): string {
  return "sentence" in outcome ? outcome.sentence : "It sent nothing.";
}

function notAdded(url: URL, because: string): PermanentError {
  return new PermanentError(`${url.href} was not added. ${because}`);
}
