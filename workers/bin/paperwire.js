#!/usr/bin/env node
// Runs on any Node since 18, and hands over to the Node that the repository brings when this one is too old.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import * as modules from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const oldestMajor = 26;
const main = join(dirname(fileURLToPath(import.meta.url)), "../src/cli/main.ts");

if (Number(process.versions.node.split(".")[0]) >= oldestMajor) {
  // Types are stripped and code compiled once, not at every command.
  modules.enableCompileCache();
  await import(main);
} else {
  const node = ownNode();
  if (node === undefined) {
    console.error(
      `Paperwire needs Node ${oldestMajor} and this is ${process.version}. Run in the repository: npx -y pnpm@12.21.0 install`,
    );
    process.exit(2);
  }
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

function ownNode() {
  try {
    const folder = dirname(modules.createRequire(import.meta.url).resolve("node/package.json"));
    return [join(folder, "bin", "node"), join(folder, "bin", "node.exe")].find(existsSync);
  } catch {
    return undefined;
  }
}
