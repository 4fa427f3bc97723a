import { RetryLaterError } from "@paperwire/core";
import { createDb } from "@paperwire/db";
import { parseAllowList } from "@paperwire/workers/fetch/address-rules.ts";
import { createFetchAgents } from "@paperwire/workers/fetch/pinned-agent.ts";
import { politeFetch } from "@paperwire/workers/fetch/polite-fetch.ts";
import { createSharedBudget } from "@paperwire/workers/fetch/shared-budget.ts";

/** One of several processes that ask the same host: `databaseUrl url answers gapMs leaseMs patienceMs`. */
const [, , databaseUrl = "", url = "", answers = "1", gapMs = "0", leaseMs = "60000", patienceMs = "20000"] =
  process.argv;

const db = createDb({ url: databaseUrl, max: 4, applicationName: "budget-process" });
const agents = createFetchAgents({ allowPrivate: parseAllowList("127.0.0.1") });
const budget = createSharedBudget({ db, leaseMs: Number(leaseMs), patienceMs: Number(patienceMs) });
let wanted = Number(answers);
let putOff = 0;

/** Two lines of work, so that the line within the process is used as well. */
async function work(): Promise<void> {
  while (wanted > 0) {
    wanted--;
    try {
      const outcome = await politeFetch(
        {
          url,
          trusted: true,
          userAgent: "Paperwire/test",
          budget: { group: "tested", gapMs: Number(gapMs) },
        },
        { agents, budget },
      );
      if (outcome.kind !== "fetched") wanted++;
    } catch (error) {
      if (!(error instanceof RetryLaterError)) throw error;
      wanted++;
      putOff++;
      await new Promise((resolve) => setTimeout(resolve, error.delayMs));
    }
  }
}

await Promise.all([work(), work()]);
process.stdout.write(JSON.stringify({ putOff }));
await agents.close();
await db.destroy();
