import { queueNames } from "@paperwire/core";
import { type Db, hubSubscriptions, outbox, runners, sources } from "@paperwire/db";
import { pushStateOf } from "../push-state.ts";
import { type Finding, fail, ok, warn } from "./finding.ts";

const slowSeconds = 15 * 60;

/** What runs, what has failed and which sources do not answer. Expects the schema of this release. */
export async function workChecks(db: Db): Promise<Finding[]> {
  const [all, alive, open, backlog, pushed] = await Promise.all([
    sources.list(db),
    runners.listAlive(db),
    outbox.openWork(db),
    outbox.backlog(db),
    hubSubscriptions.listWanted(db),
  ]);
  const working = new Set(alive.flatMap((one) => one.workers));
  const missing = queueNames.filter((name) => !working.has(name));
  const oldest = Math.max(0, ...backlog.map((one) => one.oldestSeconds));
  return [
    ...sourceChecks(all),
    ...pushChecks(all, pushed),
    open.failed === 0
      ? ok("failed jobs", "No job waits for a person.")
      : fail(
          "failed jobs",
          `${open.failed} jobs have failed.`,
          "See why: paperwire failed list   Then: paperwire failed retry, or discard",
        ),
    alive.length === 0
      ? warn("workers", "No process runs.", "Start one: paperwire up")
      : missing.length > 0
        ? warn(
            "workers",
            `Nothing runs these workers: ${missing.join(", ")}.`,
            `Start them: paperwire up ${missing.join(" ")}`,
          )
        : ok(
            "workers",
            `${alive.length} ${alive.length === 1 ? "process runs" : "processes run"}, every worker among them.`,
          ),
    ...(alive.length > 0 && oldest > slowSeconds
      ? [
          warn(
            "lag",
            `The oldest open work waits for ${Math.round(oldest / 60)} minutes.`,
            "See where: paperwire status   Give that worker more processes or a higher concurrency.",
          ),
        ]
      : []),
  ];
}

export function sourceChecks(
  all: readonly Pick<sources.Source, "id" | "failures" | "pausedAt" | "pausedBecause" | "lastError">[],
): Finding[] {
  if (all.length === 0)
    return [
      warn(
        "sources",
        "There are no sources.",
        "Add one: paperwire source add https://rss.arxiv.org/rss/cs.CL",
      ),
    ];
  const polled = all.filter((one) => one.pausedAt === null);
  const failing = polled.filter((one) => one.failures > 0);
  const found = failing.map((one) =>
    warn(
      `source ${one.id}`,
      `${one.failures} ${one.failures === 1 ? "failure" : "failures"} in a row: ${one.lastError ?? "no reason was recorded"}`,
      `See its polls: paperwire source show ${one.id}`,
    ),
  );
  if (failing.length > 0 && failing.length === polled.length) {
    return [
      fail("sources", "No source answers.", "Check this machine's network and FETCH_ALLOW_PRIVATE."),
      ...found,
    ];
  }
  return [
    ...(polled.length > failing.length
      ? [
          ok(
            "sources",
            `${polled.length - failing.length} of ${all.length} sources answer or were not asked yet.`,
          ),
        ]
      : [ok("sources", "Every source is paused.")]),
    ...found,
  ];
}

/** Polling goes on whatever a hub does: nothing here is worse than a warning. */
export function pushChecks(
  all: readonly Pick<sources.Source, "id" | "hubUrl" | "hubTopic" | "pausedAt">[],
  subscriptions: readonly hubSubscriptions.ReadSubscription[],
): Finding[] {
  const bySource = new Map(subscriptions.map((one) => [one.sourceId, one]));
  const states = all.flatMap((source) => {
    const push = source.pausedAt === null ? pushStateOf(source, bySource.get(source.id)) : undefined;
    return push === undefined ? [] : [{ id: source.id, ...push }];
  });
  if (states.length === 0) return [];
  const live = states.filter(({ state }) => state === "live").length;
  const off = states.filter(({ state }) => state === "off").length;
  const note = off === 0 ? "" : `; ${off} are not asked to (WEBSUB, PUBLIC_URL)`;
  return [
    ok("push", `${live} of ${states.length} sources that offer it are pushed by their hubs${note}.`),
    ...states
      .filter(({ state }) => state === "failing" || state === "denied")
      .map(({ id, problem }) =>
        warn(
          `push of ${id}`,
          `${problem ?? "The hub does not push."} It is polled.`,
          `See it: paperwire source show ${id}   Hubs have to reach PUBLIC_URL/websub/… from the internet.`,
        ),
      ),
  ];
}
