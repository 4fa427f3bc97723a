/**
 * Reads one file in a process of its own and says, as one line of JSON, what became of it and what it cost.
 * Everything through which something could be fetched is watched.
 *
 *   node test/conformance/read-one.ts FILE
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { PermanentError } from "@paperwire/core";
import { readPayload } from "@paperwire/workers/sources/read.ts";

const [file = ""] = process.argv.slice(2);
const reached: string[] = [];
let isWatched = false;
watch("node:net", "connect");
watch("node:net", "createConnection");
watch("node:dns", "lookup");
watch("node:http", "request");
watch("node:https", "request");
watch("node:fs", "readFile");
watch("node:fs", "openSync");
watch("node:child_process", "spawn");
globalThis.fetch = (input) => {
  reached.push(`fetch ${String(input)}`);
  return Promise.reject(new Error("nothing may be fetched here"));
};

readPayload({
  bytes: Buffer.from("<rss version='2.0'><channel><item><title>Warm</title></item></channel></rss>"),
});
const bytes = readFileSync(file);
isWatched = true;
const idleKb = process.resourceUsage().maxRSS;
const startedAt = process.cpuUsage();
const outcome = read();
const { user, system } = process.cpuUsage(startedAt);
const ms = (user + system) / 1000;
// Whatever was started without being waited for gets its chance to show.
await new Promise((resolve) => setImmediate(resolve));
isWatched = false;
const grownMb = (process.resourceUsage().maxRSS - idleKb) / 1024;
process.stdout.write(`${JSON.stringify({ ...outcome, ms, grownMb, reached })}\n`);

function read(): {
  outcome: "read" | "refused" | "crashed";
  listings?: number;
  warnings?: string[];
  message?: string;
  texts?: string;
} {
  try {
    const { reading } = readPayload({ bytes });
    const texts = JSON.stringify(reading).slice(0, 2000);
    return {
      outcome: "read",
      listings: reading.listings.length,
      warnings: reading.warnings.map(({ code }) => code),
      texts,
    };
  } catch (error) {
    if (error instanceof PermanentError) return { outcome: "refused", message: error.message };
    return { outcome: "crashed", message: String(error) };
  }
}

/** Notes every call of a function of a built-in module, and lets none through. */
function watch(module: string, name: string): void {
  const loaded: Record<string, (...args: readonly unknown[]) => unknown> = createRequire(import.meta.url)(
    module,
  );
  const real = loaded[name];
  loaded[name] = (...args) => {
    if (!isWatched) return real?.(...args);
    reached.push(`${module}.${name} ${String(args[0]).slice(0, 80)}`);
    throw new Error(`${module}.${name} may not be called here`);
  };
}
