import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, constants, mkdir } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { delimiter, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** Either a server, or why there is none. */
export type RedisService =
  | { readonly url: string; readonly what: string; readonly pid?: number }
  | { readonly missing: string; readonly what: string; readonly pid?: undefined };

export interface Where {
  readonly docker: boolean;
  readonly folder: string;
  readonly onTeardown: (cleanup: () => Promise<void>) => void;
}

/** Throws if there is none and REQUIRE_REDIS=1. */
export async function findRedis({ docker, folder, onTeardown }: Where): Promise<RedisService> {
  if (process.env.TEST_REDIS_URL)
    return { url: process.env.TEST_REDIS_URL, what: "Redis from TEST_REDIS_URL" };
  if (docker) {
    const { GenericContainer } = await import("testcontainers");
    const container = await new GenericContainer("redis:8-alpine")
      .withCommand(["redis-server", "--maxmemory-policy", "noeviction", "--save", ""])
      .withExposedPorts(6379)
      .start();
    onTeardown(async () => {
      await container.stop();
    });
    const address = `${container.getHost()}:${container.getMappedPort(6379)}`;
    return { url: `redis://${address}`, what: "Redis in a container" };
  }
  for (const name of ["redis-server", "valkey-server"]) {
    const program = await onPath(name);
    if (program === undefined) continue;
    const server = await startRedis(program, join(folder, "redis"));
    onTeardown(server.stop);
    return { url: server.url, what: program, pid: server.pid };
  }
  const missing =
    "no Redis: TEST_REDIS_URL is not set, no Docker engine answers, and neither redis-server nor valkey-server is on the path";
  if (process.env.REQUIRE_REDIS === "1") throw new Error(`REQUIRE_REDIS=1, but ${missing}.`);
  return { missing, what: missing };
}

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts a server of its own, on `port` or a free one, for tests that stop, stall or flush it. */
export async function startRedis(program: string, folder: string, port?: number): Promise<RedisServer> {
  await mkdir(folder, { recursive: true });
  const chosen = port ?? (await freePort());
  const settings = {
    port: chosen,
    bind: "127.0.0.1",
    dir: folder,
    save: "",
    appendonly: "no",
    pidfile: join(folder, "redis.pid"),
  };
  const flags = Object.entries({ ...settings, "maxmemory-policy": "noeviction" });
  const child = spawn(
    program,
    flags.flatMap(([name, value]) => [`--${name}`, String(value)]),
    // A session of its own: a Ctrl-C in the terminal must not stop it before the tests have ended.
    { stdio: ["ignore", "pipe", "pipe"], detached: true },
  );
  let output = "";
  const take = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout.on("data", take);
  child.stderr.on("data", take);
  child.once("error", take);
  const ended = () => child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
  while (!(await answersPing(chosen))) {
    if (ended()) throw new Error(`${program} did not start:\n${output}`);
    await delay(10);
  }
  return {
    url: `redis://127.0.0.1:${chosen}`,
    port: chosen,
    pid: child.pid ?? 0,
    async stop() {
      if (ended()) return;
      const exit = once(child, "exit");
      child.kill("SIGKILL");
      await exit;
    },
  };
}

export async function onPath(name: string): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const program = join(folder, name);
    const found = await access(program, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return program;
  }
  return undefined;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("No port was given.");
  return address.port;
}

function answersPing(port: number): Promise<boolean> {
  return new Promise((answer) => {
    const socket = connect({ host: "127.0.0.1", port });
    const settle = (answers: boolean) => {
      socket.destroy();
      answer(answers);
    };
    socket.once("connect", () => socket.write("PING\r\n"));
    socket.once("data", (bytes) => settle(bytes.toString().startsWith("+PONG")));
    socket.once("error", () => settle(false));
    socket.setTimeout(1_000, () => settle(false));
  });
}
