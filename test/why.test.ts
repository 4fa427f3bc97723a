import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { readers, suppressions } from "@paperwire/db";
import { startSampleSite } from "@paperwire/workers/demo/sample-site.ts";
import { readSamples } from "@paperwire/workers/demo/samples.ts";
import { parseEnv } from "@paperwire/workers/env.ts";
import { subscribeReader } from "@paperwire/workers/readers/subscribe.ts";
import { drain } from "@paperwire/workers/runtime/drain.ts";
import { type OpenContext, openContext } from "@paperwire/workers/runtime/open-context.ts";
import { standingClock } from "@paperwire/workers/runtime/product-clock.ts";
import { expect } from "vitest";
import { test } from "./harness/fixtures.ts";

const main = fileURLToPath(new URL("../workers/src/cli/main.ts", import.meta.url));
const secret = "0123456789abcdef0123456789abcdef";

interface Why {
  readonly paper?: { title: string; keys: string[] };
  readonly reader: string;
  readonly verdict: string;
  readonly because: string;
  readonly trail: readonly { at: string; what: string; detail: string }[];
}

test("why tells each reader's story of a paper, from the command line", { timeout: 120_000 }, async ({
  databaseUrl,
  folder,
}) => {
  let now = new Date("2026-06-17T05:00:00Z");
  const clock = {
    get state() {
      return standingClock(now).state;
    },
    now: () => new Date(now),
  };
  const site = await startSampleSite(readSamples().answers, clock.now);
  const settings = parseEnv({
    DATABASE_URL: databaseUrl,
    SECRET_KEY: secret,
    PAPERWIRE_HOME: folder,
    FETCH_ALLOW_PRIVATE: site.host,
    LOG_LEVEL: "error",
  });
  const why = async (email: string, paper: string): Promise<Why> => {
    const env = {
      PATH: process.env.PATH,
      DATABASE_URL: databaseUrl,
      SECRET_KEY: secret,
      PAPERWIRE_HOME: folder,
    };
    return JSON.parse(
      (await promisify(execFile)(process.execPath, [main, "why", email, paper, "--json"], { env })).stdout,
    );
  };
  const opened = await openContext(settings, { clock, poolSize: 24 });
  // The samples are our own: there is no host to be polite to.
  const context: OpenContext = { ...opened, fetching: { agents: opened.fetching.agents } };
  try {
    await addWorld(context, site.host, now);
    now = new Date("2026-06-17T08:00:00Z");
    expect((await drain(context)).failedJobs).toBe(0);
    const waiting = await why("evening@example.org", "2606.18216");
    expect(waiting).toMatchObject({
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
  } finally {
    await context.close();
    await site.close();
  }
  const accepted = await why("ada@example.org", "https://arxiv.org/abs/2606.18216v1");
  expect(accepted).toMatchObject({
    reader: "ada@example.org",
    verdict: "accepted",
    paper: { keys: ["arxiv:2606.18216"] },
  });
  expect(accepted.trail.map(({ what }) => what)).toEqual(
    expect.arrayContaining([
      "listed",
      "version",
      "topics",
      "occasion",
      "matched",
      "digest",
      "delivery",
      "attempt",
    ]),
  );

  const all = await Promise.all(
    [
      ["narrow@example.org", "2606.18033", "no-match", "‹cat:cs.IT›"],
      ["evening@example.org", "2606.18216", "accepted", "accepted it"],
      ["unasked@example.org", "2606.18216", "unconfirmed", "not confirmed"],
      ["away@example.org", "2606.18216", "paused", "paused"],
      ["gone@example.org", "2606.18216", "unsubscribed", "unsubscribed"],
      ["bounced@example.org", "2606.18216", "suppressed", "it bounced"],
      ["late@example.org", "2606.18216", "before-interest", "2026-06-19"],
      ["ada@example.org", "2606.16149", "not-mailable", "new version"],
      ["ada@example.org", "2512.00001", "never-seen", "No source"],
    ].map(async ([email = "", paper = "", verdict = "", says = ""]) => ({
      email,
      paper,
      verdict,
      says,
      got: await why(email, paper),
    })),
  );
  for (const { email, paper, verdict, got } of all)
    expect(got.verdict, `${email} and ${paper}: ${got.because}`).toBe(verdict);
  for (const { says, got } of all) expect(got.because).toContain(says);

  const capped = all.length > 0 ? await overCapOf(why) : undefined;
  expect(capped?.because).toContain("limit is 2");
});

/** One of the day's papers is beyond the two that the reader takes. */
async function overCapOf(why: (email: string, paper: string) => Promise<Why>): Promise<Why | undefined> {
  for (const paper of ["2606.18195", "2606.17905", "2606.17255", "2606.18033", "2606.17168"]) {
    const got = await why("few@example.org", paper);
    if (got.verdict === "over-cap") return got;
  }
  return undefined;
}

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
