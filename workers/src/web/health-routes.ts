import { deliveries, hubSubscriptions, outbox, papers, readers, schemaState, sources } from "@paperwire/db";
import type { FastifyInstance } from "fastify";
import { Counter, Gauge, Registry } from "prom-client";
import { pushStateOf } from "../push-state.ts";
import type { Context } from "../runtime/context.ts";

/** Liveness, readiness with what is wrong, and figures for Prometheus. */
export function healthRoutes(app: FastifyInstance, { db, queues, clock }: Context): void {
  app.get("/healthz", async () => ({ status: "ok" }));
  app.get("/readyz", async (_request, reply) => {
    const checks = await Promise.all([
      check("database", async () => {
        const state = await schemaState(db);
        if (state !== "current")
          throw new Error(`the schema is ${state} of this release; run: paperwire migrate`);
      }),
      check("queue", () => queues.ping()),
    ]);
    const isReady = checks.every((one) => one.ok);
    return reply.code(isReady ? 200 : 503).send({ status: isReady ? "ready" : "not ready", checks });
  });
  app.get("/metrics", async (_request, reply) => {
    const registry = new Registry();
    const gauge = (name: string, help: string, labelNames: string[] = []) =>
      new Gauge({ name: `paperwire_${name}`, help, labelNames, registers: [registry] });
    const [open, backlog, states, all] = await Promise.all([
      outbox.openWork(db),
      outbox.backlog(db),
      deliveries.countStates(db),
      sources.list(db),
    ]);
    gauge("papers", "Papers in the archive").set(await papers.count(db));
    gauge("readers", "Confirmed readers").set(await readers.countActive(db));
    gauge("work_ready", "Outbox rows that could run now").set(open.ready);
    gauge("work_waiting", "Outbox rows that wait for a time").set(open.waiting);
    gauge("work_failed", "Outbox rows that wait for a person").set(open.failed);
    const rows = gauge("work_open", "Open outbox rows by event", ["event"]);
    const age = gauge("work_oldest_seconds", "Age of the oldest open row by event", ["event"]);
    for (const one of backlog) {
      rows.set({ event: one.event }, one.open);
      age.set({ event: one.event }, one.oldestSeconds);
    }
    const delivered = new Counter({
      name: "paperwire_deliveries_total",
      help: "Deliveries by state",
      labelNames: ["state"],
      registers: [registry],
    });
    for (const [state, count] of Object.entries(states)) delivered.inc({ state }, count);
    const hubs = new Map((await hubSubscriptions.listWanted(db)).map((one) => [one.sourceId, one]));
    const pushed = gauge("sources_pushed", "Sources that name a hub, by how it stands with it", ["state"]);
    for (const source of all) {
      const push = pushStateOf(source, hubs.get(source.id));
      if (push !== undefined) pushed.inc({ state: push.state });
    }
    const failures = gauge("source_failures", "Failures in a row", ["source"]);
    const silence = gauge("source_silence_seconds", "Seconds since the last good answer", ["source"]);
    // A paused source and the operator's files are silent by intent.
    for (const source of all.filter(({ pausedAt }) => pausedAt === null)) {
      failures.set({ source: source.id }, source.failures);
      silence.set(
        { source: source.id },
        (clock.now().getTime() - (source.lastSuccessAt ?? source.createdAt).getTime()) / 1000,
      );
    }
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}

async function check(
  name: string,
  test: () => Promise<void>,
): Promise<{ name: string; ok: boolean; because?: string }> {
  try {
    await test();
    return { name, ok: true };
  } catch (error) {
    return { name, ok: false, because: error instanceof Error ? error.message : String(error) };
  }
}
