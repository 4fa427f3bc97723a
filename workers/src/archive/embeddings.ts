import type { PaperCard } from "@paperwire/db/digests.ts";
import { request as send } from "undici";
import { z } from "zod";
import { parseAllowList, urlProblem } from "../fetch/address-rules.ts";
import { createFetchAgents, type FetchAgents } from "../fetch/pinned-agent.ts";

/** What a server of embeddings made of it: ids, closest to the phrase first, or why it could not. */
export type Ranked = { readonly ids: readonly string[] } | { readonly because: string };

const textsPerRequest = 64;
const timeoutMs = 5_000;
/** For all requests of one search: a reader waits. */
const patienceMs = 10_000;
const mostBytes = 32 * 1024 * 1024;
const mostCharacters = 2_000;
const mostKept = 20_000;

const answerShape = z.object({
  data: z
    .array(z.object({ index: z.number().int().min(0), embedding: z.array(z.number()).min(1).max(8_192) }))
    .min(1),
});

/** Embeddings of papers by the server's address, so that a paper is asked for once in a process. */
const kept = new Map<string, Map<string, Float32Array>>();

/**
 * Orders papers by how close they are to a phrase, as an OpenAI-compatible server of embeddings sees it. `address` is
 * `EMBEDDINGS_URL`: its host and port are the operator's own choice and may be private, and nothing else is reached;
 * no redirect is followed. Never throws for what the server does.
 */
export async function rankByServer(
  address: string,
  phrase: string,
  papers: readonly Pick<PaperCard, "id" | "title" | "abstract">[],
): Promise<Ranked> {
  const url = embeddingsUrl(address);
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  const agents = createFetchAgents({ allowPrivate: parseAllowList(`${url.hostname}:${port}`) });
  const own = kept.get(address) ?? new Map<string, Float32Array>();
  if (own.size > mostKept) own.clear();
  kept.set(address, own);
  try {
    const asked = [
      { key: undefined, text: phrase },
      ...papers
        .map((paper) => ({ key: keyOf(paper), text: textOf(paper) }))
        .filter(({ key }) => !own.has(key)),
    ];
    const until = Date.now() + patienceMs;
    let wanted: Float32Array | undefined;
    for (let at = 0; at < asked.length; at += textsPerRequest) {
      const batch = asked.slice(at, at + textsPerRequest);
      if (Date.now() >= until) throw new Error("it takes too long");
      const made = await embed(
        url,
        agents,
        batch.map(({ text }) => text),
      );
      for (const [place, { key }] of batch.entries()) {
        const vector = made[place];
        if (key === undefined) wanted = vector;
        else if (vector !== undefined) own.set(key, vector);
      }
    }
    const direction = wanted ?? new Float32Array();
    const ranked = papers
      .map((paper) => ({ id: paper.id, closeness: cosine(direction, own.get(keyOf(paper))) }))
      .sort((a, b) => b.closeness - a.closeness || (a.id < b.id ? -1 : 1));
    return { ids: ranked.map(({ id }) => id) };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return {
      because: `The server at ${url.host} (EMBEDDINGS_URL) gave no embeddings: ${said}. Closeness is by the word vectors that ship.`,
    };
  } finally {
    await agents.close();
  }
}

/** `…/v1` and bare addresses are completed; a key is given as the password, the model as `?model=`. */
export function embeddingsUrl(address: string): URL {
  const url = new URL(address);
  const path = url.pathname.replace(/\/+$/, "");
  if (!path.endsWith("/embeddings")) url.pathname = path === "" ? "/v1/embeddings" : `${path}/embeddings`;
  return url;
}

async function embed(url: URL, agents: FetchAgents, input: readonly string[]): Promise<Float32Array[]> {
  const problem = urlProblem(url, { trusted: true, allowPrivate: agents.allowPrivate });
  if (problem !== undefined) throw new Error(problem);
  const bare = new URL(url);
  const key = decodeURIComponent(bare.password || bare.username);
  const model = bare.searchParams.get("model") ?? "default";
  bare.username = "";
  bare.password = "";
  bare.search = "";
  const signal = AbortSignal.timeout(timeoutMs);
  const response = await send(bare, {
    dispatcher: agents.agentFor(true),
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json",
      ...(key === "" ? {} : { authorization: `Bearer ${key}` }),
    },
    body: JSON.stringify({ model, input }),
    signal,
    headersTimeout: timeoutMs,
    reset: true,
  });
  if (response.statusCode !== 200) {
    await response.body.dump({ limit: 65_536 });
    throw new Error(`it answered ${response.statusCode}`);
  }
  const { data } = answerShape.parse(JSON.parse(await textWithin(response.body)));
  const vectors = data
    .toSorted((a, b) => a.index - b.index)
    .map(({ embedding }) => Float32Array.from(embedding));
  const isWhole = data.length === input.length && data.every(({ index }) => index < input.length);
  if (!isWhole || vectors.some((vector) => vector.length !== vectors[0]?.length))
    throw new Error(
      `it answered ${data.length} embeddings of unequal length or number for ${input.length} texts`,
    );
  return vectors;
}

async function textWithin(body: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > mostBytes) throw new Error(`its answer is larger than ${mostBytes / 1024 / 1024} MB`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

function keyOf({ id, title, abstract }: Pick<PaperCard, "id" | "title" | "abstract">): string {
  return `${id} ${title.length} ${abstract?.length ?? 0}`;
}

function textOf({ title, abstract }: Pick<PaperCard, "title" | "abstract">): string {
  return `${title}\n${abstract ?? ""}`.slice(0, mostCharacters);
}

function cosine(a: Float32Array, b: Float32Array | undefined): number {
  if (b === undefined || a.length !== b.length) return -1;
  let [dot, squaresA, squaresB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] ?? 0, b[i] ?? 0];
    dot += x * y;
    squaresA += x * x;
    squaresB += y * y;
  }
  return dot / (Math.sqrt(squaresA * squaresB) || 1);
}
