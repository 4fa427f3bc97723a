import { sql } from "kysely";
import type { CrashPoint } from "./crash-points.ts";
import { type Fault, partition } from "./faults.ts";
import type { Lane } from "./lane.ts";
import { type Verdict, verify } from "./verify.ts";
import { openWorld, type Transport, untilSettled } from "./world.ts";

export interface Case {
  readonly crash: CrashPoint;
  readonly fault: Fault;
  readonly transport: Exclude<Transport, "outbox">;
}

/** A process that meets trouble says so, and does not fill the disk with it. */
const floodBytes = 2_000_000;

export function nameOf({ crash, fault, transport }: Case): string {
  return `${transport} · ${crash.name} · ${fault.name}`;
}

/** Kills the line at the crash point, lets the fault happen, starts the line again, and looks at what went out. */
export async function runCase(lane: Lane, { crash, fault, transport }: Case): Promise<Verdict> {
  const world = await openWorld(lane, {
    transport,
    backend: fault.backend,
    readers: transport === "smtp" ? 12 : 30,
    perBatch: transport === "smtp" ? 1 : 10,
  });
  try {
    const held = await crash.prepare(world);
    const first = world.start();
    await first.ready();
    await held.reached();
    if (fault.returns === true) {
      first.signal("SIGSTOP");
      await partition(world);
    } else await first.kill();
    await held.release();
    const now = new Date();
    world.provider.setScript(fault.script?.[transport] ?? []);
    await fault.between?.(world);
    const leftAt = fault.leaving === undefined ? undefined : new Date();
    for (let n = 0; n < (fault.deployments ?? 1); n++) {
      world.start(n === 0 || fault.deployments === undefined ? fault.settings : {}, fault.options?.(now));
    }
    const [, ...others] = world.processes;
    await Promise.all(others.map((one) => one.ready()));
    await fault.during?.(world);
    if (fault.returns === true) {
      await untilSettled(world, 60_000);
      first.signal("SIGCONT");
      await first.stop();
    }
    await untilSettled(world, 90_000);
    await Promise.all(others.map((one) => one.stop()));
    const flood = world.processes.find((one) => one.logSize() > floodBytes);
    const verdict = await verify(world, crash, fault, leftAt);
    const crashed = world.processes.find((one) => one.hasCrashed());
    if (crashed !== undefined) {
      const sentence = `a process ended by itself:\n${crashed.log().slice(-2_000)}`;
      return { ...verdict, wrong: [...verdict.wrong, sentence] };
    }
    if (flood === undefined) return verdict;
    const sentence = `a process wrote ${Math.round(flood.logSize() / 1e6)} MB of log, of which the end is:\n${flood.log().slice(-2_000)}`;
    return { ...verdict, wrong: [...verdict.wrong, sentence] };
  } catch (error) {
    const { rows: open } = await sql`
      select event, payload, not_before, published_at, publications, held_by, run, attempts, error from outbox
      where done_at is null limit 3`
      .execute(world.db)
      .catch(() => ({ rows: [] }));
    const { rows: states } = await sql`select state, count(*)::int as count from deliveries group by 1`
      .execute(world.db)
      .catch(() => ({ rows: [] }));
    const logs = world.processes.map((one, n) => `process ${n + 1}:\n${one.log().slice(-3_000)}`).join("\n");
    return {
      delivered: world.provider.delivered().length,
      uncertain: 0,
      wrong: [`${error}\n${JSON.stringify({ states, open })}\n${logs}`],
    };
  } finally {
    await world.close();
  }
}
