import { connectRedis, openQueues } from "../runtime/queues.ts";
import { type Finding, fail, ok, reasonOf } from "./finding.ts";

const patienceMs = 5_000;

/** Whether the queues' backend answers, and keeps what it is given. */
export async function queueChecks(options: {
  redisUrl: string | undefined;
  databaseUrl: string;
  prefix: string;
}): Promise<Finding[]> {
  if (options.redisUrl !== undefined) return redisChecks(options.redisUrl);
  const queues = openQueues({ ...options, onError: () => undefined });
  try {
    await queues.ping();
    return [ok("queue", "The queues run on PostgreSQL.")];
  } catch (error) {
    return [
      fail(
        "queue",
        `The queues' database does not answer: ${reasonOf(error)}.`,
        "Check DATABASE_URL, and that max_connections leaves room.",
      ),
    ];
  } finally {
    await queues.close();
  }
}

async function redisChecks(redisUrl: string): Promise<Finding[]> {
  const redis = connectRedis(redisUrl, {
    connectTimeout: patienceMs,
    commandTimeout: patienceMs,
    maxRetriesPerRequest: 1,
    retryStrategy: () => null,
    clusterRetryStrategy: () => null,
  });
  let trouble = "";
  redis.on("error", (error) => {
    trouble = reasonOf(error);
  });
  try {
    const info = await redis.info();
    const said = (name: string) => new RegExp(`^${name}:(.*)$`, "m").exec(info)?.[1]?.trim();
    return [
      ok("queue", `Redis ${said("redis_version") ?? ""} answers.`),
      evictionCheck(said("maxmemory_policy")),
    ];
  } catch (error) {
    return [
      fail(
        "queue",
        `Redis does not answer: ${trouble || reasonOf(error)}.`,
        "Check REDIS_URL, that the server runs, and its password. Nothing is lost meanwhile.",
      ),
    ];
  } finally {
    redis.disconnect();
  }
}

/** Jobs are keys: a server that evicts keys drops work. `reconcile` finds it again, late. */
export function evictionCheck(policy: string | undefined): Finding {
  if (policy === "noeviction") return ok("redis memory", "maxmemory-policy is noeviction.");
  const mend = "Set it in redis.conf, or: redis-cli config set maxmemory-policy noeviction";
  if (policy === undefined)
    return fail("redis memory", "The server does not say its maxmemory-policy; it must be noeviction.", mend);
  return fail(
    "redis memory",
    `maxmemory-policy is ${policy}, which may drop jobs; it must be noeviction.`,
    mend,
  );
}
