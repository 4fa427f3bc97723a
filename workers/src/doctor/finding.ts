/** One thing that was looked at. */
export interface Finding {
  readonly check: string;
  /** `warn`: it works, and somebody should know. `fail`: it does not work. */
  readonly state: "ok" | "warn" | "fail";
  readonly sentence: string;
  /** What to do about it. */
  readonly mend?: string;
}

export function ok(check: string, sentence: string): Finding {
  return { check, state: "ok", sentence };
}

export function warn(check: string, sentence: string, mend: string): Finding {
  return { check, state: "warn", sentence, mend };
}

export function fail(check: string, sentence: string, mend: string): Finding {
  return { check, state: "fail", sentence, mend };
}

/** The sentence of an error, without what a driver hangs on it. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === "") return error.errors.map(reasonOf).join("; ");
  const text = error instanceof Error ? error.message : String(error);
  return text === "" ? String((error as { code?: unknown })?.code ?? "no reason was given") : text;
}
