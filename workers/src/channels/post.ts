import { Readable } from "node:stream";
import { type Dispatcher, request } from "undici";
import { nothingPrivate, type Reach, urlProblem } from "../fetch/address-rules.ts";
import { ForbiddenAddressError, pinnedAgent } from "../fetch/pinned-agent.ts";
import type { ChannelSettings } from "./channel.ts";

/** What came of one HTTP request, with the one distinction that matters for sending: can it have arrived? */
export type PostResult =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly headers: Dispatcher.ResponseData["headers"];
      readonly body: string;
    }
  /** Nothing of the body was written. */
  | { readonly kind: "unsent"; readonly reason: string; readonly forbidden: boolean }
  /** Something was written and no whole answer came. */
  | { readonly kind: "lost"; readonly reason: string };

export interface Post {
  readonly method: "POST" | "PUT";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Answers longer than this are not read to their end. */
const MAX_ANSWER_BYTES = 65_536;

/** A function that sends to addresses that readers name: only public ones, checked when connecting. */
export function createPoster(settings: ChannelSettings): {
  post(what: Post, signal: AbortSignal): Promise<PostResult>;
  close(): void;
} {
  const reach: Reach = settings.reach ?? { trusted: false, allowPrivate: nothingPrivate };
  const agent = pinnedAgent(reach);
  return {
    post: (what, signal) => post(what, signal, reach, agent),
    close: () => void agent.close(),
  };
}

async function post(what: Post, signal: AbortSignal, reach: Reach, agent: Dispatcher): Promise<PostResult> {
  const problem = URL.canParse(what.url) ? urlProblem(new URL(what.url), reach) : "The address is no URL.";
  if (problem !== undefined) return { kind: "unsent", reason: problem, forbidden: true };
  let begun = false;
  const bytes = Buffer.from(what.body);
  try {
    const answer = await request(what.url, {
      method: what.method,
      // Asked for only once a connection is open: until then nothing can have arrived.
      body: Readable.from(
        (async function* () {
          begun = true;
          yield bytes;
        })(),
      ),
      headers: { ...what.headers, "content-length": String(bytes.byteLength) },
      dispatcher: agent,
      signal,
    });
    return {
      kind: "answer",
      status: answer.statusCode,
      headers: answer.headers,
      body: await readSome(answer.body),
    };
  } catch (error) {
    const code = codeOf(error);
    if (begun) return { kind: "lost", reason: code };
    const forbidden = error instanceof ForbiddenAddressError;
    return { kind: "unsent", reason: forbidden ? error.message : code, forbidden };
  }
}

async function readSome(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size > MAX_ANSWER_BYTES) break;
  }
  return Buffer.concat(chunks).toString();
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "no code";
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}
