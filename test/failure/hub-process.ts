import { queueNames } from "@paperwire/core";
import { readEnv } from "@paperwire/workers/env.ts";
import { startRunner } from "@paperwire/workers/runtime/runner.ts";
import { startWeb } from "@paperwire/workers/web/server.ts";
import { openWithHub } from "../harness/hub-context.ts";

/** A whole `up` in a process of its own, for which every stranger's address is the hub's: `hubPort`. */
const context = await openWithHub(readEnv(), Number(process.argv[2]));
const web = await startWeb(context);
const runner = await startRunner(context, { workers: queueNames, ticking: true });
process.stdout.write(`${web.url}\n`);
process.on("SIGTERM", async () => {
  await web.close();
  await runner.stop();
  await context.close();
});
