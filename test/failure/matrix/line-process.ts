import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, fstatSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { until } from "./until.ts";

const paperwire = fileURLToPath(new URL("../../../workers/bin/paperwire.js", import.meta.url));

/** `paperwire up deliver`, as an operator starts it. */
export interface LineProcess {
  readonly pid: number;
  hasEnded(): boolean;
  /** It had run, and ended, and nobody told it to. One that finds no database at its start may end. */
  hasCrashed(): boolean;
  /** How it ended: `SIGKILL`, `status 1`. */
  ending(): string;
  /** Resolves when its workers run. */
  ready(): Promise<void>;
  /** SIGKILL: nothing in it runs any more. */
  kill(): Promise<void>;
  /** SIGTERM, and SIGKILL should it not end within ten seconds. */
  stop(): Promise<void>;
  signal(name: "SIGSTOP" | "SIGCONT"): void;
  /** The end of what it wrote. */
  log(): string;
  /** Bytes that it wrote. */
  logSize(): number;
}

let serial = 0;

export function startLine(
  folder: string,
  environment: Record<string, string>,
  options: readonly string[] = [],
): LineProcess {
  const file = join(folder, `process-${++serial}.log`);
  const output = openSync(file, "a");
  const child = spawn(process.execPath, [paperwire, "up", "deliver", "--json", ...options], {
    env: { PATH: process.env.PATH ?? "", ...environment },
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  const ended = () => child.exitCode !== null || child.signalCode !== null;
  const exit = once(child, "exit");
  const log = () => tailOf(file);
  const hasRun = () => readFileSync(file, "utf8").includes('"workers"');
  let wasTold = false;
  const kill = async () => {
    wasTold ||= !ended();
    if (!ended()) child.kill("SIGKILL");
    await exit;
  };
  return {
    pid: child.pid ?? 0,
    hasEnded: ended,
    hasCrashed: () => ended() && !wasTold && hasRun(),
    ending: () => child.signalCode ?? `status ${child.exitCode}`,
    ready: () =>
      until("the process runs", 60_000, () => {
        if (ended()) throw new Error(`The process ended at its start:\n${log()}`);
        return log().includes('"workers"');
      }),
    kill,
    async stop() {
      wasTold ||= !ended();
      if (!ended()) child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await exit;
      clearTimeout(timer);
    },
    signal: (name) => void child.kill(name),
    log,
    logSize: () => statSync(file).size,
  };
}

function tailOf(file: string): string {
  const handle = openSync(file, "r");
  try {
    const { size } = fstatSync(handle);
    const bytes = Buffer.alloc(Math.min(size, 20_000));
    readSync(handle, bytes, 0, bytes.length, size - bytes.length);
    return bytes.toString("utf8");
  } finally {
    closeSync(handle);
  }
}
