import { readdirSync, readFileSync } from "node:fs";

/** CPU seconds used up to now by this process and by the PostgreSQL server with that data folder. */
export interface CpuSeconds {
  readonly own: number;
  readonly server: number;
}

export function cpuNow(dataDir: string): CpuSeconds {
  const { user, system } = process.cpuUsage();
  return { own: (user + system) / 1e6, server: serverSeconds(dataDir) };
}

const ticksPerSecond = 100;

/** The postmaster and all its children, those that have ended included (`cutime`, `cstime`). */
function serverSeconds(dataDir: string): number {
  const postmaster = readFileSync(`${dataDir}/postmaster.pid`, "utf8").split("\n")[0] ?? "";
  let ticks = 0;
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const fields = statOf(pid);
    // Fields after the name, from `state`: 1 is the parent, 11 to 14 are utime, stime, cutime, cstime.
    const isIts = pid === postmaster || fields[1] === postmaster;
    if (isIts)
      for (const at of [11, 12, ...(pid === postmaster ? [13, 14] : [])]) ticks += Number(fields[at]);
  }
  return ticks / ticksPerSecond;
}

function statOf(pid: string): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    // It ended between listing and reading.
    return [];
  }
}
