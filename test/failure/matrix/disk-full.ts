import { execFile } from "node:child_process";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { readMail } from "@paperwire/workers/channels/mime.ts";
import { unpackRequest } from "@paperwire/workers/deliver/packed-request.ts";
import { sql } from "kysely";
import type { Lane } from "./lane.ts";
import { until } from "./until.ts";
import type { Verdict } from "./verify.ts";
import { openWorld, untilSettled, type World } from "./world.ts";

const run = promisify(execFile);

interface DiskCase {
  readonly name: string;
  /** What happens while the disk is full. */
  readonly meanwhile: (world: World) => Promise<void>;
}

const cases: readonly DiskCase[] = [
  { name: "outbox · disk full · nothing else", meanwhile: async () => undefined },
  { name: "outbox · disk full · killed while it is full", meanwhile: restart },
  {
    name: "outbox · disk full · queue flushed",
    async meanwhile(world) {
      await sql`drop schema if exists bullmq cascade`.execute(world.db);
    },
  },
  {
    name: "outbox · disk full · PostgreSQL restarted",
    meanwhile: async (world) => world.lane.restartPostgres(),
  },
  {
    name: "outbox · disk full · two deployments",
    async meanwhile(world) {
      await world.start({ PUBLIC_URL: "https://second.example.org" }).ready();
    },
  },
  {
    name: "outbox · disk full · other templates deployed",
    async meanwhile(world) {
      await world.processes[0]?.kill();
      await world.start({ MAIL_FROM: "The Wire <wire@other.example.org>" }).ready();
    },
  },
];

async function restart(world: World): Promise<void> {
  await world.processes[0]?.kill();
  await world.start().ready();
}

/** A folder with room for a few mails, until there is more. The reason in words where mounting is not allowed. */
export const diskFull = cases.map(({ name, meanwhile }) => ({
  name,
  async run(lane: Lane): Promise<Verdict | string> {
    const world = await openWorld(lane, {
      transport: "outbox",
      backend: "postgres",
      readers: 12,
      perBatch: 1,
    });
    const folder = join(world.folder, "outbox");
    await mkdir(folder, { recursive: true });
    let isMounted = false;
    try {
      await run("mount", ["-t", "tmpfs", "-o", "size=200k", "tmpfs", folder]);
      isMounted = true;
    } catch (error) {
      await world.close();
      return `a small disk cannot be mounted here: ${String(error).split("\n")[0]}`;
    }
    try {
      await world.start().ready();
      await until("the disk is full", 30_000, async () => {
        const { rows } = await sql`select from deliveries where because like '%full%'`.execute(world.db);
        return rows.length > 0;
      });
      await meanwhile(world);
      await run("mount", ["-o", "remount,size=20m", folder]);
      await untilSettled(world, 60_000);
      for (const one of world.processes) await one.stop();
      return await look(world, folder);
    } catch (error) {
      return { delivered: 0, uncertain: 0, wrong: [String(error)] };
    } finally {
      await world.close();
      if (isMounted) await run("umount", [folder]);
    }
  },
}));

async function look(world: World, folder: string): Promise<Verdict> {
  const wrong: string[] = [];
  const files = (await readdir(folder)).filter((file) => file.endsWith(".eml"));
  const requests = await world.db
    .selectFrom("batches")
    .select("request")
    .where("request", "is not", null)
    .execute();
  const stored = new Map<string, string>();
  for (const { request } of requests) {
    if (request === null) continue;
    const { head, raw } = readMail(await unpackRequest(request));
    stored.set((head as { file: string }).file, raw.toString("latin1"));
  }
  for (const file of files) {
    if ((await readFile(join(folder, file), "latin1")) !== stored.get(file))
      wrong.push(`${file} is not what was stored`);
  }
  for (const { email } of world.frozen.readers) {
    const count = files.filter((file) => file.includes(`-${email.replace("@", "-at-")}-`)).length;
    if (count !== 1) wrong.push(`${email} has ${count} files`);
  }
  const { rows } = await sql<{
    count: number;
  }>`select count(*)::int as count from deliveries where state <> 'accepted'`.execute(world.db);
  if (rows[0]?.count !== 0) wrong.push(`${rows[0]?.count} deliveries are not accepted`);
  return { delivered: files.length, uncertain: 0, wrong };
}
