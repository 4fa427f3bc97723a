/** A command line option that every command takes. */
export const json = ["--json", "answer in JSON on stdout (logs stay on stderr)"] as const;

/** For options that may be given several times. */
export const collect = (value: string, previous: string[]) => [...previous, value];
