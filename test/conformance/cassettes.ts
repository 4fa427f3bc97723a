import { readdirSync, readFileSync, statSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { parse } from "yaml";

/** One recorded answer of a service. */
export interface Answer {
  readonly url: string;
  readonly status: number;
  readonly bytes: Uint8Array;
}

/** Every file below a folder, in a stable order. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = `${folder}/${name}`;
      return statSync(path).isDirectory() ? filesIn(path) : [path];
    });
}

/** A file's bytes, gzip undone. */
export function bytesIn(path: string): Uint8Array {
  return unpacked(new Uint8Array(readFileSync(path)));
}

export function textIn(path: string): string {
  return new TextDecoder().decode(bytesIn(path));
}

/** The answers of a VCR cassette; undefined where the file itself is damaged. */
export function answersIn(path: string): Answer[] | undefined {
  const cassette = cassetteIn(path);
  return cassette?.interactions.map(({ request, response }) => {
    const body =
      response.content ?? (typeof response.body === "object" ? response.body?.string : response.body) ?? "";
    const bytes = typeof body === "string" ? new TextEncoder().encode(body) : Uint8Array.from(body);
    return {
      url: request.uri,
      status: statusOf(response.status ?? response.status_code),
      bytes: unpacked(bytes),
    };
  });
}

interface Cassette {
  readonly interactions: readonly {
    readonly request: { readonly uri: string };
    readonly response: {
      readonly body?: string | { readonly string?: string | Uint8Array };
      readonly content?: string | Uint8Array;
      readonly status?: { readonly code: number } | number;
      readonly status_code?: number;
    };
  }[];
}

function cassetteIn(path: string): Cassette | undefined {
  try {
    // Recordings made by a known tool: their shape is part of its format.
    return parse(textIn(path)) as Cassette;
  } catch {
    return undefined;
  }
}

function statusOf(status: { readonly code: number } | number | undefined): number {
  return typeof status === "object" ? status.code : (status ?? 200);
}

function unpacked(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? new Uint8Array(gunzipSync(bytes)) : bytes;
}
