import { readFileSync } from "node:fs";
import type { Miss } from "./suite.ts";

export interface Deviation {
  readonly suite: string;
  /** Name of a file within the suite; `*` stands for anything. */
  readonly file: string;
  readonly path: string;
  readonly reason: string;
}

/** The rows of the tables in `deviations.md`: suite, file, what is expected there, reason. */
export function acceptedDeviations(): Deviation[] {
  const text = readFileSync(new URL("../deviations.md", import.meta.url), "utf8");
  return [...text.matchAll(/^\| `([^`]+)` \| `([^`]+)` \| `([^`]+)` \| (.+) \|$/gm)].map(
    ([, suite = "", file = "", path = "", reason = ""]) => ({ suite, file, path, reason }),
  );
}

export function covers(deviation: Deviation, suite: string, miss: Pick<Miss, "file" | "path">): boolean {
  return deviation.suite === suite && glob(deviation.file, miss.file) && glob(deviation.path, miss.path);
}

function glob(pattern: string, text: string): boolean {
  const literal = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${literal.join(".*")}$`).test(text);
}
