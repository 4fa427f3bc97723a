import { spawn } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import { UsageError } from "@paperwire/core/errors.ts";
import { childEnvironment } from "../env.ts";

/** Who runs the server: PostgreSQL refuses root. Undefined means: whoever runs this process. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * The account for a cluster: for root, the first owner of these paths that is not root himself, otherwise the
 * machine's `postgres` or `nobody`. Throws UsageError if root finds neither.
 */
export async function accountFor(paths: readonly string[]): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = await readAccounts();
  for (const path of paths) {
    const owner = await stat(path).catch(() => undefined);
    if (owner === undefined || owner.uid === 0) continue;
    const known = accounts.find(({ uid }) => uid === owner.uid);
    return { name: known?.name ?? String(owner.uid), uid: owner.uid, gid: owner.gid };
  }
  for (const name of ["postgres", "_postgres", "nobody"]) {
    const account = accounts.find((known) => known.name === name);
    if (account !== undefined) return account;
  }
  throw new UsageError(
    "PostgreSQL does not run as root, and this machine has neither an account `postgres` nor `nobody` to run it as: use an ordinary account, or set DATABASE_URL to a server.",
  );
}

export interface Finished {
  /** Null when a signal or a failed start ended it. */
  readonly status: number | null;
  /** Standard output and standard error, in the order they came. */
  readonly output: string;
}

/** Runs a program to its end as `account`, in its own session (a Ctrl-C in the terminal does not reach it). */
export function runAs(
  account: Account | undefined,
  program: string,
  args: readonly string[],
): Promise<Finished> {
  return new Promise((finish) => {
    const child = spawn(program, args, {
      ...identityOptions(account),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const take = (text: string) => {
      output += text;
    };
    child.stdout.setEncoding("utf8").on("data", take);
    child.stderr.setEncoding("utf8").on("data", take);
    child.once("error", (error) => finish({ status: null, output: `${output}${error.message}` }));
    child.once("close", (status) => finish({ status, output }));
  });
}

/** For `spawn`: no setting of ours but PATH is passed on, messages are English, and no folder is kept busy. */
export function identityOptions(account: Account | undefined) {
  const keep =
    process.platform === "win32" ? childEnvironment() : { PATH: childEnvironment().PATH ?? "/usr/bin:/bin" };
  return {
    ...(account === undefined ? {} : { uid: account.uid, gid: account.gid }),
    cwd: process.platform === "win32" ? undefined : "/",
    env: { ...keep, LC_ALL: "C", TZ: "UTC" },
    detached: process.platform !== "win32",
    windowsHide: true,
  };
}

async function readAccounts(): Promise<Account[]> {
  const lines = (await readFile("/etc/passwd", "utf8").catch(() => "")).split("\n");
  return lines.flatMap((line) => {
    const [name, , uid, gid] = line.split(":");
    return name && uid && gid ? [{ name, uid: Number(uid), gid: Number(gid) }] : [];
  });
}
