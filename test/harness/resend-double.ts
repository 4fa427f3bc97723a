import { createHash } from "node:crypto";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { type FaultOptions, faultOptionsOf, faultScript, optionsOf } from "./fault-script.ts";
import {
  type Answer,
  acceptance,
  answerAfter,
  errorAnswer,
  faultAnswer,
  headerOf,
  type Mail,
  mailsOf,
  recipientsOf,
  refusalOf,
} from "./resend-rules.ts";

/** One request as the double saw it; in the log file, one JSON line. */
export interface RecordedRequest {
  /** From 1. */
  readonly n: number;
  readonly at: string;
  readonly path: string;
  readonly key: string;
  /** Of the body's bytes. */
  readonly sha256: string;
  readonly recipients: readonly string[];
  /** The `delivery` (or `digest_id`) tags, where the mails carry them, in the same order. */
  readonly digests: readonly string[];
  readonly fault: string;
  /** `0` where no answer was sent. */
  readonly status: number;
  /** Recipients whose mail this request caused to go out: none when a key's first answer was repeated. */
  readonly delivered: readonly string[];
  /** What the key answers from then on, where mail went out. */
  readonly answer?: string;
  readonly body?: string;
}

export interface ResendDoubleOptions extends FaultOptions {
  /** A free port when left out. */
  readonly port?: number;
  /** Appended to before anything is answered, and read again at start: the double survives its own death. */
  readonly logFile?: string;
  /** Keeps the bodies in `requests` (not in the log). */
  readonly keepBodies?: boolean;
  /** Answers 429 above so many requests in a second. */
  readonly perSecond?: number;
  /** Answers `daily_quota_exceeded` above so many mails. */
  readonly quota?: number;
}

export interface ResendDouble {
  readonly url: string;
  readonly requests: readonly RecordedRequest[];
  /** Recipients of every mail that went out, one entry per mail. */
  readonly delivered: readonly string[];
  setScript(faults: readonly string[]): void;
  setRate(rate: number): void;
  /** Forgets its keys, as Resend does after 24 hours. */
  forgetKeys(): void;
  close(): Promise<void>;
}

/**
 * Faults for random runs. All of them: `ok`, `slow:MS`; not accepted: `429[:SECONDS]`, `quota-daily`,
 * `quota-monthly`, `500`, `502`, `503`, `reset`, `hang`, `garbage`, `empty`, `null`, `error:STATUS:NAME`;
 * accepted, but not answered so: `accept-reset`, `accept-hang`, `accept-500`, `accept-garbage`.
 */
export const resendFaults = [
  "429:1",
  "500",
  "502",
  "reset",
  "garbage",
  "slow:300",
  "accept-reset",
  "accept-500",
  "accept-garbage",
] as const;

