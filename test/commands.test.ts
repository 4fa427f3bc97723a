import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { test } from "./harness/fixtures.ts";

/** The archive's commands as people type them: the real bin, against one database, over the bundled samples. */
const bin = fileURLToPath(new URL("../workers/bin/paperwire.js", import.meta.url));
const samples = fileURLToPath(new URL("../workers/samples/2026-06-17/", import.meta.url));
const morning = ["--now", "2026-06-17T06:00:00Z"];

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** What `--json` printed, one value a line. */
  // biome-ignore lint/suspicious/noExplicitAny: what a command prints is looked at field by field.
  readonly lines: readonly any[];
}

type Run = (...args: string[]) => Promise<Said>;

function runner(databaseUrl: string, folder: string): Run {
  const env = {
    PATH: process.env.PATH,
    DATABASE_URL: databaseUrl,
    SECRET_KEY: "0123456789abcdef0123456789abcdef",
    PAPERWIRE_HOME: folder,
    LOG_LEVEL: "error",
  };
  return (...args) =>
    new Promise((resolve) => {
      execFile(process.execPath, [bin, ...args], { env, maxBuffer: 1 << 26 }, (error, out, err) => {
        const code = error === null ? 0 : Number(error.code ?? 1);
        const lines = args.includes("--json")
          ? out
              .split("\n")
              .filter((line) => line !== "")
              .map((line) => JSON.parse(line))
          : [];
        resolve({ code, out, err, lines });
      });
    });
}

async function ingestSamples(run: Run): Promise<void> {
  const files = ["cs.CL.rss.xml", "cs.AI+cs.IT.rss.xml", "daily_papers.json", "journal.rss.xml"];
  const said = await run("ingest", ...files.map((file) => join(samples, file)), ...morning, "--json");
  expect(said, said.err).toMatchObject({ code: 0, lines: [{ listed: expect.any(Number) }] });
}

