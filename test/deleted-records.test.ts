import { type Db, events, papers, sources } from "@paperwire/db";
import { parseEnv } from "@paperwire/workers/env.ts";
import { drain } from "@paperwire/workers/runtime/drain.ts";
import { openContext } from "@paperwire/workers/runtime/open-context.ts";
import { expect } from "vitest";
import { test } from "./harness/fixtures.ts";

const header = (id: string, more = "") =>
  `<header${more}><identifier>oai:arXiv.org:${id}</identifier><datestamp>2026-06-08</datestamp><setSpec>cs</setSpec></header>`;
const record = (
  id: string,
) => `<record>${header(id)}<metadata><arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/">
  <id>${id}</id><version version="v1"><date>Mon, 08 Jun 2026 10:00:00 GMT</date></version>
  <title>Result ${id} on the growth of crystals</title><authors>Ada Kern</authors><categories>cs.CL</categories>
  <abstract>Crystals grow in ${id} ways.</abstract></arXivRaw></metadata></record>`;
const list = (...records: string[]) =>
  `<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><request verb="ListRecords">http://oaipmh.arxiv.org/oai</request><ListRecords>${records.join("")}</ListRecords></OAI-PMH>`;

async function typesOf(db: Db, key: string): Promise<string[]> {
  const id = await papers.resolve(db, [key]);
  return id === undefined ? [] : (await papers.eventsOf(db, id)).map((event) => event.type);
}

test("a record that its home has deleted leaves a paper that says it is withdrawn, once", async ({
  db,
  databaseUrl,
  folder,
  origin,
}) => {
  const settings = parseEnv({
    DATABASE_URL: databaseUrl,
    SECRET_KEY: "0123456789abcdef0123456789abcdef",
    PAPERWIRE_HOME: folder,
    FETCH_ALLOW_PRIVATE: origin.host,
    LOG_LEVEL: "silent",
  });
  let at = new Date("2026-06-08T20:00:00Z");
  const clock = {
    get state() {
      return { kind: "standing" as const, at: at.toISOString() };
    },
    now: () => new Date(at),
  };
  const opened = await openContext(settings, { clock, poolSize: 16 });
  const { budget: _, ...fetching } = opened.fetching;
  const context = { ...opened, fetching };
  try {
    await sources.insertNew(db, {
      id: "oai",
      url: `${origin.url}/oai`,
      kind: "arxiv-oai",
      nextFetchAt: sources.neverAsked,
      createdAt: at,
    });
    origin.serve("/oai", [
      { body: list(record("2606.00001"), record("2606.00002")) },
      { body: list(`<record>${header("2606.00001", ' status="deleted"')}</record>`) },
      { body: list(`<record>${header("2606.00001", ' status="deleted"')}</record>`, record("2606.00003")) },
    ]);
    for (let day = 0; day < 3; day += 1) {
      await drain(context);
      at = new Date(at.getTime() + 2 * 86_400_000);
    }
    expect(await papers.count(db)).toBe(3);
    const gone = (await typesOf(db, "arxiv:2606.00001")).filter((type) => type === "paper.withdrawn");
    expect(gone).toHaveLength(1);
    expect(await typesOf(db, "arxiv:2606.00002")).not.toContain("paper.withdrawn");
    expect((await events.after(db, 0, 100)).length).toBeGreaterThan(0);
  } finally {
    await opened.close();
  }
});
