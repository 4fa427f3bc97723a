import { PermanentError, UsageError } from "@paperwire/core";
import { readEnv, type Settings } from "../env.ts";
import type { Context } from "../runtime/context.ts";
import type { OpenContext, OpenOptions } from "../runtime/open-context.ts";
import { createOutput, type Output } from "./output.ts";

export interface Common {
  readonly json?: boolean;
}

/** Opens a context for one command, closes it whatever happens. `env` gives settings that the environment may change. */
export async function withContext<T>(
  options: Common & OpenOptions & { readonly env?: Record<string, string | undefined> },
  work: (context: Context, output: Output) => Promise<T>,
): Promise<T> {
  const settings = readEnv({ LOG_LEVEL: "warn", ...options.env });
  const { openContext } = await import("../runtime/open-context.ts");
  const context: OpenContext = await openContext(settings, options);
  try {
    return await work(context, createOutput(options.json === true));
  } finally {
    await context.close();
  }
}

/** `--now`, as an instant. @throws UsageError when it is none. */
export function parseNow(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const date = new Date(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text);
  if (Number.isNaN(date.getTime()) || !/^\d{4}-\d{2}-\d{2}/.test(text)) {
    throw new UsageError(
      `"${text}" is no instant. Write --now as ISO 8601, for example 2026-06-08T06:00:00Z.`,
    );
  }
  return date;
}

/** Prints what went wrong as a sentence and returns the exit code: 2 for wrong usage or settings, 1 otherwise. */
export function reportFailure(error: unknown, json: boolean): number {
  const code = error instanceof UsageError ? 2 : 1;
  const message = error instanceof Error ? error.message : String(error);
  if (json) process.stdout.write(`${JSON.stringify({ error: message })}\n`);
  process.stderr.write(`${message}\n`);
  if (!(error instanceof UsageError || error instanceof PermanentError)) {
    process.stderr.write(
      `${error instanceof Error ? (error.stack ?? "").split("\n").slice(1).join("\n") : ""}\n`,
    );
  }
  return code;
}

export type { Settings };