test("papers: walking, searching, showing, merging, keeping apart, picking", { timeout: 300_000 }, async ({
  databaseUrl,
  folder,
}) => {
  const run = runner(databaseUrl, folder);
  await ingestSamples(run);

  // Walking: each line's cursor leads to what follows it, and nothing is met twice or left out.
  const all = (await run("papers", "list", "--limit", "1000", "--json")).lines;
  const walked: string[] = [];
  for (let cursor: string[] = []; ; ) {
    const { lines } = await run("papers", "list", "--limit", "9", "--json", ...cursor);
    walked.push(...lines.map(({ id }) => id));
    if (lines.length < 9) break;
    cursor = ["--cursor", lines.at(-1).cursor];
  }
  expect(walked).toEqual(all.map(({ id }) => id));
  expect(new Set(walked).size).toBe(walked.length);
  expect((await run("papers", "list", "--limit", "3")).out).toMatch(
    /More: paperwire papers list --limit 3 --cursor/,
  );
  expect(await run("papers", "list", "--cursor", "xx")).toMatchObject({ code: 2 });
  expect(await run("papers", "list", "--limit", "0")).toMatchObject({ code: 2 });

  // Searching: words, a phrase in a field, meaning, near spelling.
  const first = async (query: string) => (await run("papers", "search", query, "--json")).lines[0]?.keys?.[0];
  expect(await first('title:"variable-width transformers"')).toBe("arxiv:2606.18246");
  expect(await first("varible width transfromers")).toBe("arxiv:2606.18246");
  expect(await first('like:"error correcting codes"')).toMatch(/^arxiv:2606\.(17837|17705)$/);
  expect(await run("papers", "search", " ")).toMatchObject({ code: 2 });
  expect(await run("papers", "search", "like:zzqxv")).toMatchObject({
    code: 2,
    err: expect.stringContaining("known to the word vectors"),
  });

  // Two listings of a journal that may be papers we have: a person decides.
  const journal = join(folder, "journal.xml");
  writeFileSync(
    journal,
    `<rss version="2.0"><channel><title>A journal</title><link>https://journal.example/</link>
    <item><title>Variable-Width Transformers, Part II</title><link>https://journal.example/1</link><guid>1</guid></item>
    <item><title>Can a Language Model Discover 0? Nothing from Something, Part II</title><link>https://journal.example/2</link><guid>2</guid></item>
    </channel></rss>`,
  );
  await run("ingest", journal, ...morning);
  const pairs = (await run("papers", "candidates", "--json")).lines;
  const pairOf = (title: string) => pairs.find(({ titles }) => titles.includes(title));
  const pair = pairOf("Variable-Width Transformers, Part II");
  expect(pair, JSON.stringify(pairs)).toMatchObject({
    because: expect.any(Array),
    probability: expect.any(Number),
  });
  expect((await run("papers", "candidates")).out).toContain("%  ");
  const [kept, gone] = pair.papers;

  const merged = await run("papers", "merge", gone, "2606.18246", ...morning, "--json");
  expect(merged).toMatchObject({ code: 0, lines: [{ kept, gone }] });
  expect(await run("papers", "merge", gone, kept)).toMatchObject({
    code: 1,
    err: expect.stringContaining("one paper already"),
  });
  expect(await run("papers", "merge", "2606.18246", "2606.17289")).toMatchObject({
    code: 1,
    err: expect.stringContaining("two arXiv ids"),
  });
  const shown = await run("papers", "show", gone, "--json");
  expect(shown.lines[0]).toMatchObject({ id: kept, merges: [{ kept, gone, state: "merged" }] });
  expect((await run("papers", "show", "2606.18246")).out).toContain(
    "An operator said that they are one paper.",
  );

  expect(await run("papers", "split", "2606.18246", ...morning, "--json")).toMatchObject({
    code: 0,
    lines: [{ kept, gone }],
  });
  expect(await run("papers", "split", "2606.18246")).toMatchObject({ code: 1 });
  const history = (await run("papers", "show", "2606.18246", "--json")).lines[0].history;
  expect(
    history.map(({ type, data }: { type: string; data: { undone?: boolean } }) => [type, data.undone]),
  ).toEqual(
    expect.arrayContaining([
      ["paper.merged", undefined],
      ["paper.merged", true],
    ]),
  );
  // An operator may change their mind.
  expect(await run("papers", "merge", gone, kept, ...morning)).toMatchObject({ code: 0 });

  const other = pairOf("Can a Language Model Discover 0? Nothing from Something, Part II");
  if (other !== undefined) {
    expect(await run("papers", "apart", ...other.papers)).toMatchObject({ code: 0 });
    expect(await run("papers", "apart", ...other.papers)).toMatchObject({ code: 1 });
  }
  expect(await run("papers", "apart", "2606.18246", "2606.17289")).toMatchObject({
    code: 1,
    err: expect.stringContaining("no candidate pair"),
  });

  // A second version, and what it changed.
  const second = readFileSync(join(samples, "cs.CL.rss.xml"), "utf8")
    .split(/(?=<item>)/)
    .map((item) =>
      item.includes("2606.18246v1")
        ? item
            .replaceAll("2606.18246v1", "2606.18246v2")
            .replace("Announce Type: new", "Announce Type: replace")
            .replace(">new<", ">replace<")
            .replace("Variable-Width Transformers", "Variable-Width Transformers, Widened")
        : item,
    )
    .join("");
  writeFileSync(join(folder, "second.rss.xml"), second);
  await run("ingest", join(folder, "second.rss.xml"), "--now", "2026-06-17T07:00:00Z");
  expect((await run("papers", "show", "2606.18246")).out).toContain(
    "v2 at arxiv, changed: title; the title was “Variable-Width Transformers”",
  );
  expect((await run("papers", "show", "2606.18246", "--json")).lines[0].versionList.at(-1)).toMatchObject({
    version: 2,
    changes: { title: { from: "Variable-Width Transformers", to: "Variable-Width Transformers, Widened" } },
  });

  // A curator's pick.
  expect(await run("papers", "pick", "2606.17289")).toMatchObject({ code: 2 });
  expect(
    (await run("papers", "pick", "2606.17289", "--by", "AK", ...morning, "--json")).lines[0],
  ).toMatchObject({
    pickedBy: "AK",
    isNew: true,
  });
  expect((await run("papers", "pick", "2606.17289", "--by", "AK", ...morning, "--json")).lines[0].isNew).toBe(
    false,
  );
  const picked = await run("papers", "show", "2606.17289");
  expect(picked.out).toContain("Picked by AK");
  expect(picked.out).toMatch(/^Key phrases: .+/m);
  expect(picked.out).toMatch(/paper\.trending \{"pickedBy":"AK"\}/);
});

