import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";

/** What a subscriber asked of the hub. */
export interface Asked {
  readonly mode: string;
  readonly topic: string;
  readonly callback: string;
  readonly secret: string | undefined;
  readonly leaseSeconds: number;
}

export interface HubDouble {
  readonly port: number;
  readonly asked: readonly Asked[];
  /** What it answers from now on; 202 at first. `verifies`: it calls back before it answers, as old hubs did. */
  answers: { status: number; verifies?: boolean; headers?: Record<string, string> };
  /** Seconds that it grants, whatever is asked. */
  lease: number;
  /** Calls back to verify what was asked last, or something else; returns what came of it. */
  verify(changed?: Record<string, string>): Promise<{ status: number; text: string; challenge: string }>;
  /** Pushes to the newest callback, signed with its secret. */
  push(
    body: string | Buffer,
    changed?: { method?: string; secret?: string; signature?: string | null; callback?: string },
  ): Promise<number>;
  close(): Promise<void>;
}

/**
 * A WebSub hub on 127.0.0.1. `reach` turns a callback into where it is really served. It verifies only when told to,
 * so that a test sees what lies between.
 */
export async function startHub(reach: (callback: string) => string): Promise<HubDouble> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    let text = "";
    for await (const piece of request) text += piece;
    const form = new URLSearchParams(text);
    asked.push({
      mode: form.get("hub.mode") ?? "",
      topic: form.get("hub.topic") ?? "",
      callback: form.get("hub.callback") ?? "",
      secret: form.get("hub.secret") ?? undefined,
      leaseSeconds: Number(form.get("hub.lease_seconds") ?? 0),
    });
    if (hub.answers.verifies === true) await hub.verify();
    response.writeHead(hub.answers.status, hub.answers.headers).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The hub got no port.");
  const newest = (): Asked => {
    const found = asked.findLast(({ mode }) => mode === "subscribe");
    if (found === undefined) throw new Error("Nobody has asked the hub to push.");
    return found;
  };
  let challenges = 0;
  const hub: HubDouble = {
    port: address.port,
    asked,
    answers: { status: 202 },
    lease: 864_000,
    async verify(changed = {}) {
      const last = asked.at(-1);
      if (last === undefined) throw new Error("Nobody has asked the hub anything.");
      challenges += 1;
      const challenge = `challenge <${challenges}> & more`;
      const url = new URL(reach(last.callback));
      const query: Record<string, string> = {
        "hub.mode": last.mode,
        "hub.topic": last.topic,
        "hub.challenge": challenge,
        "hub.lease_seconds": String(hub.lease),
        ...changed,
      };
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
      const answer = await fetch(url);
      return { status: answer.status, text: await answer.text(), challenge };
    },
    async push(body, changed = {}) {
      const { callback, secret = "" } = newest();
      const method = changed.method ?? "sha256";
      const signature =
        changed.signature === undefined
          ? `${method}=${createHmac(method, changed.secret ?? secret)
              .update(body)
              .digest("hex")}`
          : changed.signature;
      const answer = await fetch(reach(changed.callback ?? callback), {
        method: "POST",
        headers: {
          "content-type": "application/atom+xml",
          ...(signature === null ? {} : { "x-hub-signature": signature }),
        },
        body: new Uint8Array(Buffer.from(body)),
      });
      await answer.arrayBuffer();
      return answer.status;
    },
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return hub;
}
