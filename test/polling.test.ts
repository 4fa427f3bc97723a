import { type Db, outbox, sources } from "@paperwire/db";
import { changeSource } from "@paperwire/workers/cli/source.ts";
import { parseEnv } from "@paperwire/workers/env.ts";
import { drain } from "@paperwire/workers/runtime/drain.ts";
import { openContext } from "@paperwire/workers/runtime/open-context.ts";
import { expect } from "vitest";
import { test } from "./harness/fixtures.ts";

const dayMs = 86_400_000;
const start = Date.parse("2026-06-01T06:00:00Z");

/** A source at the origin, polled once a day by the real workers. */
async function openPolled(databaseUrl: string, folder: string, origin: { url: string; host: string }) {
  let now = new Date(start);
  const env = {
    DATABASE_URL: databaseUrl,
    SECRET_KEY: "0123456789abcdef0123456789abcdef",
    PAPERWIRE_HOME: folder,
    FETCH_ALLOW_PRIVATE: origin.host,
    LOG_LEVEL: "error",
  };
  const clock = {
    get state() {
      return { kind: "standing", at: now.toISOString() } as const;
    },
    now: () => now,
  };
  const context = await openContext(parseEnv(env), { clock, poolSize: 24 });
  await sources.insertNew(context.db, {
    id: "j",
    url: `${origin.url}/j.xml`,
    kind: "feed",
    everyMinutes: 1440,
    nextFetchAt: new Date(0),
    createdAt: now,
  });
  return {
    context,
    env,
    async pollOn(day: number) {
      now = new Date(start + day * dayMs);
      await sources.update(context.db, "j", { nextFetchAt: new Date(0), dueFor: null });
      const done = await drain(context);
      expect(done.failedJobs).toBe(0);
      return done;
    },
  };
}

function feedOf(ids: readonly string[], titleOf: (index: number) => string, date = start): string {
  const items = ids.map(
    (id, index) =>
      `<item><guid isPermaLink="false">${id}</guid><title>${titleOf(index)}</title><pubDate>${new Date(date).toUTCString()}</pubDate></item>`,
  );
  return `<rss version="2.0"><channel><title>J</title><link>https://j.example/</link>${items.join("")}</channel></rss>`;
}

const subjects =
  "wombats,glaciers,enzymes,quasars,lichens,volcanoes,neurons,tariffs,beetles,sonnets,alloys,monsoons,proofs,vaccines,bridges,orchids,comets,dialects,batteries,corals,rumours,tendons,isotopes,markets,fossils".split(
    ",",
  );
const titleOf = (index: number) => `On ${subjects[index]} and what they do when nobody looks, part ${index}`;
const ids = (prefix: string) => subjects.map((_, index) => `${prefix}-${index}`);

test("a source that answers 304 for ever is asked for everything once in seven days", async ({
  databaseUrl,
  folder,
  origin,
}) => {
  origin.serve("/j.xml", { body: feedOf(["1"], titleOf), type: "application/rss+xml" });
  const { context, pollOn } = await openPolled(databaseUrl, folder, origin);
  try {
    for (let day = 0; day <= 8; day += 1) await pollOn(day);
    const conditional = origin.to("/j.xml").map(({ headers }) => headers["if-none-match"] !== undefined);
    expect(conditional).toEqual([false, true, true, true, true, true, true, false, true]);
  } finally {
    await context.close();
  }
});

test("a mass of new identifiers is mailed to nobody until the operator resumes the source", async ({
  databaseUrl,
  folder,
  origin,
}) => {
  const { context, env, pollOn } = await openPolled(databaseUrl, folder, origin);
  const serve = (body: string) => origin.serve("/j.xml", { body, type: "application/rss+xml" });
  try {
    serve(feedOf(ids("a"), titleOf));
    await pollOn(0);
    serve(feedOf([...ids("a").slice(1), "a-extra"], (index) => titleOf(index + 1), start + dayMs));
    await pollOn(1);
    const known = (index: number) =>
      index < 20 ? titleOf(index + 1) : `A title never seen, number ${index}`;
    serve(feedOf(ids("b"), known, start - 100 * dayMs));
    await pollOn(2);
    expect((await sources.getById(context.db, "j")).heldBecause).toMatch(/25 of 25 listings/);
    expect(await heldPapers(context.db)).toHaveLength(5);
    await changeSource("resume", "j", { env, json: true });
    expect(await heldPapers(context.db)).toEqual([]);
    expect((await sources.getById(context.db, "j")).heldBecause).toBeNull();
    const open = await outbox.backlog(context.db);
    expect(open.some(({ event }) => event === "paper.ingested")).toBe(true);
  } finally {
    await context.close();
  }
});

async function heldPapers(db: Db): Promise<string[]> {
  const rows = await db.selectFrom("announcements").select("paperId").where("held", "=", true).execute();
  return rows.map(({ paperId }) => paperId);
}
