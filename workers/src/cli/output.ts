/** What a command says: one JSON document (or a line per item) with `--json`, sentences and tables without. */
export interface Output {
  readonly json: boolean;
  /** A sentence for people; silent with `--json`. */
  say(text?: string): void;
  /** The command's answer, printed only with `--json`. */
  result(value: unknown): void;
  /** Columns for people; silent with `--json`. */
  table(rows: readonly (readonly (string | number | undefined)[])[], header?: readonly string[]): void;
}

export function createOutput(
  json: boolean,
  write: (text: string) => void = (text) => process.stdout.write(text),
): Output {
  return {
    json,
    say: (text = "") => {
      if (!json) write(`${text}\n`);
    },
    result: (value) => {
      if (json) write(`${JSON.stringify(value)}\n`);
    },
    table: (rows, header) => {
      if (json) return;
      const all = [...(header === undefined ? [] : [header]), ...rows].map((row) =>
        row.map((cell) => String(cell ?? "")),
      );
      const widths = (all[0] ?? []).map((_, column) =>
        Math.max(...all.map((row) => (row[column] ?? "").length)),
      );
      for (const row of all) {
        write(
          `${row
            .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
            .join("  ")
            .trimEnd()}\n`,
        );
      }
    },
  };
}

/** Text from a source or a person, safe to print on a terminal: no control characters. */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ");
}
