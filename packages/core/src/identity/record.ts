/**
 * What identity is decided on: the few plain facts a listing, a stored paper or a row of another
 * catalogue can give. Absent values are left out. Text may still hold TeX, entities, accents and any
 * case: comparison folds them.
 */
export interface PaperRecord {
  readonly title: string;
  /** In the order given, any form (`Jane Q. Doe`, `Doe, J.`, `j doe`); `et al.` as last element means "and others". */
  readonly authors: readonly string[];
  /** Of publication or first listing. */
  readonly year?: number;
  /** Journal, conference or archive, as written. */
  readonly venue?: string;
  readonly abstract?: string;
  /** Exact identifiers as `scheme:value`, canonical (`arxiv:2606.01234` without version, `doi:10.…` in lower case). */
  readonly keys?: readonly string[];
}

/** The identifiers of one scheme, e.g. all DOIs of a record, without the scheme. */
export function keysOfScheme(record: Pick<PaperRecord, "keys">, scheme: string): string[] {
  const prefix = `${scheme}:`;
  const values: string[] = [];
  for (const key of record.keys ?? []) if (key.startsWith(prefix)) values.push(key.slice(prefix.length));
  return values;
}
