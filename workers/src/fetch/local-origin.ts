import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { parseAllowList } from "./address-rules.ts";
import type { FetchOutcome, FetchRequest } from "./fetch-outcome.ts";
import { createFetchAgents, type FetchAgents } from "./pinned-agent.ts";
import { politeFetch } from "./polite-fetch.ts";

/** A real server on a random port of 127.0.0.1 that remembers what it was asked. */
export interface Origin {
  readonly url: string;
  readonly port: number;
  readonly asked: IncomingMessage[];
  readonly server: Server;
  close(): Promise<void>;
}

export async function startOrigin(answer: RequestListener, host = "127.0.0.1"): Promise<Origin> {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    port,
    asked,
    server,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export const loopbackAllowed = parseAllowList("127.0.0.1, ::1");

/** A fetch as the operator's own source, which may reach the origins of the test. */
export async function fetchOwn(
  url: string,
  request: Partial<FetchRequest> = {},
  agents: FetchAgents = createFetchAgents({ allowPrivate: loopbackAllowed }),
): Promise<FetchOutcome> {
  try {
    return await politeFetch({ url, trusted: true, userAgent: "Paperwire/test", ...request }, { agents });
  } finally {
    await agents.close();
  }
}
