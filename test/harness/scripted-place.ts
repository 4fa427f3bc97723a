import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";

export interface PlaceAnswer {
  readonly status: number;
  readonly body: string;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ScriptedPlace {
  readonly url: string;
  /** Whole requests: their path, the key they carried (a header, or the last part of a Matrix path), and body. */
  readonly requests: readonly {
    readonly path: string;
    readonly key: string;
    readonly body: string;
    readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  }[];
  /** What every request gets from now on. */
  next(answer: PlaceAnswer | "reset" | "hang"): void;
  close(): Promise<void>;
}

/** An HTTP server that answers every request as it was last told. */
export async function startPlace(): Promise<ScriptedPlace> {
  const requests: ScriptedPlace["requests"][number][] = [];
  const sockets = new Set<Socket>();
  let answer: PlaceAnswer | "reset" | "hang" = { status: 200, body: "" };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const path = request.url ?? "";
      const named = request.headers["idempotency-key"] ?? request.headers["webhook-id"];
      requests.push({
        path,
        key: typeof named === "string" ? named : decodeURIComponent(path.split("/").at(-1) ?? ""),
        body: Buffer.concat(chunks).toString(),
        headers: request.headers,
      });
      if (answer === "reset") request.socket.resetAndDestroy();
      else if (answer !== "hang") {
        response.writeHead(answer.status, {
          "content-type": answer.type ?? "application/json",
          ...answer.headers,
        });
        response.end(answer.body);
      }
    });
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    next(told) {
      answer = told;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
