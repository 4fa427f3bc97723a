import { execFile } from "node:child_process";
import { readFile, readlink, realpath } from "node:fs/promises";
import { promisify } from "node:util";
import { childEnvironment } from "../env.ts";

/** One run of one process: a later process with the same id has another `startedAt`. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque; equal exactly for the same run. */
  readonly startedAt: string;
}

/**
 * The process that has this id now, or undefined if none has or it is a zombie. On Linux the start is counted
 * in clock ticks since boot, elsewhere in seconds; on Windows it is unknown, so there a reused id is not noticed.
 */
export async function identityOf(pid: number): Promise<ProcessIdentity | undefined> {
  if (process.platform === "linux") return linuxIdentity(pid);
  if (process.platform === "win32") return isAlive(pid) ? { pid, startedAt: "unknown" } : undefined;
  return unixIdentity(pid);
}

export async function isRunning(identity: ProcessIdentity): Promise<boolean> {
  return (await identityOf(identity.pid))?.startedAt === identity.startedAt;
}

/** Whether the process works in `folder`; undefined where the system does not tell. */
export async function worksIn(pid: number, folder: string): Promise<boolean | undefined> {
  try {
    return (await readlink(`/proc/${pid}/cwd`)) === (await realpath(folder));
  } catch {
    return undefined;
  }
}

async function linuxIdentity(pid: number): Promise<ProcessIdentity | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    const [state, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (state === "Z" || state === "X") return undefined;
    boot ??= (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
    return { pid, startedAt: `${boot}/${rest[STARTTIME_AFTER_STATE]}` };
  } catch {
    return undefined;
  }
}

/** proc_pid_stat(5): `state` is field 3, `starttime` field 22. */
const STARTTIME_AFTER_STATE = 18;
let boot: string | undefined;

async function unixIdentity(pid: number): Promise<ProcessIdentity | undefined> {
  try {
    const { stdout } = await promisify(execFile)("ps", ["-o", "stat=,lstart=", "-p", String(pid)], {
      env: { PATH: childEnvironment().PATH ?? "/bin:/usr/bin", LC_ALL: "C", TZ: "UTC" },
    });
    const [state = "", ...started] = stdout.trim().split(/\s+/);
    return state === "" || state.startsWith("Z") ? undefined : { pid, startedAt: started.join(" ") };
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
