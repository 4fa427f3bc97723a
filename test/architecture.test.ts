import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { contracts, eventNames } from "@paperwire/core";
import { settingNames } from "@paperwire/workers/env.ts";
import { registry } from "@paperwire/workers/registry.ts";
import { sourceKinds } from "@paperwire/workers/sources/index.ts";
import { expect, test } from "vitest";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

interface Source {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
}

const sources: readonly Source[] = ["packages/core/src", "packages/db/src", "workers/src", "test"].flatMap(
  (folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts") && !name.includes("node_modules"))
      .map((name) => {
        const text = readFileSync(join(root, folder, name), "utf8");
        const imports = [
          ...text.matchAll(
            /^(?:import|export)\b[^;]*?\bfrom "([^"]+)"|^import "([^"]+)"|\bimport\("([^"]+)"\)/gm,
          ),
        ];
        return {
          path: `${folder}/${name}`,
          text,
          imports: imports.map((match) => match[1] ?? match[2] ?? match[3] ?? ""),
        };
      }),
);
const shipped = sources.filter(
  ({ path }) => !path.startsWith("test/") && !/\.test\.ts$|fixture|local-origin/.test(path),
);
const inside = (folder: string) => shipped.filter(({ path }) => path.startsWith(folder));

test("core has no I/O, no clock, no environment and no console", () => {
  const allowed = new Set([
    "zod",
    "entities",
    "handlebars",
    "handlebars/runtime",
    "handlebars/runtime.js",
    "htmlparser2",
    "stemmer",
  ]);
  for (const { path, text, imports } of inside("packages/core/src")) {
    const foreign = imports.filter((specifier) => !specifier.startsWith(".") && !allowed.has(specifier));
    expect(
      foreign.filter((one) => !/^(handlebars|htmlparser2|entities)(\/|$)/.test(one)),
      `${path} imports`,
    ).toEqual([]);
    expect(
      /\bprocess\.|Date\.now\(|new Date\(\)|\bconsole\.|\bfetch\(|Temporal\.Now|Math\.random\(/.test(
        withoutComments(text),
      ),
      `${path} is not pure`,
    ).toBe(false);
  }
});

test("db is only SQL: no queue, no log, no clock, no environment", () => {
  for (const { path, text, imports } of inside("packages/db/src")) {
    const foreign = imports.filter(
      (one) => !one.startsWith(".") && !/^(kysely|pg|@paperwire\/core)(\/|$)/.test(one),
    );
    expect(foreign, `${path} imports`).toEqual([]);
    expect(
      /process\.env|Date\.now\(|new Date\(\)|\bconsole\./.test(withoutComments(text)),
      `${path} reads the clock or the environment`,
    ).toBe(false);
  }
});

test("workers do not import workers: they meet through contracts", () => {
  const stages = ["fetch", "ingest", "classify", "match", "digest", "deliver", "publish"];
  for (const { path, imports } of inside("workers/src")) {
    const own = stages.find((stage) => path.startsWith(`workers/src/${stage}/`));
    if (own === undefined) continue;
    for (const specifier of imports.filter((one) => one.endsWith(".worker.ts"))) {
      expect(
        relative(join(root, dirname(path)), join(root, dirname(path), specifier)).startsWith(".."),
        `${path} imports ${specifier}`,
      ).toBe(false);
    }
  }
});

test("the environment is read in one place", () => {
  const readers = shipped
    .filter(({ text }) => /process\.env\b/.test(withoutComments(text)))
    .map(({ path }) => path);
  expect(readers.sort()).toEqual(["workers/src/env.ts"]);
});

test("nothing that ships imports test code", () => {
  for (const { path, imports } of shipped) {
    expect(
      imports.filter((one) => /^(vitest|testcontainers)$|\/test\//.test(one)),
      path,
    ).toEqual([]);
  }
});

test("every event has a worker, and every kind of source is registered once", () => {
  expect(Object.keys(registry).sort()).toEqual([...eventNames].sort());
  for (const event of eventNames) expect(registry[event].event).toBe(event);
  expect(new Set(sourceKinds.map((kind) => kind.id)).size).toBe(sourceKinds.length);
  expect(Object.values(contracts).every((contract) => contract.attempts > 0)).toBe(true);
});

test("the settings and .env.example name the same things in the same order", () => {
  const named = [...readFileSync(join(root, ".env.example"), "utf8").matchAll(/^#? ?([A-Z][A-Z_]+)=/gm)].map(
    (match) => match[1],
  );
  expect(named).toEqual(settingNames);
});

test("tests use real things: no module is mocked, none is skipped or focused by hand", () => {
  for (const { path, text } of sources.filter(
    ({ path }) => path.endsWith(".test.ts") && basename(path) !== "architecture.test.ts",
  )) {
    expect(/\bvi\.mock\(|\b(?:test|it|describe)\.(?:only|todo)\(/.test(text), path).toBe(false);
  }
});

test("files keep their names plain", () => {
  const odd = shipped
    .map(({ path }) => path)
    .filter(
      (path) =>
        /(?:^|\/)(?:utils?|helpers?|common|misc)(?:\/|\.ts$)/.test(path) || /[A-Z_]/.test(basename(path)),
    );
  expect(odd).toEqual([]);
});

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
}
