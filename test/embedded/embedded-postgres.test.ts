import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, chown, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { acquirePostgres } from "@paperwire/workers/embedded/acquire-postgres.ts";
import { identityOf } from "@paperwire/workers/embedded/process-identity.ts";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { ask, type Homes, makeHomes, serversOf } from "./homes.ts";

const isRoot = process.getuid?.() === 0;
const nobody = { uid: 65534, gid: 65534 };

describe.skipIf(process.platform !== "linux")("embedded PostgreSQL (reads /proc, so Linux only)", () => {
  let homes: Homes;
  let serial = 0;
  const newHome = () => join(homes.folder, `home ${++serial} 論文`);

  beforeAll(async () => {
    homes = await makeHomes();
  });
  afterAll(() => homes.removeAll());

  test("two processes that start at once create one database and share one server", async () => {
    const home = newHome();
    const [one, two, three] = await Promise.all([homes.hold(home), homes.hold(home), homes.hold(home)]);
    expect([one.answer, two.answer]).toEqual([three.answer, three.answer]);
    expect(serversOf(one.answer.dataDir)).toHaveLength(1);
    expect(await ask(one.answer.url, "select 1 + 1")).toBe(2);
    await one.end();
    expect(await ask(two.answer.url, "show max_connections")).toBe("200");
    await two.end();
    await three.end();
    expect(serversOf(one.answer.dataDir)).toEqual([]);
  });

  test("data outlives the server, and the port is kept", async () => {
    const home = newHome();
    const first = await acquirePostgres({ home, fast: true });
    await ask(first.url, "create table kept as select 7 as n");
    await first.release();
    const second = await acquirePostgres({ home, fast: true });
    expect(await ask(second.url, "select n from kept")).toBe(7);
    expect(second.url).toBe(first.url);
    await second.release();
    await second.release();
    expect(serversOf(second.dataDir)).toEqual([]);
  });

  test("a user that was killed does not keep the server running", async () => {
    const home = newHome();
    const killed = await homes.hold(home);
    await killed.kill();
    expect(serversOf(killed.answer.dataDir)).toHaveLength(1);
    const next = await acquirePostgres({ home, fast: true });
    expect(next.url).toBe(killed.answer.url);
    await next.release();
    expect(serversOf(next.dataDir)).toEqual([]);
  });

  test("a user whose process id another process has now does not count", async () => {
    const home = newHome();
    const user = await acquirePostgres({ home, fast: true });
    const stranger = { pid: process.ppid, startedAt: "another boot/1" };
    await writeFile(join(home, "postgres", "users", "reused.json"), JSON.stringify(stranger));
    await user.release();
    expect(serversOf(user.dataDir)).toEqual([]);
  });

  test("a server that was killed is started again on its port with what was committed", async () => {
    const home = newHome();
    const user = await acquirePostgres({ home, fast: true });
    await ask(user.url, "create table kept as select 8 as n");
    for (const pid of serversOf(user.dataDir)) process.kill(pid, "SIGKILL");
    await user.ensureRunning();
    expect(await ask(user.url, "select n from kept")).toBe(8);
    for (const pid of serversOf(user.dataDir)) process.kill(pid, "SIGKILL");
    const other = await acquirePostgres({ home, fast: true });
    expect(await ask(other.url, "select n from kept")).toBe(8);
    await Promise.all([other.release(), user.release()]);
    expect(serversOf(user.dataDir)).toEqual([]);
  });

  test("a pid file that names a living stranger does not prevent the start", async () => {
    const home = newHome();
    const user = await acquirePostgres({ home, fast: true });
    const pidFile = join(user.dataDir, "postmaster.pid");
    const left = await readFile(pidFile, "utf8");
    await user.release();
    await writeFile(pidFile, left.replace(/^\d+/, String(process.pid)));
    const again = await acquirePostgres({ home, fast: true });
    expect(await ask(again.url, "select 1")).toBe(1);
    await again.release();
  });

  test("killed in the middle of the first start, at any moment, the next start succeeds", async () => {
    const home = newHome();
    await mkdir(home);
    for (const moment of ["lock", "data.unfinished-", "data", "server.json"]) {
      await rm(join(home, "postgres"), { recursive: true, force: true });
      const child = spawn(process.execPath, [join(import.meta.dirname, "holder.ts"), home], {
        stdio: "ignore",
      });
      await vi.waitUntil(
        async () =>
          (await readdir(join(home, "postgres")).catch(() => [])).some((it) => it.startsWith(moment)),
        { timeout: 20_000, interval: 1 },
      );
      child.kill("SIGKILL");
      await once(child, "exit");
      const user = await acquirePostgres({ home, fast: true });
      expect(await ask(user.url, "select 1"), moment).toBe(1);
      await user.release();
      expect(serversOf(user.dataDir), moment).toEqual([]);
      expect((await readdir(join(home, "postgres"))).filter((it) => it.startsWith("data"))).toEqual(["data"]);
    }
  });

  test("a data folder that no server can open is set aside, not removed", async () => {
    const home = newHome();
    await mkdir(join(home, "postgres", "data", "base"), { recursive: true });
    await writeFile(join(home, "postgres", "data", "PG_VERSION"), "18\n");
    const lines: string[] = [];
    const user = await acquirePostgres({ home, fast: true, log: (line) => lines.push(line) });
    expect(await ask(user.url, "select 1")).toBe(1);
    await user.release();
    expect(lines.join("\n")).toMatch(/is kept as .*data\.unusable-/);
    expect((await readdir(join(home, "postgres"))).some((it) => it.startsWith("data.unusable-"))).toBe(true);
  });

  test("data of another major version is refused with a sentence and left alone", async () => {
    const home = newHome();
    const user = await acquirePostgres({ home, fast: true });
    await user.release();
    await writeFile(join(user.dataDir, "PG_VERSION"), "15\n");
    await expect(acquirePostgres({ home, fast: true })).rejects.toThrow(/was made by PostgreSQL 15/);
    expect(existsSync(join(user.dataDir, "base"))).toBe(true);
  });

  test("an interrupt from the terminal does not reach the server", async () => {
    const home = newHome();
    const child = spawn(process.execPath, [join(import.meta.dirname, "holder.ts"), home], {
      detached: true,
      stdio: ["pipe", "pipe", "inherit"],
    });
    const [line] = await once(child.stdout, "data");
    const { url, dataDir } = JSON.parse(String(line));
    process.kill(-Number(child.pid), "SIGINT");
    expect(await ask(url, "select 1")).toBe(1);
    child.stdin.end();
    await once(child, "exit");
    expect(serversOf(dataDir)).toEqual([]);
  });

  test("a starter that ends closes its output although the server runs on", async () => {
    const home = newHome();
    const keeper = await homes.hold(home);
    for (const pid of serversOf(keeper.answer.dataDir)) process.kill(pid, "SIGKILL");
    const starter = await homes.hold(home);
    const closed = once(starter.child, "close");
    await starter.kill();
    await closed;
    expect(await ask(keeper.answer.url, "select 1")).toBe(1);
    await keeper.end();
    expect(serversOf(keeper.answer.dataDir)).toEqual([]);
  });

  test("two homes run side by side, and neither can log in to the other", async () => {
    const [one, two] = await Promise.all([
      acquirePostgres({ home: newHome(), fast: true }),
      acquirePostgres({ home: newHome(), fast: true }),
    ]);
    expect(one.port).not.toBe(two.port);
    const crossed = one.url.replace(`:${one.port}/`, `:${two.port}/`);
    await expect(ask(crossed, "select 1")).rejects.toThrow(/password/);
    await one.release();
    expect(await ask(two.url, "select 1")).toBe(1);
    await two.release();
  });

  test("the password is readable by its owner alone, and the server listens on the loopback only", async () => {
    const home = newHome();
    const user = await acquirePostgres({ home, fast: true });
    expect((await stat(join(home, "postgres", "password"))).mode & 0o777).toBe(0o600);
    expect(await ask(user.url, "show listen_addresses")).toBe("127.0.0.1");
    expect(await ask(user.url, "show unix_socket_directories")).toBe("");
    await user.release();
  });

  test("a home that is removed while the server runs does not leave the server behind", async () => {
    const home = newHome();
    const user = await acquirePostgres({ home, fast: true });
    const [pid = 0] = serversOf(user.dataDir);
    await rm(home, { recursive: true, force: true, maxRetries: 10 });
    await user.release();
    expect(await identityOf(pid)).toBeUndefined();
  });

  describe.skipIf(!isRoot)("as root (skipped for ordinary accounts, which cannot change to others)", () => {
    test("the server runs as another account", async () => {
      const user = await acquirePostgres({ home: newHome(), fast: true });
      const [pid = 0] = serversOf(user.dataDir);
      expect(await readFile(`/proc/${pid}/status`, "utf8")).not.toMatch(/^Uid:\s+0/m);
      await user.release();
    });

    test("an ordinary account starts and stops a server of its own", async () => {
      const home = newHome();
      await mkdir(home);
      await chmod(home, 0o777);
      const theirs = await homes.hold(home, nobody);
      expect(theirs.answer.error).toBeUndefined();
      expect(await theirs.end()).toBe(0);
    });

    test("root uses an ordinary account's home, and the account can go on afterwards", async () => {
      const home = join(homes.folder, "nobody's");
      await mkdir(home);
      await chown(home, nobody.uid, nobody.gid);
      const first = await homes.hold(home);
      expect(first.answer.error).toBeUndefined();
      await first.end();
      const theirs = await homes.hold(home, nobody);
      expect(theirs.answer.error).toBeUndefined();
      const roots = await homes.hold(home);
      expect(roots.answer.url).toBe(theirs.answer.url);
      await theirs.end();
      expect(await ask(roots.answer.url, "select 1")).toBe(1);
      await roots.end();
      expect(serversOf(roots.answer.dataDir)).toEqual([]);
    });

    test("data in a home nobody else can enter lies elsewhere, on record, and is found again", async () => {
      const closed = await mkdtemp(join(homes.folder, "closed "));
      const home = join(closed, "home");
      const user = await acquirePostgres({ home, fast: true });
      expect(user.dataDir.startsWith(home)).toBe(false);
      expect(await readFile(join(user.dataDir, "..", "home"), "utf8")).toBe(`${home}\n`);
      await ask(user.url, "create table kept as select 9 as n");
      await user.release();
      const again = await acquirePostgres({ home, fast: true });
      expect(await ask(again.url, "select n from kept")).toBe(9);
      await again.release();
      expect(await readFile(join(home, "postgres", "data-moved.json"), "utf8")).toContain(again.dataDir);
      await rm(join(again.dataDir, ".."), { recursive: true, force: true });
      await expect(acquirePostgres({ home, fast: true })).rejects.toThrow(/is not there any more/);
    });

    test("data that root copied from a backup is served again", async () => {
      const user = await acquirePostgres({ home: newHome(), fast: true });
      await ask(user.url, "create table kept as select 10 as n");
      await user.release();
      const restored = newHome();
      await cp(join(user.dataDir, "..", ".."), restored, { recursive: true });
      const again = await acquirePostgres({ home: restored, fast: true });
      expect(await ask(again.url, "select n from kept")).toBe(10);
      expect(again.dataDir.startsWith(restored)).toBe(true);
      await again.release();
    });

    test("an account that may not use a home is told so in a sentence", async () => {
      const home = newHome();
      const user = await acquirePostgres({ home, fast: true });
      const stranger = await homes.hold(home, nobody);
      expect(stranger.answer.error).toMatch(/UsageError: .*set PAPERWIRE_HOME/);
      await user.release();
    });
  });
});
