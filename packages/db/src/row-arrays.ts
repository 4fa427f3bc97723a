import { type RawBuilder, sql } from "kysely";

/** The type of a column, and what a row says there, as PostgreSQL reads it. */
export type Column<T> = readonly [type: string, valueIn: (row: T) => string | number | boolean | undefined];

/**
 * The rows for `from`: an array per column, which PostgreSQL takes in with less than half the work of a JSON
 * document. A column of arrays goes as text and is read where it is asked for.
 */
export function rowsOf<T>(rows: readonly T[], columns: readonly Column<T>[]): RawBuilder<unknown> {
  const arrays = columns.map(
    ([type, valueIn]) => sql`${arrayOf(rows.map(valueIn))}::${sql.raw(isNested(type) ? "text" : type)}[]`,
  );
  const named = columns.map((_, at) => sql.raw(`c${at}`));
  const read = columns.map(([type], at) => sql.raw(isNested(type) ? `c${at}::${type}` : `c${at}`));
  return sql`(select ${sql.join(read)} from unnest(${sql.join(arrays)}) as u(${sql.join(named)}))`;
}

/** An array as PostgreSQL writes it; what is undefined is null. */
export function arrayOf(values: readonly (string | number | boolean | undefined)[]): string {
  let text = "{";
  for (const value of values) {
    if (text.length > 1) text += ",";
    if (value === undefined) text += "null";
    else if (typeof value === "string")
      text += `"${special.test(value) ? value.replace(eachSpecial, "\\$&") : value}"`;
    else text += value;
  }
  return `${text}}`;
}

const special = /["\\]/;
const eachSpecial = /["\\]/g;

function isNested(type: string): boolean {
  return type.endsWith("[]");
}
