import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import PostalMime from "postal-mime";
import { afterAll, beforeAll, expect, test } from "vitest";

interface Told {
  readonly listed: number;
  readonly papers: number;
  readonly versions: number;
  readonly known: number;
  readonly merged: number;
  readonly rejected: number;
  readonly mails: number;
  readonly failedJobs: number;
  readonly fetchFailed: number;
  readonly notModified: number;
  readonly outbox: string;
  readonly readers: readonly {
    email: string;
    mails: readonly {
      period: string;
      overCap: number;
      papers: readonly { paperId: string; title: string; homes: readonly string[] }[];
    }[];
  }[];
}

const main = fileURLToPath(new URL("../workers/src/cli/main.ts", import.meta.url));
let folder: string;
let first: Told;
let second: Told;

/** The command as a user types it, among settings that would break it if it looked at them. */
async function demo(): Promise<Told> {
  const env = {
    ...process.env,
    PAPERWIRE_HOME: join(folder, "a home"),
    DATABASE_URL: "postgres://nobody@127.0.0.1:1/nothing",
    REDIS_URL: "redis://127.0.0.1:1",
    MAIL_TRANSPORT: "resend",
    PORT: "0",
  };
  const { stdout } = await promisify(execFile)(process.execPath, [main, "demo", "--exit", "--json"], {
    env,
    maxBuffer: 1e8,
  });
  return JSON.parse(stdout);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "paperwire-demo-"));
  first = await demo();
  second = await demo();
}, 240_000);
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

test("every listing of the samples is accounted for", () => {
  expect(first).toMatchObject({
    listed: 111,
    papers: 40,
    versions: 1,
    merged: 3,
    rejected: 1,
    known: 66,
    failedJobs: 0,
    fetchFailed: 0,
  });
  expect(first.notModified).toBeGreaterThan(0);
});

test("each reader gets the papers of their interests, each once, on their day", () => {
  const got = Object.fromEntries(
    first.readers.map(({ email, mails }) => [
      email,
      mails.map(({ period, overCap, papers }) => ({
        period,
        overCap,
        ids: papers.map(({ title }) => title.slice(0, 24)).sort(),
      })),
    ]),
  );
  expect(got).toEqual(expected);
  for (const { mails } of first.readers) {
    const ids = mails.flatMap(({ papers }) => papers.map(({ paperId }) => paperId));
    expect(new Set(ids).size).toBe(ids.length);
  }
});

test("a paper without a shared identifier is one paper with two homes", () => {
  const papers = first.readers.flatMap(({ mails }) => mails.flatMap((mail) => mail.papers));
  expect(papers.find(({ title }) => title.startsWith("Can LLM Coding"))?.homes.toSorted()).toEqual([
    "Thursday reading group",
    "arXiv",
  ]);
});

test("the mails of the last run lie in the outbox, one for each digest", async () => {
  const files = await readdir(second.outbox);
  expect(files.length).toBe(second.mails);
  const mails = await Promise.all(
    files.map(async (file) => PostalMime.parse(await readFile(join(second.outbox, file)))),
  );
  for (const { email, mails: told } of second.readers) {
    const own = mails.filter((mail) => mail.to?.some(({ address }) => address === email));
    expect(own.length).toBe(told.length);
    const text = own
      .map((mail) => mail.text)
      .join("\n")
      .replace(/\s+/g, " ");
    // Maths is written out in mails; a title is looked for by its words before any.
    for (const { title } of told.flatMap(({ papers }) => papers))
      expect(text.split(title.split("$")[0] ?? title).length - 1).toBe(1);
  }
});

test("a second run starts from nothing and comes to the same", () => {
  const facts = ({ listed, papers, versions, known, merged, rejected, mails, readers }: Told) => ({
    ...{ listed, papers, versions, known, merged, rejected, mails },
    readers: readers.map(({ email, mails: all }) => ({
      email,
      mails: all.map((mail) => mail.papers.map(({ title }) => title).sort()),
    })),
  });
  expect(facts(second)).toEqual(facts(first));
});

const expected = {
  "ravi@example.org": [
    {
      period: "2026-06-16",
      overCap: 0,
      ids: [
        "A Lean-Certified Proof o",
        "Mixed Block Markov Super",
        "New bounds for covering ",
        "Testing for a Hidden Geo",
      ],
    },
    {
      period: "2026-06-17",
      overCap: 0,
      ids: ["A Hypothesis-Testing Ana", "Construction of codes ov", "High-throughput Low-late"],
    },
  ],
  "jana@example.org": [
    {
      period: "2026-06-16",
      overCap: 0,
      ids: ["A Non-local Convergence ", "Can LLM Coding Agents Re", "Koshur Diacritizer: A By"],
    },
    { period: "2026-06-17", overCap: 0, ids: ["MLLP-VRAIN UPV system fo", "When English Isn't the B"] },
  ],
  "nia@example.org": [
    {
      period: "2026-06-16",
      overCap: 0,
      ids: [
        "CODA-BENCH: Can Code Age",
        "Can LLM Coding Agents Re",
        "Generalized Kullback-Lei",
        "LectūraAgents: A Multi-A",
        "TokenPilot: Cache-Effici",
      ],
    },
    {
      period: "2026-06-17",
      overCap: 0,
      ids: ["Learning from the Self-f", "Looking Broader for Know", "Zone of Proximal Policy "],
    },
  ],
  "hana@example.org": [
    {
      period: "2026-06-17",
      overCap: 1,
      ids: [
        "CODA-BENCH: Can Code Age",
        "JoyAI-VL-Interaction: Re",
        "TokenPilot: Cache-Effici",
        "VibeThinker-3B: Explorin",
        "Who Should Lead Decoding",
      ],
    },
    {
      period: "2026-06-18",
      overCap: 2,
      ids: [
        "ChLogic: Evaluating Robu",
        "Learning from the Self-f",
        "LectūraAgents: A Multi-A",
        "Rethinking the Role of E",
        "Zone of Proximal Policy ",
      ],
    },
  ],
};
