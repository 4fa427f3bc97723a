import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { readSample, type Samples } from "./samples.ts";

export interface SampleSite {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  close(): Promise<void>;
}

/**
 * Serves the sample sources on a free port of 127.0.0.1 as they stood at the clock's instant, with validators, so
 * that polls go through the same requests as anywhere else.
 */
export async function startSampleSite(answers: Samples["answers"], now: () => Date): Promise<SampleSite> {
  const server = createServer((request, response) => answer(request, response, answers, now()));
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  answers: Samples["answers"],
  now: Date,
): void {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
  const date = searchParams.get("date");
  const found = latest(answers, `${pathname}?date=${date}`, now) ?? latest(answers, pathname, now);
  if (found === undefined) {
    response
      .writeHead(404, { "content-type": "text/plain; charset=utf-8" })
      .end("There is no such sample.\n");
    return;
  }
  const bytes = readSample(found.file);
  const headers = {
    etag: `"${createHash("sha256").update(bytes).digest("base64url")}"`,
    "last-modified": found.from.toUTCString(),
  };
  if (request.headers["if-none-match"] === headers.etag) response.writeHead(304, headers).end();
  else response.writeHead(200, { ...headers, "content-type": found.type }).end(bytes);
}

function latest(
  answers: Samples["answers"],
  path: string,
  now: Date,
): Samples["answers"][number] | undefined {
  return answers
    .filter((one) => one.path === path && one.from <= now)
    .toSorted((a, b) => a.from.getTime() - b.from.getTime())
    .at(-1);
}