/** A server that answers as Resend's API does to `/emails` and `/emails/batch`, with its idempotency keys. */
export async function startResendDouble(options: ResendDoubleOptions = {}): Promise<ResendDouble> {
  const requests: RecordedRequest[] = [];
  const delivered: string[] = [];
  const keys = new Map<string, { readonly sha256: string; answer?: Answer }>();
  const sockets = new Set<Socket>();
  const faults = faultScript({ pool: resendFaults, ...options });
  let second = { at: 0, count: 0 };
  let ids = 0;
  recall(options.logFile);

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => route(request, response, Buffer.concat(chunks)));
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  function route(request: IncomingMessage, response: ServerResponse, bytes: Buffer): void {
    if (request.url === "/_script") {
      faults.set(
        bytes
          .toString()
          .split(",")
          .filter((fault) => fault !== ""),
      );
      response.end();
    } else if (request.url === "/_requests") {
      response.end(JSON.stringify(requests));
    } else take(request, response, bytes);
  }

  function take(request: IncomingMessage, response: ServerResponse, bytes: Buffer): void {
    const key = headerOf(request, "idempotency-key");
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const mails = mailsOf(bytes);
    const fault = faults.next();
    const refused = faultAnswer(fault);
    const decided = refused === undefined ? decide(request, key, sha256, mails) : undefined;
    const shown = refused ?? (decided === undefined ? "hang" : answerAfter(fault, decided.answer));
    delivered.push(...(decided?.went ?? []));
    const record: RecordedRequest = {
      n: requests.length + 1,
      at: new Date().toISOString(),
      path: request.url ?? "",
      key,
      sha256,
      recipients: mails.flatMap(recipientsOf),
      digests: mails.flatMap(
        (mail) => mail.tags?.find((tag) => tag.name === "delivery" || tag.name === "digest_id")?.value ?? [],
      ),
      fault,
      status: typeof shown === "string" ? 0 : shown.status,
      delivered: decided?.went ?? [],
      ...(decided !== undefined && decided.went.length > 0 ? { answer: decided.answer.body } : {}),
    };
    requests.push(options.keepBodies === true ? { ...record, body: bytes.toString() } : record);
    // On record before anybody can learn of it.
    if (options.logFile !== undefined) appendFileSync(options.logFile, `${JSON.stringify(record)}\n`);

    const settle = () => {
      const kept = keys.get(key);
      // The word that a key is still being worked on is not the answer to keep for it.
      if (kept !== undefined && decided?.answer.status === 200 && kept.sha256 === sha256)
        kept.answer ??= decided.answer;
    };
    if (fault.startsWith("slow:") && typeof shown !== "string") {
      setTimeout(
        () => {
          settle();
          reply(response, shown);
        },
        Number(fault.slice(5)),
      ).unref();
      return;
    }
    settle();
    if (shown === "reset") request.socket.resetAndDestroy();
    else if (shown !== "hang") reply(response, shown);
  }

  /** What Resend decides about a request that reaches it whole. */
  function decide(
    request: IncomingMessage,
    key: string,
    sha256: string,
    mails: readonly Mail[],
  ): { readonly answer: Answer; readonly went: readonly string[] } {
    const refusal = refusalOf(request, mails) ?? limitOf(mails);
    if (refusal !== undefined) return { answer: refusal, went: [] };
    const kept = key === "" ? undefined : keys.get(key);
    if (kept !== undefined && kept.sha256 !== sha256) {
      return { answer: errorAnswer(409, "invalid_idempotent_request"), went: [] };
    }
    if (kept !== undefined) {
      return { answer: kept.answer ?? errorAnswer(409, "concurrent_idempotent_requests"), went: [] };
    }
    const result = acceptance(
      request,
      mails,
      () => `00000000-0000-4000-8000-${String(++ids).padStart(12, "0")}`,
    );
    if (key !== "" && result.answer.status === 200) keys.set(key, { sha256 });
    return result;
  }

  function limitOf(mails: readonly Mail[]): Answer | undefined {
    const now = Math.floor(Date.now() / 1000);
    second = { at: now, count: second.at === now ? second.count + 1 : 1 };
    if (second.count > (options.perSecond ?? Number.POSITIVE_INFINITY)) {
      return errorAnswer(429, "rate_limit_exceeded", 1);
    }
    const over = delivered.length + mails.length > (options.quota ?? Number.POSITIVE_INFINITY);
    return over ? errorAnswer(429, "daily_quota_exceeded") : undefined;
  }

  function reply(response: ServerResponse, answer: Answer): void {
    const limit = options.perSecond ?? 1000;
    response.writeHead(answer.status, {
      "content-type": answer.body.startsWith("<") ? "text/html" : "application/json",
      "ratelimit-limit": String(limit),
      "ratelimit-remaining": String(Math.max(0, limit - second.count)),
      "ratelimit-reset": "1",
      ...(answer.after === undefined ? {} : { "retry-after": String(answer.after) }),
    });
    response.end(answer.body);
  }

  /** Keys and mails of an earlier life, from the log. */
  function recall(logFile: string | undefined): void {
    if (logFile === undefined || !existsSync(logFile)) return;
    for (const line of readFileSync(logFile, "utf8").split("\n")) {
      if (line === "") continue;
      const record: RecordedRequest = JSON.parse(line);
      requests.push(record);
      delivered.push(...record.delivered);
      ids += record.delivered.length;
      if (record.key === "" || record.answer === undefined) continue;
      keys.set(record.key, { sha256: record.sha256, answer: { status: 200, body: record.answer } });
    }
  }

  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    delivered,
    setScript: faults.set,
    setRate: faults.setRate,
    forgetKeys: () => keys.clear(),
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

if (import.meta.main) {
  const options = optionsOf(process.argv.slice(2));
  const logFile = options.get("log");
  const double = await startResendDouble({
    port: Number(options.get("port") ?? 0),
    ...(logFile === undefined ? {} : { logFile }),
    ...(options.has("per-second") ? { perSecond: Number(options.get("per-second")) } : {}),
    ...(options.has("quota") ? { quota: Number(options.get("quota")) } : {}),
    ...faultOptionsOf(options),
  });
  console.log(JSON.stringify({ url: double.url }));
  process.once("SIGTERM", () => void double.close());
}
