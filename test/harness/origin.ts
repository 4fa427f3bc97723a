import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";

/** What a path answers. Everything is optional: an empty page is `{}`. */
export interface Answer {
  readonly status?: number;
  readonly body?: string | Uint8Array;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** An ETag is made from the body unless this is false; with either, conditional requests get their 304. */
  readonly etag?: string | false;
  /** An instant, answered as `Last-Modified`. */
  readonly lastModified?: string;
  /** Seconds or an HTTP date. */
  readonly retryAfter?: string | number;
  /** 302 to this address, unless `status` says otherwise. */
  readonly redirect?: string;
  /** Announces the whole body and ends the connection after this many bytes. */
  readonly cutAfter?: number;
  /** Wait before the first byte. */
  readonly delayMs?: number;
  /** Pieces of this many bytes, `delayMs` apart. */
  readonly trickle?: number;
  /** `reset`: the connection ends without an answer. `silence`: no answer ever. */
  readonly outage?: "reset" | "silence";
}

export interface RecordedRequest {
  readonly method: string;
  /** With query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Real time, milliseconds since the origin started. */
  readonly atMs: number;
  /** The simulated day at that moment. */
  readonly day: string | undefined;
  /** What was answered; undefined for an outage. */
  readonly status: number | undefined;
}

export type Script = Answer | readonly Answer[] | ((request: IncomingMessage) => Answer);

export interface Origin {
  readonly url: string;
  readonly host: string;
  readonly requests: readonly RecordedRequest[];
  /**
   * Sets what a path answers (with its query if one is given, otherwise for every query): one answer for good, a
   * list of answers of which the last stays, or a function. With `day`, only on that simulated day and after it,
   * until a later day's script takes over.
   */
  serve(path: string, script: Script, day?: string): void;
  /** Sets the simulated day (`YYYY-MM-DD` or any string that sorts). Before the first call only undated scripts count. */
  setDay(day: string): void;
  /** Whatever a path is told to answer, the whole site answers this, until called with nothing. */
  fail(answer?: Answer): void;
  to(path: string): RecordedRequest[];
  close(): Promise<void>;
}

/** A site on 127.0.0.1 that answers what it is told and remembers every request. Unknown paths get 404. */
export async function startOrigin(): Promise<Origin> {
  const started = performance.now();
  const scripts = new Map<string, { day: string; script: Script; asked: number }[]>();
  const requests: RecordedRequest[] = [];
  let today: string | undefined;
  let failure: Answer | undefined;

  function answerFor(request: IncomingMessage): Answer {
    if (failure !== undefined) return failure;
    const path = request.url ?? "/";
    const dated = scripts.get(path) ?? scripts.get(path.split("?")[0] ?? path) ?? [];
    const current = dated.findLast(({ day }) => day === "" || (today !== undefined && day <= today));
    if (current === undefined) return { status: 404, body: "Not here.", type: "text/plain" };
    const { script } = current;
    if (typeof script === "function") return script(request);
    if (!isList(script)) return script;
    return script[Math.min(current.asked++, script.length - 1)] ?? {};
  }

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    const atMs = performance.now() - started;
    const day = today;
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      return;
    }
    const answer = answerFor(request);
    const status = answer.outage === undefined ? statusOf(answer, request) : undefined;
    const { method = "GET", url: path = "/", headers } = request;
    requests.push({ method, path, headers, body: Buffer.concat(chunks), atMs, day, status });
    await give(answer, status, request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The origin got no port.");
  const host = `127.0.0.1:${address.port}`;

  return {
    url: `http://${host}`,
    host,
    requests,
    serve(path, script, day = "") {
      const others = (scripts.get(path) ?? []).filter((known) => known.day !== day);
      const dated = [...others, { day, script, asked: 0 }];
      scripts.set(
        path,
        dated.sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0)),
      );
    },
    setDay(day) {
      today = day;
    },
    fail(answer) {
      failure = answer;
    },
    to: (path) => requests.filter((request) => request.path === path || request.path.startsWith(`${path}?`)),
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** RFC 9110, section 13.2.2: If-None-Match decides where it is sent, If-Modified-Since otherwise. */
function statusOf(answer: Answer, request: IncomingMessage): number {
  if (answer.status !== undefined) return answer.status;
  if (answer.redirect !== undefined) return 302;
  const asked = request.headers["if-none-match"];
  const etag = etagOf(answer);
  if (asked !== undefined) {
    const known = asked.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
    return etag !== undefined && known.includes(etag.replace(/^W\//, "")) ? 304 : 200;
  }
  const since = request.headers["if-modified-since"];
  if (since === undefined || answer.lastModified === undefined) return 200;
  return Math.floor(Date.parse(answer.lastModified) / 1000) * 1000 <= Date.parse(since) ? 304 : 200;
}

function headersOf(answer: Answer, status: number): Record<string, string> {
  const etag = etagOf(answer);
  return {
    ...(status === 304 ? {} : { "content-type": answer.type ?? "application/xml; charset=utf-8" }),
    ...(etag === undefined ? {} : { etag }),
    ...(answer.lastModified === undefined
      ? {}
      : { "last-modified": new Date(answer.lastModified).toUTCString() }),
    ...(answer.retryAfter === undefined ? {} : { "retry-after": String(answer.retryAfter) }),
    ...(answer.redirect === undefined ? {} : { location: answer.redirect }),
    ...answer.headers,
  };
}

function etagOf(answer: Answer): string | undefined {
  if (answer.etag === false || (answer.status !== undefined && answer.status !== 200)) return undefined;
  if (answer.etag !== undefined) return answer.etag;
  return `"${createHash("sha256")
    .update(answer.body ?? "")
    .digest("hex")
    .slice(0, 16)}"`;
}

async function give(
  answer: Answer,
  status: number | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (answer.outage === "silence") return;
  if (status === undefined) {
    request.socket.destroy();
    return;
  }
  if (answer.delayMs !== undefined) await pause(answer.delayMs, response);
  const body = Buffer.from(status === 304 || request.method === "HEAD" ? "" : (answer.body ?? ""));
  const length =
    answer.trickle === undefined && status !== 304 ? { "content-length": String(body.length) } : {};
  response.writeHead(status, { ...length, ...headersOf(answer, status) });
  if (answer.cutAfter !== undefined) {
    response.write(body.subarray(0, answer.cutAfter), () => request.socket.destroySoon());
    return;
  }
  if (answer.trickle === undefined) {
    response.end(body);
    return;
  }
  for (let at = 0; at < body.length && !response.destroyed; at += answer.trickle) {
    response.write(body.subarray(at, at + answer.trickle));
    await pause(answer.delayMs ?? 1, response);
  }
  response.end();
}

/** Ends early when the client or the origin hangs up. */
function pause(ms: number, response: ServerResponse): Promise<void> {
  return new Promise((resume) => {
    const timer = setTimeout(done, ms);
    response.once("close", done);
    function done() {
      clearTimeout(timer);
      response.off("close", done);
      resume();
    }
  });
}

function isList(script: Script): script is readonly Answer[] {
  return Array.isArray(script);
}
