import { readFile } from "node:fs/promises";
import { PermanentError } from "@paperwire/core";
import type { Payload } from "../sources/source.ts";

/** A payload from a file, or from stdin for `-`. @throws PermanentError with the reason when it cannot be read. */
export async function payloadOf(file: string): Promise<Payload> {
  try {
    return { bytes: file === "-" ? await readStdin() : await readFile(file) };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const because =
      code === "ENOENT"
        ? "there is no such file"
        : code === "EISDIR"
          ? "it is a folder"
          : String((error as Error).message);
    throw new PermanentError(`${file} cannot be read: ${because}.`);
  }
}

async function readStdin(): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of process.stdin) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
