import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { readers, suppressions } from "@paperwire/db";
import { startSampleSite } from "@paperwire/workers/demo/sample-site.ts";
import { readSamples } from "@paperwire/workers/demo/samples.ts";
import { parseEnv } from "@paperwire/workers/env.ts";
import { subscribeReader } from "@paperwire/workers/readers/subscribe.ts";
import { whyFor } from "@paperwire/workers/readers/why.ts";
import { drain } from "@paperwire/workers/runtime/drain.ts";
import { type OpenContext, openContext } from "@paperwire/workers/runtime/open-context.ts";
import { standingClock } from "@paperwire/workers/runtime/product-clock.ts";
import { expect } from "vitest";
import { test } from "./harness/fixtures.ts";

const main = fileURLToPath(new URL("../workers/src/cli/main.ts", import.meta.url));
const secret = "0123456789abcdef0123456789abcdef";

test("why tells each reader's story of a paper", { timeout: 120_000 }, async ({ databaseUrl, folder }) => {
  let now = new Date("2026-06-17T05:00:00Z");
  const clock = {
    get state() {
      return standingClock(now).state;
    },
    now: () => new Date(now),
  };
  const site = await startSampleSite(readSamples().answers, clock.now);
  const env = { DATABASE_URL: databaseUrl, SECRET_KEY: secret, PAPERWIRE_HOME: folder, LOG_LEVEL: "error" };
  const opened = await openContext(parseEnv({ ...env, FETCH_ALLOW_PRIVATE: site.host }), {
    clock,
    poolSize: 24,
  });
  // The samples are our own: there is no host to be polite to.
  const context: OpenContext = { ...opened, fetching: { agents: opened.fetching.agents } };
  const why = async (email: string, paper: string) => {
    const reader = await readers.findByEmail(context.db, email);
    if (reader === undefined) throw new Error(`${email} is no reader`);
    return whyFor(context, reader, paper);
  };
  try {
    await addWorld(context, site.host, now);
    now = new Date("2026-06-17T08:00:00Z");
    expect((await drain(context)).failedJobs).toBe(0);
    expect(await why("evening@example.org", "2606.18216")).toMatchObject({
      verdict: "waiting",
      because: expect.stringContaining("2026-06-17T20:00:00"),
    });
    now = new Date("2026-06-19T09:00:00Z");
    await subscribeReader(
      context,
      { email: "late@example.org", zone: "UTC", at: "08:00", categories: ["cs.CL"], confirmed: true },
      now,
    );
    await suppressions.add(context.db, "bounced@example.org", "it bounced");
    expect((await drain(context)).failedJobs).toBe(0);

    for (const [email = "", paper = "", verdict = "", says = ""] of [
      ["narrow@example.org", "2606.18033", "no-match", "‹cat:cs.IT›"],
      ["evening@example.org", "2606.18216", "accepted", "accepted it"],
      ["unasked@example.org", "2606.18216", "unconfirmed", "not confirmed"],
      ["away@example.org", "2606.18216", "paused", "paused"],
      ["gone@example.org", "2606.18216", "unsubscribed", "unsubscribed"],
      ["bounced@example.org", "2606.18216", "suppressed", "it bounced"],
      ["late@example.org", "2606.18216", "before-interest", "2026-06-19"],
      ["ada@example.org", "2606.16149", "not-mailable", "new version"],
      ["ada@example.org", "2512.00001", "never-seen", "No source"],
    ]) {
      const got = await why(email, paper);
      expect(got.verdict, `${email} and ${paper}: ${got.because}`).toBe(verdict);
      expect(got.because).toContain(says);
    }
    const few = await Promise.all(todays.map((paper) => why("few@example.org", paper)));
    expect(few.filter(({ verdict }) => verdict === "accepted").length).toBe(2);
    const capped = few.filter(({ verdict }) => verdict === "over-cap");
    expect(capped.length).toBe(todays.length - 2);
    for (const { because } of capped) expect(because).toContain("limit is 2");
    await expect(why("ada@example.org", "a paper about whales")).rejects.toThrow("names no paper");

    const { stdout } = await promisify(execFile)(
      process.execPath,
      [main, "why", "ada@example.org", "https://arxiv.org/abs/2606.18216v1", "--json"],
      { env: { PATH: process.env.PATH, ...env } },
    );
    const told = JSON.parse(stdout);
    expect(told).toMatchObject({
      reader: "ada@example.org",
      verdict: "accepted",
      paper: { keys: ["arxiv:2606.18216"] },
    });
    const kinds = new Set(told.trail.map(({ what }: { what: string }) => what));
    for (const kind of [
      "listed",
      "version",
      "topics",
      "occasion",
      "matched",
      "digest",
      "delivery",
      "attempt",
    ])
      expect(kinds).toContain(kind);
  } finally {
    await opened.close();
    await site.close();
  }
});

/** What the samples list in cs.CL on 17 June. */
const todays = ["18216", "18195", "17905", "17255", "18033", "17168", "18246", "17289"].map(
  (number) => `2606.${number}`,
);

async function addWorld(context: OpenContext, host: string, start: Date): Promise<void> {
  for (const [id, path] of [
    ["arxiv-cs.CL", "/rss/cs.CL"],
    ["arxiv-cs.AI", "/rss/cs.AI+cs.IT"],
  ] as const) {
    await context.db
      .insertInto("sources")
      .values({ id, kind: "arxiv-rss", url: `http://${host}${path}`, nextFetchAt: start, createdAt: start })
      .execute();
  }
  const common = { zone: "UTC", at: "08:00", categories: ["cs.CL"], confirmed: true };
  await subscribeReader(context, { ...common, email: "ada@example.org" }, start);
  await subscribeReader(context, { ...common, email: "few@example.org", maxPapers: 2 }, start);
  await subscribeReader(context, { ...common, email: "narrow@example.org", categories: ["cs.IT"] }, start);
  await subscribeReader(context, { ...common, email: "evening@example.org", at: "20:00" }, start);
  await subscribeReader(
    context,
    { ...common, email: "bounced@example.org", at: "20:00", days: "sun" },
    start,
  );
  await subscribeReader(context, { ...common, email: "unasked@example.org", confirmed: false }, start);
  const away = await subscribeReader(context, { ...common, email: "away@example.org", days: "sun" }, start);
  await readers.update(context.db, away.readerId, { pausedAt: start });
  const gone = await subscribeReader(context, { ...common, email: "gone@example.org" }, start);
  await readers.update(context.db, gone.readerId, { unsubscribedAt: start, nextDigestAt: null });
}
