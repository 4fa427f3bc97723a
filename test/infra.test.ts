import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { contracts, eventNames, queueNames } from "@paperwire/core";
import { parseEnv, settingNames } from "@paperwire/workers/env.ts";
import { openContext } from "@paperwire/workers/runtime/open-context.ts";
import { buildApp } from "@paperwire/workers/web/app.ts";
import { describe, expect, test as plain } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { test } from "./harness/fixtures.ts";

const infra = (name: string) => fileURLToPath(new URL(`../infra/${name}`, import.meta.url));
const textOf = (name: string) => readFileSync(infra(name), "utf8");
const documents = (name: string) =>
  parseAllDocuments(textOf(name)).map((document) => {
    expect(document.errors, name).toEqual([]);
    return document.toJS();
  });
const processes = [...queueNames, "web"].sort();

plain("compose runs every worker as a service of its own, with settings that exist", () => {
  const { services } = parse(textOf("compose.yaml"), { merge: true });
  const commands = Object.entries<{ command?: string[] }>(services).filter(
    ([, { command }]) => command?.[0] === "up",
  );
  expect(commands.map(([name]) => name).sort()).toEqual(processes);
  for (const [name, { command }] of commands) expect(command).toEqual(["up", name]);
  for (const name of [
    ...Object.keys(services.web.environment),
    ...textOf("compose.yaml")
      .matchAll(/\$\{([A-Z_]+)/g)
      .map((match) => match[1] ?? ""),
  ]) {
    if (name !== "POSTGRES_PASSWORD") expect(settingNames).toContain(name);
  }
  expect(services.redis.command).toContain("noeviction");
});

plain("compose's settings are ones that a worker starts with", () => {
  const { services } = parse(textOf("compose.yaml"), { merge: true });
  const chosen = Object.entries<string>(services.fetch.environment).map(([name, value]) => [
    name,
    value.replace(/\$\{[A-Z_]+:-([^}]*)\}/g, "$1").replace(/\$\{SECRET_KEY[^}]*\}/, "0".repeat(64)),
  ]);
  expect(parseEnv(Object.fromEntries(chosen))).toMatchObject({
    MAIL_TRANSPORT: "outbox",
    publicUrl: "http://localhost:8080",
  });
});

plain("Kubernetes has a deployment for every worker, and a scaler that watches every event of it", () => {
  const deployments = documents("kubernetes/workers.yaml");
  expect(deployments.map(({ spec }) => spec.template.spec.containers[0].args).sort()).toEqual(
    processes.map((name) => ["up", name]),
  );
  for (const { metadata, spec } of deployments) {
    expect(spec.selector.matchLabels).toEqual(spec.template.metadata.labels);
    expect(metadata.name).toBe(`paperwire-${spec.template.spec.containers[0].args[1]}`);
    expect(spec.template.spec.securityContext.runAsNonRoot).toBe(true);
  }
  const scalers = documents("kubernetes/scaling.yaml");
  const watched = eventNames.map((event) => {
    const scaler = scalers.find(({ spec }) => patternOf(spec.triggers[0].metadata.query).test(event));
    return [event, scaler?.spec.scaleTargetRef.name];
  });
  expect(watched).toEqual(eventNames.map((event) => [event, `paperwire-${contracts[event].queue}`]));
});

/** The anchored pattern of the query's event label, as Prometheus reads it. */
function patternOf(query: string): RegExp {
  return new RegExp(`^(?:${/event=~"([^"]+)"/.exec(query)?.[1]})$`);
}

plain("the files that Kubernetes is given exist, and their settings do too", () => {
  const [{ resources }] = documents("kubernetes/kustomization.yaml");
  for (const name of resources) documents(`kubernetes/${name}`);
  const [config, secret] = documents("kubernetes/settings.yaml");
  const settings = { ...config.data, ...secret.stringData };
  for (const name of Object.keys(settings)) expect(settingNames).toContain(name);
  expect(parseEnv(settings)).toMatchObject({ MAIL_TRANSPORT: "smtp", HOST: "0.0.0.0" });
});

test("alerts, scalers and the dashboard use figures that the web worker reports", async ({
  databaseUrl,
  folder,
}) => {
  const context = await openContext(
    parseEnv({
      DATABASE_URL: databaseUrl,
      SECRET_KEY: "0".repeat(64),
      PAPERWIRE_HOME: folder,
      LOG_LEVEL: "error",
    }),
  );
  const app = await buildApp(context);
  try {
    const { body } = await app.inject("/metrics");
    const reported = new Set(body.matchAll(/^# TYPE (\w+)/gm).map((match) => match[1]));
    for (const file of ["alerts.yaml", "kubernetes/scaling.yaml", "grafana/paperwire.json"]) {
      const used = new Set(
        textOf(file)
          .matchAll(/\bpaperwire_\w+/g)
          .map((match) => match[0]),
      );
      expect(used.size, file).toBeGreaterThan(0);
      expect(
        [...used].filter((name) => !reported.has(name)),
        file,
      ).toEqual([]);
    }
  } finally {
    await app.close();
    await context.close();
  }
});

plain("the image copies what exists and runs the workers' own Node", () => {
  const copied = textOf("Dockerfile")
    .matchAll(/^COPY (?!--from)(.+) \S+$/gm)
    .toArray()
    .flatMap((match) => (match[1] ?? "").split(" "));
  expect(copied.length).toBeGreaterThan(5);
  expect(copied.filter((path) => !existsSync(new URL(`../${path}`, import.meta.url)))).toEqual([]);
  expect(textOf("Dockerfile")).toContain(
    'ENTRYPOINT ["tini", "--", "/app/workers/node_modules/node/bin/node", "/app/workers/src/cli/main.ts"]',
  );
  const node = fileURLToPath(new URL("../workers/node_modules/node/bin/node", import.meta.url));
  expect(
    execFileSync(node, [fileURLToPath(new URL("../workers/src/cli/main.ts", import.meta.url)), "--version"], {
      encoding: "utf8",
    }),
  ).toMatch(/^\d+\.\d+\.\d+/);
});

const hasPromtool = spawnSync("promtool", ["--version"]).error === undefined;
describe.skipIf(!hasPromtool)(
  `Prometheus' own check${hasPromtool ? "" : " (promtool is not on the path)"}`,
  () => {
    plain("accepts the rules and the configuration", () => {
      const { status, stdout, stderr } = spawnSync("promtool", ["check", "config", infra("prometheus.yml")], {
        encoding: "utf8",
      });
      expect(status, `${stdout}${stderr}`).toBe(0);
    });
  },
);
