import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/**
 * `open`: everything passes. `shut`: connections are taken and nothing passes. `half`: so many bytes towards the
 * server pass on each connection, and no more. `mute`: everything towards the server passes, and what it says
 * after so many bytes is kept back.
 */
export type GateMode = "open" | "shut" | "half" | "mute";

export interface Gate {
  readonly port: number;
  /** Connections taken since the gate was last set. */
  connections(): number;
  /** Is something kept back? */
  isHolding(): boolean;
  /** Holds for new connections; `open` also lets go of what is kept back. */
  set(mode: GateMode): void;
  /** Cuts every connection, in both directions. */
  cut(): void;
  close(): Promise<void>;
}

/** More than the commands of an SMTP conversation or the head of a request; less than any digest. */
const enoughBytes = 1_500;

/** A TCP proxy in front of a server that stops a conversation where it is told to. */
export async function startGate(serverPort: number): Promise<Gate> {
  let mode: GateMode = "open";
  let connections = 0;
  const lines = new Set<Line>();
  const server = createServer((client) => {
    connections += 1;
    const line = carry(client, mode, serverPort);
    lines.add(line);
    client.on("close", () => lines.delete(line));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const cut = () => {
    for (const line of lines) line.cut();
  };
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    isHolding: () => [...lines].some((line) => line.isHolding()),
    set(next) {
      mode = next;
      connections = 0;
      if (next === "open") for (const line of lines) line.open();
    },
    cut,
    async close() {
      cut();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

interface Line {
  isHolding(): boolean;
  open(): void;
  cut(): void;
}

function carry(client: Socket, rule: GateMode, serverPort: number): Line {
  const kept = { towards: [] as Buffer[], back: [] as Buffer[] };
  let passed = 0;
  let isOpen = rule === "open";
  let upstream = rule === "shut" ? undefined : reach();
  client.on("data", (chunk: Buffer) => {
    const room = isOpen || rule === "mute" ? chunk.length : rule === "half" ? enoughBytes - passed : 0;
    const pass = Math.max(0, Math.min(chunk.length, room));
    passed += pass;
    if (pass > 0) upstream?.write(chunk.subarray(0, pass));
    if (pass < chunk.length) kept.towards.push(chunk.subarray(pass));
  });
  client.on("error", () => undefined);
  client.on("end", () => upstream?.end());
  client.on("close", () => upstream?.destroy());

  function reach(): Socket {
    const socket = connect({ host: "127.0.0.1", port: serverPort });
    socket.on("data", (chunk: Buffer) => {
      if (!isOpen && rule === "mute" && passed > enoughBytes) kept.back.push(chunk);
      else client.write(chunk);
    });
    socket.on("error", () => client.resetAndDestroy());
    socket.on("end", () => client.end());
    socket.on("close", () => client.destroy());
    return socket;
  }
  return {
    isHolding: () => kept.towards.length + kept.back.length > 0,
    open() {
      isOpen = true;
      upstream ??= reach();
      for (const chunk of kept.towards.splice(0)) upstream.write(chunk);
      for (const chunk of kept.back.splice(0)) client.write(chunk);
    },
    cut() {
      client.resetAndDestroy();
      upstream?.resetAndDestroy();
    },
  };
}