test("topics: listing, defining by query and by examples, showing, removing, training, judging", {
  timeout: 300_000,
}, async ({ databaseUrl, folder }) => {
  const run = runner(databaseUrl, folder);
  await ingestSamples(run);
  const label = async () => expect(await run("drain", ...morning)).toMatchObject({ code: 0 });
  expect((await run("topics", "list", "--json")).lines).toContainEqual(
    expect.objectContaining({ topic: "cs.CL", own: false }),
  );

  expect(await run("topics", "add", "Nothing")).toMatchObject({ code: 2 });
  expect(await run("topics", "add", "Bad", "--query", "(")).toMatchObject({ code: 2 });
  expect(await run("topics", "add", "cs.CL", "--query", "words")).toMatchObject({ code: 2 });
  expect(await run("topics", "add", "Absent", "--example", "2512.00001")).toMatchObject({ code: 1 });
  const byQuery = [
    "topics",
    "add",
    "Knowledge transfer",
    "--query",
    'distillation OR like:"knowledge distillation"',
  ];
  expect(await run(...byQuery, "--json")).toMatchObject({
    code: 0,
    lines: [{ topic: "knowledge-transfer" }],
  });
  const teaching = ["2606.18195", "2606.18216", "2606.18033", "2606.16149", "2606.16428"];
  const byExample = await run(
    "topics",
    "add",
    "Teaching",
    ...teaching.flatMap((id) => ["--example", id]),
    "--json",
  );
  expect(byExample.lines[0]).toMatchObject({ topic: "teaching", closeFrom: expect.any(Number) });
  expect((await run("topics", "add", "Few", "--example", "2606.18246")).out).toContain(
    "only these papers get it",
  );
  await label();
  const shown = (await run("topics", "show", "Knowledge transfer", "--json")).lines[0];
  expect(shown).toMatchObject({
    own: true,
    name: "Knowledge transfer",
    classifiers: [{ classifier: "own" }],
  });
  expect(shown.papers).toBeGreaterThan(2);
  expect((await run("topics", "show", "teaching", "--json")).lines[0].papers).toBeGreaterThanOrEqual(5);
  expect((await run("papers", "list", "--topic", "few", "--json")).lines).toMatchObject([
    { keys: ["arxiv:2606.18246"] },
  ]);
  expect(await run("topics", "show", "nowhere")).toMatchObject({ code: 1 });
  expect((await run("topics", "list")).out).toContain("5 examples");

  // Dropping a topic drops its labels at once.
  expect(await run("topics", "remove", "Teaching")).toMatchObject({ code: 0 });
  expect(await run("topics", "remove", "Teaching")).toMatchObject({ code: 1 });
  expect((await run("papers", "list", "--topic", "teaching", "--json")).lines).toEqual([]);

  // A model from a corpus, judged without a database; then one from the archive, and back to the one that ships.
  const corpus = join(folder, "corpus.jsonl");
  writeFileSync(corpus, madeUpCorpus());
  const model = join(folder, "model.bin");
  const trained = await run("topics", "train", "--corpus", corpus, "--out", model, "--json");
  expect(trained, trained.err).toMatchObject({ code: 0, lines: [{ topics: 2, papers: 400 }] });
  const judged = await run("topics", "eval", "--corpus", corpus, "--model", model, "--json");
  expect(judged.lines[0].accuracy).toBeGreaterThan(0.95);
  expect(await run("topics", "eval", "--corpus", join(folder, "absent.jsonl"))).toMatchObject({ code: 2 });
  const small = await run("topics", "train", "--corpus", corpus);
  expect(small).toMatchObject({ code: 0, out: expect.stringContaining("topics train --reset") });
  expect((await run("topics", "train", "--reset", "--json")).lines[0]).toMatchObject({ reset: true });
  expect((await run("topics", "eval", "--json")).lines[0].papers).toBeGreaterThan(10);
});

