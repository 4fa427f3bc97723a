import { type Db, outbox, sources } from "@paperwire/db";
import type { Context } from "@paperwire/workers/runtime/context.ts";
import {
  createSharedWrites,
  type SharedWrite,
  Superseded,
} from "@paperwire/workers/runtime/shared-writes.ts";
import { expect } from "vitest";
import { test } from "../harness/fixtures.ts";

const runner = "00000000-0000-7000-8000-000000000001";
const idle = new AbortController().signal;

/** Open rows that this process holds. */
async function held(db: Db, count: number): Promise<outbox.Run[]> {
  await db.transaction().execute((trx) =>
    outbox.appendAll(
      trx,
      "source.due",
      Array.from({ length: count }, (_, n) => ({ sourceId: `s${n}` })),
    ),
  );
  const rows = await db.selectFrom("outbox").select("id").execute();
  const begun = await outbox.beginAll(
    db,
    rows.map(({ id }) => id),
    runner,
  );
  expect(begun.size).toBe(count);
  return [...begun.values()].map(({ id, run }) => ({ id, run }));
}

/** Writes a source by the name of its item; "bad" cannot be written. Counts its transactions. */
function naming(): SharedWrite<string, string> & { groups: string[][] } {
  const groups: string[][] = [];
  return {
    groups,
    most: 10,
    keyOf: (name) => name,
    async write(trx, names) {
      groups.push([...names]);
      for (const name of names)
        await sources.insertNew(trx, {
          id: name,
          url: `https://${name}.example/feed`,
          kind: "feed",
          nextFetchAt: new Date(0),
          createdAt: new Date(0),
        });
      if (names.includes("bad")) throw new Error("it cannot be written");
      return names.map((name) => `wrote ${name}`);
    },
  };
}

async function stored(db: Db): Promise<string[]> {
  return (await sources.list(db)).map(({ id }) => id);
}

test("what is ready at once is one transaction, and every run is closed in it", async ({ db }) => {
  const runs = await held(db, 3);
  const writes = createSharedWrites({ db } as Context);
  const shared = naming();
  const said = await Promise.all(runs.map((run, n) => writes.submit(shared, run, `f${n}`, idle)));
  expect(said).toEqual(["wrote f0", "wrote f1", "wrote f2"]);
  expect(shared.groups).toHaveLength(1);
  expect(await stored(db)).toEqual(["f0", "f1", "f2"]);
  expect((await outbox.openWork(db)).ready).toBe(0);
});

test("what is wrong with one costs the others nothing, and its run stays open", async ({ db }) => {
  const runs = await held(db, 3);
  const writes = createSharedWrites({ db } as Context);
  const names = ["f0", "bad", "f2"];
  const shared = naming();
  const said = await Promise.allSettled(
    runs.map((run, n) => writes.submit(shared, run, names[n] ?? "", idle)),
  );
  expect(said.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(await stored(db)).toEqual(["f0", "f2"]);
  expect((await outbox.heldBy(db, runner)).map(({ id }) => id)).toEqual([runs[1]?.id]);
});

test("a run that another has taken over writes nothing", async ({ db }) => {
  const [mine, other] = await held(db, 2);
  if (mine === undefined || other === undefined) throw new Error("no rows");
  await db
    .updateTable("outbox")
    .set({ run: other.run + 1 })
    .where("id", "=", other.id)
    .execute();
  const writes = createSharedWrites({ db } as Context);
  const shared = naming();
  const [first, second] = await Promise.allSettled([
    writes.submit(shared, mine, "f0", idle),
    writes.submit(shared, other, "f1", idle),
  ]);
  expect(first).toMatchObject({ status: "fulfilled", value: "wrote f0" });
  expect(second).toMatchObject({ status: "rejected", reason: expect.any(Superseded) });
  expect(await stored(db)).toEqual(["f0"]);
});

test("items with one key are written one after the other, and an aborted one not at all", async ({ db }) => {
  const runs = await held(db, 3);
  const writes = createSharedWrites({ db } as Context);
  const shared = { ...naming(), keyOf: () => "same" };
  const signals = [idle, AbortSignal.abort(new Error("too late")), idle];
  const said = await Promise.allSettled(
    runs.map((run, n) => writes.submit(shared, run, `f${n}`, signals[n] ?? idle)),
  );
  expect(said.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(shared.groups).toEqual([["f0"], ["f2"]]);
});
