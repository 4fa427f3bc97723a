import { rm } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "@paperwire/core";
import { sources } from "@paperwire/db";
import { takeEmptied } from "@paperwire/db/own-database.ts";
import { freePort, mustReachItself } from "../demo/own-ports.ts";
import { startSampleSite } from "../demo/sample-site.ts";
import { readSamples, type Samples } from "../demo/samples.ts";
import { tell } from "../demo/summary.ts";
import { acquirePostgres } from "../embedded/acquire-postgres.ts";
import { readEnv, type Settings } from "../env.ts";
import { subscribeReader } from "../readers/subscribe.ts";
import type { Context } from "../runtime/context.ts";
import { type Drained, drain } from "../runtime/drain.ts";
import { openContext } from "../runtime/open-context.ts";
import { standingClock } from "../runtime/product-clock.ts";
import { createOutput, type Output } from "./output.ts";
import { progressOn } from "./progress.ts";
import type { Common } from "./run-command.ts";
import { stopSignal } from "./up.ts";

/**
 * Plays two days of the bundled samples in a home of its own, from nothing each time: the same sources, papers and
 * mails. It uses the embedded database, its queues and the outbox whatever the settings say, and only 127.0.0.1.
 */
export async function demo(options: Common & { exit?: boolean }): Promise<void> {
  const output = createOutput(options.json === true);
  const keepsUp = options.exit !== true && process.stdout.isTTY === true;
  const stopped = keepsUp ? stopSignal() : undefined;
  const settings = await demoSettings();
  const postgres = await acquirePostgres({ home: settings.home });
  try {
    const own = await takeEmptied(postgres.url).catch((error: unknown) => {
      throw error instanceof UsageError
        ? new UsageError(`A demo runs already in ${settings.home}. Stop it first (Ctrl-C in its window).`)
        : error;
    });
    try {
      await rm(join(settings.home, "outbox"), { recursive: true, force: true });
      await play(settings, output, stopped);
    } finally {
      await own.release();
    }
  } finally {
    await postgres.release();
  }
}

/** A home beside the usual one, and nothing of what else is set about databases, queues and mail. */
async function demoSettings(): Promise<Settings> {
  const quiet = { LOG_LEVEL: "warn" };
  const nothing = {
    DATABASE_URL: undefined,
    REDIS_URL: undefined,
    MAIL_TRANSPORT: undefined,
    MAIL_FROM: undefined,
    PUBLIC_URL: undefined,
  };
  const usual = readEnv(quiet, nothing);
  await mustReachItself();
  const port = (await freePort(usual.HOST, usual.PORT)) ?? (await freePort(usual.HOST, 0));
  const own = { PAPERWIRE_HOME: join(usual.home, "demo"), PORT: String(port ?? usual.PORT) };
  return readEnv(quiet, { ...nothing, ...own });
}

async function play(settings: Settings, output: Output, stopped: Promise<void> | undefined): Promise<void> {
  const samples = readSamples();
  let now = samples.start;
  const clock = {
    get state() {
      return standingClock(now).state;
    },
    now: () => new Date(now),
  };
  const site = await startSampleSite(samples.answers, clock.now);
  const opened = await openContext({ ...settings, FETCH_ALLOW_PRIVATE: site.host }, { clock, poolSize: 24 });
  // Every request goes to our own samples: there is no host to be polite to.
  const context: Context = { ...opened, fetching: { agents: opened.fetching.agents } };
  try {
    await addSources(context, samples, site.host);
    await addReaders(context, samples);
    const drains: Drained[] = [];
    const progress = progressOn(process.stderr);
    for (const instant of samples.instants) {
      now = instant;
      progress.show(`${instant.toISOString()} …`);
      drains.push(await drain(context));
    }
    progress.clear();
    const web =
      stopped === undefined ? undefined : await (await import("../web/server.ts")).startWeb(context);
    await tell(context, output, drains, samples, web?.url);
    if (drains.some((one) => one.failedJobs > 0)) process.exitCode = 1;
    await stopped;
    await web?.close();
  } finally {
    await opened.close();
    await site.close();
  }
}

async function addSources({ db }: Context, { sources: all, start }: Samples, host: string): Promise<void> {
  for (const { id, kind, path } of all) {
    await sources.insertNew(db, {
      id,
      kind,
      url: `http://${host}${path}`,
      everyMinutes: 60,
      nextFetchAt: start,
      createdAt: start,
    });
  }
}

async function addReaders(context: Context, { readers: all, start }: Samples): Promise<void> {
  for (const { email, zone, at, maxPapers, interests } of all) {
    for (const { name, query, categories, authors } of interests) {
      await subscribeReader(
        context,
        {
          email,
          zone,
          at,
          name,
          confirmed: true,
          ...(maxPapers === undefined ? {} : { maxPapers }),
          ...(query === undefined ? {} : { query }),
          ...(categories === undefined ? {} : { categories }),
          ...(authors === undefined ? {} : { authors }),
        },
        start,
      );
    }
  }
}
