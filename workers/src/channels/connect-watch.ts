import { subscribe } from "node:diagnostics_channel";
import { z } from "zod";

/**
 * Whether a `fetch` that failed can have reached the server, from what Node itself reports of its
 * connections (undici's diagnostics channels). A request is *unsent* only on positive evidence: no
 * headers with its key were written, and a connection to its host failed while it ran.
 */
export interface ConnectWatch {
  /** To be called after the request has failed. */
  wasUnsent(): boolean;
  end(): void;
}

export function watchConnect(url: URL, idempotencyKey: string): ConnectWatch {
  listen();
  const watch: Watch = {
    host: url.host,
    keyLine: `idempotency-key: ${idempotencyKey}\r\n`,
    sent: false,
    failed: false,
  };
  watches.add(watch);
  return {
    wasUnsent: () => watch.failed && !watch.sent,
    end: () => watches.delete(watch),
  };
}

interface Watch {
  readonly host: string;
  readonly keyLine: string;
  sent: boolean;
  failed: boolean;
}

const watches = new Set<Watch>();
const headersEvent = z.object({ headers: z.string() });
const failureEvent = z.object({ connectParams: z.object({ host: z.string() }) });
let listening = false;

function listen(): void {
  if (listening) return;
  listening = true;
  subscribe("undici:client:sendHeaders", (message) => {
    const event = headersEvent.safeParse(message);
    for (const watch of watches) {
      // Headers we cannot read may be anybody's.
      if (!event.success || event.data.headers.toLowerCase().includes(watch.keyLine.toLowerCase()))
        watch.sent = true;
    }
  });
  subscribe("undici:client:connectError", (message) => {
    const event = failureEvent.safeParse(message);
    if (!event.success) return;
    for (const watch of watches) if (watch.host === event.data.connectParams.host) watch.failed = true;
  });
}
