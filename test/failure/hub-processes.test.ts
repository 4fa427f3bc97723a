import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { hubSubscriptions, papers, sources } from "@paperwire/db";
import { sql } from "kysely";
import { afterEach, expect, vi } from "vitest";
import { test } from "../harness/fixtures.ts";
import { feedOf } from "../harness/hub-context.ts";
import { startHub } from "../harness/hub-double.ts";

const publicUrl = "https://wire.example";
const children: ChildProcess[] = [];
const patience = { timeout: 40_000, interval: 50 };

afterEach(async () => {
  for (const child of children.splice(0)) await stop(child, "SIGTERM");
});

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill(signal);
  await exited;
}

async function startUp(
  environment: Record<string, string>,
  hubPort: number,
): Promise<[ChildProcess, string]> {
  const file = fileURLToPath(new URL("hub-process.ts", import.meta.url));
  const child = spawn(process.execPath, [file, String(hubPort)], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...environment },
  });
  children.push(child);
  const [url] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  return [child, url];
}

test("two processes ask a hub once, either is called back, and a push to the one that is left brings the paper", {
  timeout: 120_000,
}, async ({ db, databaseUrl, folder, origin }) => {
  let webUrl = "";
  const hub = await startHub((callback) => callback.replace(publicUrl, webUrl));
  origin.serve("/feed", { body: feedOf([1]) });
  const environment = {
    DATABASE_URL: databaseUrl,
    SECRET_KEY: "0123456789abcdef0123456789abcdef",
    PAPERWIRE_HOME: folder,
    PUBLIC_URL: publicUrl,
    PORT: "0",
    FETCH_ALLOW_PRIVATE: origin.host,
    WEBSUB: "on",
    LOG_LEVEL: "error",
  };
  try {
    const [[first, firstUrl], [, secondUrl]] = await Promise.all([
      startUp(environment, hub.port),
      startUp(environment, hub.port),
    ]);
    await sources.insertNew(db, {
      id: "crystals",
      url: `${origin.url}/feed`,
      kind: "feed",
      nextFetchAt: sources.neverAsked,
      createdAt: new Date(),
    });
    await vi.waitUntil(() => hub.asked.length > 0, patience);
    webUrl = firstUrl;
    expect((await hub.verify()).status).toBe(200);
    await stop(first, "SIGKILL");
    webUrl = secondUrl;
    await vi.waitUntil(async () => (await papers.count(db)) === 1, patience);
    origin.serve("/feed", { body: feedOf([1, 2]) });
    // Its last poll was long ago and its next one is far away: what comes now comes by the push.
    await sql`update sources set last_fetch_at = last_fetch_at - interval '1 hour',
        next_fetch_at = clock_timestamp() + interval '20 hours'`.execute(db);
    expect(await hub.push(feedOf([2]))).toBe(202);
    await vi.waitUntil(async () => (await papers.count(db)) === 2, patience);
    expect(hub.asked).toHaveLength(1);
    expect(await hubSubscriptions.findWanted(db, "crystals")).toMatchObject({ pushes: 1, failures: 0 });
  } finally {
    for (const child of children.splice(0)) await stop(child, "SIGTERM");
    await hub.close();
  }
});
