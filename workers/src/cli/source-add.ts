import { PermanentError, type Reading, UsageError } from "@paperwire/core";
import { readers, sources } from "@paperwire/db";
import { neverAsked } from "@paperwire/db/sources.ts";
import { politeFetch } from "../fetch/polite-fetch.ts";
import { userAgentOf } from "../fetch/user-agent.ts";
import type { Context } from "../runtime/context.ts";
import { feedLinks } from "../sources/autodiscover.ts";
import { decodeText } from "../sources/feed/decode.ts";
import { kindById, sourceKinds } from "../sources/index.ts";
import { readPayload } from "../sources/read.ts";
import { version } from "../version.ts";
import { printable } from "./output.ts";
import { type Common, parseNow, withContext } from "./run-command.ts";

interface AddOptions extends Common {
  readonly id?: string;
  readonly kind?: string;
  readonly every?: string;
  readonly now?: string;
  readonly check?: boolean;
}

interface Found {
  readonly url: string;
  readonly kind: string;
  readonly reading?: Reading;
  /** What was found on the way, when the address was a page. */
  readonly via?: string;
}

/** Looks at an address, says what it is, and adds it as a source that is due at once. */
export async function addSource(address: string, options: AddOptions): Promise<void> {
  const url = parseUrl(address);
  const everyMinutes = parseEvery(options.every);
  if (options.kind !== undefined && kindById(options.kind) === undefined) {
    throw new UsageError(
      `There is no kind "${options.kind}". The kinds are: ${sourceKinds.map((kind) => kind.id).join(", ")}.`,
    );
  }
  await withContext(options, async (context, output) => {
    const now = parseNow(options.now) ?? context.clock.now();
    const known = await sources.findByUrl(context.db, url.href);
    if (known !== undefined) throw new UsageError(`${url.href} is the source "${known.id}" already.`);
    const found =
      options.check === false ? unchecked(url, options.kind) : await lookAt(url, options.kind, context);
    const id = options.id ?? (await freeId(context, found.url));
    const title = found.reading?.title;
    const added = await sources.insertNew(context.db, {
      id,
      url: found.url,
      kind: found.kind,
      title: title ?? null,
      everyMinutes: everyMinutes ?? null,
      nextFetchAt: neverAsked,
      createdAt: now,
    });
    if (!added)
      throw new UsageError(`The id "${id}" or the address ${found.url} is taken. Choose another with --id.`);
    const samples = (found.reading?.listings ?? []).filter((listing) => listing.title !== "").slice(0, 3);
    output.result({
      id,
      kind: found.kind,
      url: found.url,
      ...(title === undefined ? {} : { title }),
      ...(found.via === undefined ? {} : { via: found.via }),
      listings: found.reading?.listings.length ?? 0,
      samples,
    });
    output.say(
      `Added “${id}”: ${kindById(found.kind)?.title ?? found.kind}${title === undefined ? "" : `, “${printable(title)}”`}`,
    );
    if (found.via !== undefined) output.say(`${found.via} is a page; its feed is ${found.url}`);
    for (const listing of samples) output.say(`  ${printable(listing.title)}`);
    output.say("It is asked at the next drain, or within a second while `up` runs.");
  });
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

function unchecked(url: URL, kind: string | undefined): Found {
  const known = kind ?? sourceKinds.find((one) => one.recognises?.(url))?.id;
  if (known === undefined)
    throw new UsageError("--no-check needs --kind, because the address alone does not say what it is.");
  return { url: url.href, kind: known };
}

/** Asks the address, or the first request its kind makes of it; a page is followed to the feed it names. */
async function lookAt(url: URL, kind: string | undefined, context: Context, via?: string): Promise<Found> {
  const asked = kind === undefined ? sourceKinds.find((one) => one.recognises?.(url)) : kindById(kind);
  const now = context.clock.now();
  const first =
    asked?.requests?.(url, { from: new Date(now.getTime() - 3 * 86_400_000), to: now })[0] ?? url.href;
  const outcome = await politeFetch(
    {
      url: first,
      trusted: true,
      userAgent: userAgentOf(
        version,
        context.settings.FETCH_CONTACT ?? context.settings.publicUrl,
        await readers.countActive(context.db),
      ),
      ...(asked?.budget === undefined ? {} : { budget: asked.budget }),
    },
    context.fetching,
  );
  if (outcome.kind !== "fetched") {
    const sentence = "sentence" in outcome ? outcome.sentence : "It sent nothing.";
    throw new PermanentError(`${first} was not added. ${sentence}`);
  }
  const payload = {
    bytes: outcome.bytes,
    url: outcome.finalUrl,
    ...(outcome.contentType === undefined ? {} : { contentType: outcome.contentType }),
  };
  try {
    const { kind: detected, reading } = readPayload(payload, asked?.id);
    return { url: url.href, kind: detected, reading, ...(via === undefined ? {} : { via }) };
  } catch (error) {
    const { text } = decodeText(payload.bytes, payload.contentType);
    const link = via === undefined ? feedLinks(text, outcome.finalUrl)[0] : undefined;
    if (link !== undefined) return lookAt(new URL(link.url), kind, context, url.href);
    throw new PermanentError(
      `${url.href} was not added. ${error instanceof Error ? error.message : String(error)}`,
    );
  }
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
