import { isCategory, type Listing, UsageError } from "@paperwire/core";
import { sources } from "@paperwire/db";
import { neverAsked } from "@paperwire/db/sources.ts";
import { scopeOf } from "../receipts/scope.ts";
import type { Context } from "../runtime/context.ts";
import { kindById, sourceKinds } from "../sources/index.ts";
import { type Found, lookAt } from "./look-at.ts";
import { printable } from "./output.ts";
import { type Common, parseNow, withContext } from "./run-command.ts";

interface AddOptions extends Common {
  readonly id?: string;
  readonly kind?: string;
  readonly every?: string;
  readonly now?: string;
  readonly check?: boolean;
}

/** Looks at an address, says what it is, and adds it as a source that is due at once. */
export async function addSource(address: string, options: AddOptions): Promise<void> {
  const url = parseUrl(address);
  const everyMinutes = parseEvery(options.every);
  if (options.id !== undefined && !/^[\w.-]{1,100}$/.test(options.id)) {
    throw new UsageError(
      `--id ${options.id} cannot be used: give up to 100 letters, digits, dots, dashes and underscores.`,
    );
  }
  if (options.kind !== undefined && kindById(options.kind) === undefined) {
    throw new UsageError(
      `There is no kind "${options.kind}". The kinds are: ${sourceKinds.map((kind) => kind.id).join(", ")}.`,
    );
  }
  await withContext(options, async (context, output) => {
    const now = parseNow(options.now) ?? context.clock.now();
    await refuseKnown(context, url.href);
    const found: Found =
      options.check === false
        ? { url: url.href, kind: uncheckedKind(url, options.kind), trusted: true }
        : await lookAt(url, options.kind, context);
    if (found.page !== undefined) await refuseKnown(context, found.url);
    const id = options.id ?? (await freeId(context, found.url));
    const title = found.reading?.title;
    const added = await sources.insertNew(context.db, {
      id,
      url: found.url,
      kind: found.kind,
      title: title ?? null,
      trusted: found.trusted,
      everyMinutes: everyMinutes ?? null,
      nextFetchAt: neverAsked,
      createdAt: now,
    });
    if (!added) throw new UsageError(`There is a source "${id}" already. Choose another id with --id.`);
    const listings = found.reading?.listings ?? [];
    const samples = listings.filter((listing) => listing.title !== "").slice(0, 3);
    const note = noteOn(found);
    output.result({
      id,
      kind: found.kind,
      url: found.url,
      ...(title === undefined ? {} : { title }),
      ...(found.page === undefined ? {} : { via: found.page.url, feeds: found.page.links }),
      listings: listings.length,
      samples,
      ...(note === undefined ? {} : { note }),
    });
    for (const line of pageLines(found)) output.say(line);
    output.say(
      `Added “${id}”: ${kindById(found.kind)?.title ?? found.kind}${title === undefined ? "" : `, “${printable(title)}”`}`,
    );
    if (found.reading !== undefined) {
      output.say(
        listings.length === 0
          ? "It lists nothing just now."
          : `It lists ${listings.length}${found.reading.next === undefined ? "" : " on its first page"}${samples.length === 0 ? "." : ", for example:"}`,
      );
    }
    for (const listing of samples) output.say(`  ${sampleLine(listing)}`);
    if (note !== undefined) output.say(note);
    output.say("It is asked at the next drain, or within a second while `up` runs.");
  });
}

async function refuseKnown(context: Context, url: string): Promise<void> {
  const known = await sources.findByUrl(context.db, url);
  if (known !== undefined) throw new UsageError(`${url} is the source "${known.id}" already.`);
}

/** What a page offered, the feed that was taken first, and how to add the others. */
function pageLines({ page, url }: Found): string[] {
  if (page === undefined) return [];
  const others = page.links.filter((link) => link.url !== url).slice(0, 9);
  return [
    `${page.url} is a web page; ${page.links.length === 1 ? "its feed is" : `of the ${page.links.length} feeds that it names this one is added:`} ${url}`,
    ...others.map(
      (link) =>
        `  also there: ${link.url}${link.title === undefined ? "" : ` (${printable(link.title).slice(0, 80)})`}`,
    ),
  ];
}

function sampleLine({ title, authors, published, listedOn }: Listing): string {
  const [first, ...more] = authors;
  const names = first === undefined ? undefined : `${first.name}${more.length === 0 ? "" : " et al."}`;
  return printable(
    [title, names, listedOn ?? published?.slice(0, 10)].filter((part) => part !== undefined).join(" · "),
  );
}

/** What the operator should know of this address, beside that it can be read. */
function noteOn({ kind, url, reading }: Found): string | undefined {
  if (kind !== "arxiv-rss" && kind !== "arxiv-atom") return undefined;
  const scope = scopeOf(url, reading);
  if (scope.length <= 1 && scope.every(isCategory)) return undefined;
  return "Note: arXiv cuts a feed at 2,000 listings and leaves out new papers first. One source for each category is safer than a whole archive or several categories in one.";
}

function parseUrl(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new UsageError(`"${address}" is no web address. Write it with http:// or https://.`);
  }
  return url;
}

function parseEvery(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, count = "", unit = "m"] = /^(\d+)\s*(m|min|h|d)?$/.exec(text) ?? [];
  const minutes = Number(count) * ({ m: 1, min: 1, h: 60, d: 1440 }[unit] ?? 1);
  if (count === "" || minutes < 15 || minutes > 10_080) {
    throw new UsageError(
      `--every ${text} cannot be used: give minutes from 15 to 10080, or for example 2h or 1d.`,
    );
  }
  return minutes;
}

function uncheckedKind(url: URL, kind: string | undefined): string {
  const known = kind ?? sourceKinds.find((one) => one.recognises?.(url))?.id;
  if (known === undefined)
    throw new UsageError("--no-check needs --kind, because the address alone does not say what it is.");
  return known;
}

async function freeId(context: Context, url: string): Promise<string> {
  const { hostname, pathname } = new URL(url);
  const tail = pathname
    .split("/")
    .filter((part) => !/^(rss|atom|feed|feeds|index)(\.\w+)?$/i.test(part) && part !== "")
    .at(-1);
  const base = [
    hostname.replace(/^(www|rss|feeds?|export|api)\./, "").split(".")[0],
    tail?.replace(/\.(xml|rss|atom|json)$/i, ""),
  ]
    .filter((part) => part !== undefined && part !== "")
    .join("-")
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, "-");
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? base : `${base}-${number}`;
    if ((await sources.findById(context.db, id)) === undefined) return id;
  }
}