test("subscriptions by closeness and to the top are previewed, matched, mailed and explained", {
  timeout: 300_000,
}, async ({ databaseUrl, folder }) => {
  const run = runner(databaseUrl, folder);
  // One reader is there before the papers, one comes after them.
  const early = ["subscribe", "early@example.org", "--confirmed", "--tz", "UTC", "--at", "08:00"];
  await run(...early, "--like", "error correcting codes", "--now", "2026-06-16T09:00:00Z");
  await ingestSamples(run);
  const before = await run(
    "digest",
    "early@example.org",
    "--dry-run",
    "--now",
    "2026-06-17T08:00:00Z",
    "--json",
  );
  expect(before.lines[0].papers.map(({ title }: { title: string }) => title)).toContainEqual(
    expect.stringContaining("Polar Codes"),
  );
  const ada = ["subscribe", "ada@example.org", "--confirmed", "--tz", "UTC", "--at", "08:00", ...morning];
  const preview = await run("subscription", "preview", 'like:"knowledge distillation"', ...morning, "--json");
  expect(preview.lines[0].papers.map(({ title }: { title: string }) => title)).toContainEqual(
    expect.stringContaining("Self-distillation"),
  );
  expect((await run(...ada, "--like", "knowledge distillation", "--json")).lines[0]).toMatchObject({
    subscription: { name: "knowledge distillation", query: 'like:"knowledge distillation"' },
  });
  // A second interest of a known reader, without a word about the schedule.
  const second = ["subscribe", "ada@example.org", "--confirmed", ...morning];
  expect((await run(...second, "--like", "2606.17837", "--json")).lines[0]).toMatchObject({
    isNew: false,
    subscription: { name: expect.stringMatching(/^Like High-throughput/), query: "like:arxiv:2606.17837" },
  });
  expect(await run(...second, "--trending", "2", "--name", "top")).toMatchObject({ code: 0 });
  expect((await run(...second, "--topic", "teachers", "--json")).lines[0].notes).toEqual([
    expect.stringContaining("nobody defined it"),
  ]);
  expect(await run(...second, "--like", "zzqxv")).toMatchObject({
    code: 2,
    err: expect.stringContaining("known to the word vectors"),
  });
  expect(await run(...second, "--like", "2512.00001")).toMatchObject({
    code: 2,
    err: expect.stringContaining("no paper arxiv:2512.00001"),
  });
  await run("drain", ...morning);

  const dry = await run("digest", "ada@example.org", "--dry-run", "--now", "2026-06-17T08:00:00Z", "--json");
  const papers: { title: string; reasons: { subscriptionName: string; evidence: { kind: string }[] }[] }[] =
    dry.lines[0].papers;
  const kinds = new Set(
    papers.flatMap(({ reasons }) => reasons.flatMap(({ evidence }) => evidence.map(({ kind }) => kind))),
  );
  expect([...kinds]).toEqual(expect.arrayContaining(["close", "trending"]));
  const top = papers.filter(({ reasons }) =>
    reasons.some(({ subscriptionName }) => subscriptionName === "top"),
  );
  expect(top).toHaveLength(2);
  expect(dry.lines[0].text).toContain("it is close in meaning to “knowledge distillation”");
  expect(dry.lines[0].text).toContain("it is number 2 among the most noticed papers of the day");

  const asked = await run("why", "ada@example.org", "2606.18195", "--json");
  expect(JSON.stringify(asked.lines[0])).toContain("close in meaning to");
  const unasked = await run("why", "ada@example.org", "2606.17882", "--json");
  expect(JSON.stringify(unasked.lines[0])).toMatch(
    /its closeness to .{1,3}knowledge distillation.{1,3} is -?0\.\d\d, and it takes 0\.4/,
  );

  // What entered the day's and the week's list is announced, once.
  const entered = async () =>
    (await run("events", "--json")).lines.filter(({ type, data }) => type === "paper.trending" && data.list);
  const announced = await entered();
  expect(new Set(announced.map(({ data }) => data.kind))).toEqual(new Set(["day", "week"]));
  expect(new Set(announced.map(({ subject, data }) => `${subject} ${data.list}`)).size).toBe(
    announced.length,
  );
  await run("drain", "--now", "2026-06-17T07:00:00Z");
  expect(await entered()).toHaveLength(announced.length);
});

/** Papers about two subjects that no one wrote. */
function madeUpCorpus(): string {
  const words = [
    "parser grammar treebank translation language word sentence corpus syntax semantics".split(" "),
    "galaxy redshift supernova telescope dust stellar halo spectra quasar cosmic".split(" "),
  ];
  const lines = Array.from({ length: 400 }, (_, at) => {
    const own = words[at % 2] ?? [];
    const word = (step: number) => own[(at * 3 + step * step) % own.length] ?? "";
    return JSON.stringify({
      title: `${word(0)} ${word(3)} and ${word(5)}`,
      abstract: [1, 2, 4, 6, 7, 8].map(word).join(" "),
      categories: [at % 2 === 0 ? "cs.CL" : "astro-ph.GA"],
    });
  });
  return `${lines.join("\n")}\n`;
}
