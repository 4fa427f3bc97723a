import { acquirePostgres } from "@paperwire/workers/embedded/acquire-postgres.ts";

/**
 * A process that uses the embedded PostgreSQL: `node holder.ts <home>` acquires it, writes one JSON line
 * (`{url, port, dataDir}` or `{error}`), and releases it when its standard input ends.
 */
const [home = ""] = process.argv.slice(2);
try {
  const { release, url, port, dataDir } = await acquirePostgres({ home, fast: true });
  process.on("SIGINT", () => {});
  process.stdout.write(`${JSON.stringify({ url, port, dataDir })}\n`);
  process.stdin.resume();
  process.stdin.once("end", async () => {
    await release();
    process.exit(0);
  });
} catch (error) {
  process.stdout.write(`${JSON.stringify({ error: String(error) })}\n`);
  process.exitCode = 1;
}
