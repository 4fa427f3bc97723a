import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Client } from "pg";

export interface Holder {
  readonly child: ChildProcess;
  readonly answer: { url: string; port: number; dataDir: string; error?: string };
  /** Lets it release and end. */
  end(): Promise<number | null>;
  kill(): Promise<void>;
}

export interface Homes {
  /** A folder for homes, which every account may enter; removed at the end with whatever runs in it. */
  readonly folder: string;
  hold(home: string, as?: { uid: number; gid: number }): Promise<Holder>;
  removeAll(): Promise<void>;
}

export async function makeHomes(): Promise<Homes> {
  const folder = await mkdtemp(join(tmpdir(), "paperwire embedded ü "));
  await chmod(folder, 0o777);
  const children = new Set<ChildProcess>();
  const dataDirs = new Set<string>();
  return {
    folder,
    async hold(home, as) {
      const child = spawn(process.execPath, [fileURLToPath(new URL("holder.ts", import.meta.url)), home], {
        ...as,
        stdio: ["pipe", "pipe", "inherit"],
        env: { ...process.env, NODE_COMPILE_CACHE: "", HOME: folder },
      });
      children.add(child);
      child.once("exit", () => children.delete(child));
      const [line] = await once(createInterface(child.stdout), "line");
      const answer: Holder["answer"] = JSON.parse(line);
      dataDirs.add(answer.dataDir);
      return {
        child,
        answer,
        async end() {
          child.stdin?.end();
          return (await once(child, "exit"))[0];
        },
        async kill() {
          child.kill("SIGKILL");
          if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
        },
      };
    },
    async removeAll() {
      for (const child of children) child.kill("SIGKILL");
      for (const dataDir of dataDirs) for (const pid of serversOf(dataDir)) process.kill(pid, "SIGKILL");
      await rm(folder, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

/** The live PostgreSQL servers (not their children) that work in this folder. */
export function serversOf(dataDir: string): number[] {
  return readdirSync("/proc").flatMap((name) => {
    try {
      if (!/^\d+$/.test(name) || readlinkSync(`/proc/${name}/cwd`) !== dataDir) return [];
      const parent = Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/status`, "utf8"))?.[1]);
      const isChild = readlinkOf(`/proc/${parent}/cwd`) === dataDir;
      return isChild ? [] : [Number(name)];
    } catch {
      return [];
    }
  });
}

export async function ask(url: string, sql: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return Object.values((await client.query(sql)).rows[0] ?? {})[0];
  } finally {
    await client.end();
  }
}

function readlinkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
