/** How a payload relates to what its source listed before, for sources that show a rolling list. */
export interface Churn {
  readonly firstImport: boolean;
  readonly listings: number;
  readonly newKeys: number;
  /** Of the new keys: those whose title the source listed before under another key. */
  readonly knownTitles: number;
  /** Of the new keys: those with a title never seen and a date since the last poll (or a day before). */
  readonly recent: number;
  /** The payload before this one had something in common with its predecessor. */
  readonly overlapped: boolean;
}

/**
 * Why the new listings of a payload are held for the operator instead of mailed, or undefined: a source that
 * changed its identifiers shows everything as new at once.
 */
export function massOfNew(churn: Churn): string | undefined {
  const { firstImport, listings, newKeys, knownTitles, recent, overlapped } = churn;
  if (firstImport || !overlapped || listings < 20 || newKeys < 0.9 * listings) return undefined;
  const unknown = newKeys - knownTitles;
  if (knownTitles < 0.5 * newKeys && recent >= 0.9 * unknown) return undefined;
  return `${newKeys} of ${listings} listings have identifiers that the source never used, and ${knownTitles} of them titles that it listed before. They are in the archive; the ${unknown} with unknown titles are mailed to nobody until the source is resumed.`;
}
