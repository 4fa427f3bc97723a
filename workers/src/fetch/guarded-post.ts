import { request as send } from "undici";
import { urlProblem } from "./address-rules.ts";
import { failed, failureOf } from "./fetch-failure.ts";
import type { Failed, Refused } from "./fetch-outcome.ts";
import type { FetchAgents } from "./pinned-agent.ts";
import { type Headers, headerOf, retryAfterMs } from "./response-headers.ts";

export interface Post {
  readonly url: string;
  readonly body: string | Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  /** False for every address that a stranger can name: hubs, webhooks, forms. */
  readonly trusted: boolean;
  readonly signal?: AbortSignal;
  /** From the first byte to the last (15 s). */
  readonly timeoutMs?: number;
}

export type PostOutcome =
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly retryAfterMs?: number;
      /** Where a 3xx points, absolute. It is not gone to. */
      readonly location?: string;
    }
  | Refused
  | Failed;

/**
 * Posts to an address under the same rules as a fetch: checked, pinned, no proxy, no redirect followed (a
 * 3xx is an answer). The answer's body is not read. A failure may have come after the other side took it.
 * @throws the signal's reason when it is aborted.
 */
export async function guardedPost(post: Post, agents: FetchAgents): Promise<PostOutcome> {
  post.signal?.throwIfAborted();
  if (!URL.canParse(post.url))
    return { kind: "refused", reason: "address", sentence: "The address is no URL." };
  const url = new URL(post.url);
  const sentence = urlProblem(url, { trusted: post.trusted, allowPrivate: agents.allowPrivate });
  if (sentence !== undefined) return { kind: "refused", reason: "address", sentence };
  const timeoutMs = post.timeoutMs ?? 15_000;
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await send(url, {
      dispatcher: agents.agentFor(post.trusted),
      method: "POST",
      headers: post.headers,
      body: post.body,
      signal: post.signal === undefined ? timeout : AbortSignal.any([post.signal, timeout]),
      headersTimeout: timeoutMs,
      reset: true,
    });
    await response.body.dump({ limit: 65_536 });
    const headers = response.headers as Headers;
    const delayMs = retryAfterMs(headers, Date.now());
    const location = headerOf(headers, "location");
    const redirects = response.statusCode >= 300 && response.statusCode < 400 && location !== undefined;
    return {
      kind: "answered",
      status: response.statusCode,
      ...(delayMs === undefined ? {} : { retryAfterMs: delayMs }),
      ...(redirects && URL.canParse(location, url) ? { location: new URL(location, url).href } : {}),
    };
  } catch (error) {
    post.signal?.throwIfAborted();
    if (timeout.aborted) return failed("timeout", `${url.host} did not answer in time.`);
    const failure = failureOf(error, url, 0);
    if (failure === undefined) throw error;
    return failure;
  }
}
