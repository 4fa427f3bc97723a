import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { promisify } from "node:util";
import { afterAll, describe, expect, test } from "vitest";
import { hostileDocuments } from "./hostile-made.ts";

/**
 * Every document is read in a process of its own, which measures its processor time and how far its
 * resident memory grew, and notes (and refuses) every call of fetch, http, https, net, dns, child_process
 * and of the file system. What it costs must stay below these bounds.
 */
const bounds = { ms: 1000, megabytes: 100 };

interface Report {
  readonly outcome: "read" | "refused" | "crashed";
  readonly message?: string;
  readonly listings?: number;
  readonly texts?: string;
  readonly ms: number;
  readonly grownMb: number;
  readonly reached: readonly string[];
}

const shared = process.env.PAPERWIRE_SHARED ?? new URL("../../../shared", import.meta.url).pathname;
const folders = [`${shared}/data/hostile`, `${shared}/data/suites/defusedxml`];
const made = mkdtempSync(`${tmpdir()}/paperwire-hostile-`);
const reports: (Report & { readonly name: string })[] = [];

afterAll(() => {
  rmSync(made, { recursive: true });
  const slowest = Math.max(0, ...reports.map(({ ms }) => ms));
  const largest = Math.max(0, ...reports.map(({ grownMb }) => grownMb));
  process.stdout.write(
    `\n${reports.length} hostile documents: ${reports.filter(({ outcome }) => outcome === "read").length} read, the others refused; ` +
      `at most ${slowest.toFixed(0)} ms and ${largest.toFixed(0)} MB\n`,
  );
});

describe("made documents", () => {
  test.each(Object.keys(hostileDocuments))("%s costs little and reaches nothing", async (name) => {
    const path = `${made}/${reports.length}`;
    writeFileSync(path, hostileDocuments[name]?.() ?? "");
    check(name, await reportOf(path));
    rmSync(path);
  });
});

for (const folder of folders) {
  const files = existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(isDocument)
    : [];
  describe.skipIf(files.length === 0)(`every file of ${folder}`, () => {
    test.each(files.length === 0 ? ["none"] : files)("%s costs little and reaches nothing", async (name) => {
      const report = await reportOf(`${folder}/${name}`);
      check(name, report);
      if (/-ok\./.test(name)) expect(report).toMatchObject({ outcome: "read", listings: 1 });
    });
  });
}

function check(name: string, report: Report): void {
  reports.push({ name, ...report });
  expect(report.outcome, report.message).not.toBe("crashed");
  if (report.outcome === "refused") expect(report.message).toMatch(/^[A-Z][\s\S]*[.]$/);
  expect(report.reached).toEqual([]);
  expect(report.texts ?? "").not.toContain("root:");
  expect(report.ms).toBeLessThan(bounds.ms);
  expect(report.grownMb).toBeLessThan(bounds.megabytes);
}

async function reportOf(path: string): Promise<Report> {
  const script = new URL("./read-one.ts", import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [script, path], { timeout: 60_000 });
  return JSON.parse(stdout);
}

function isDocument(name: string): boolean {
  return !/^SOURCE\.txt$|\.py$|\.md$|LICENSE/.test(name) && /\.\w+$/.test(name);
}
