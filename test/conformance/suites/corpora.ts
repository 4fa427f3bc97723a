import { readdirSync, readFileSync } from "node:fs";
import { PermanentError } from "@paperwire/core";
import { readPayload } from "@paperwire/workers/sources/read.ts";

export interface CorpusResult {
  readonly files: number;
  readonly read: number;
  readonly listings: number;
  /** Refused with a sentence. */
  readonly refused: number;
  /** Anything else that was thrown. */
  readonly crashed: readonly string[];
  /** Listings that break what a listing promises. */
  readonly broken: readonly string[];
}

/** Reads every file below a folder in one process, as `paperwire read` does. */
export function readCorpus(folder: string, pattern: RegExp): CorpusResult {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(folder.length + 1))
    .filter((name) => pattern.test(name));
  const crashed: string[] = [];
  const broken: string[] = [];
  let read = 0;
  let refused = 0;
  let listings = 0;
  for (const name of names.sort()) {
    try {
      const { reading } = readPayload({ bytes: readFileSync(`${folder}/${name}`) });
      read++;
      listings += reading.listings.length;
      const keys = new Set(reading.listings.map(({ key }) => key));
      if (keys.size !== reading.listings.length || keys.has("")) broken.push(`${name}: keys are not unique`);
      for (const listing of reading.listings) {
        const fault = faultOf(JSON.stringify(listing), listing.url, [listing.published, listing.updated]);
        if (fault !== undefined) broken.push(`${name}: ${fault}`);
      }
    } catch (error) {
      if (error instanceof PermanentError && /^[A-Z][\s\S]*[.!?]$/.test(error.message)) refused++;
      else crashed.push(`${name}: ${String(error)}`);
    }
  }
  return { files: names.length, read, listings, refused, crashed, broken };
}

function faultOf(
  json: string,
  url: string | undefined,
  instants: readonly (string | undefined)[],
): string | undefined {
  if (json.includes(":null")) return "a null";
  if (
    /[\ud800-\udfff](?![\udc00-\udfff])(?<![\ud800-\udbff][\udc00-\udfff])/.test(json) &&
    !json.isWellFormed()
  )
    return "a lone surrogate";
  if (url !== undefined && !/^https?:\/\//i.test(url)) return `the address ${url}`;
  const odd = instants.find(
    (instant) => instant !== undefined && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(instant),
  );
  return odd === undefined ? undefined : `the instant ${odd}`;
}
