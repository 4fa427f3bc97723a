import { connect, createServer } from "node:net";
import { UsageError } from "@paperwire/core";

/** Everything in the demo talks over 127.0.0.1; without it a database would be waited for that cannot be reached. */
export function mustReachItself(): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (error: NodeJS.ErrnoException) => {
      server.close();
      reject(
        new UsageError(
          `This machine cannot reach itself on 127.0.0.1 (${error.code}). Bring its loopback interface up: ip link set lo up`,
        ),
      );
    };
    const server = createServer((socket) => socket.destroy());
    server.once("error", refuse);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const socket = connect({
        host: "127.0.0.1",
        port: typeof address === "object" ? (address?.port ?? 0) : 0,
      });
      socket.once("error", refuse);
      socket.once("connect", () => {
        socket.destroy();
        server.close(() => resolve());
      });
    });
  });
}

/** The port, or one that the system gives for 0; nothing when it is taken. */
export function freePort(host: string, port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : port));
    });
  });
}
