import { announcementOf } from "./listing/arxiv-calendar.ts";
import type { Listing } from "./listing/listing.ts";

/** What is known of the source and the poll when one of its listings is judged. */
export interface Poll {
  readonly sourceId: string;
  readonly now: Date;
  /** No harvest of the source was ever completed: only what was announced in the 72 hours before may be mailed. */
  readonly firstImport: boolean;
  /** The announcement date of the whole payload (`YYYY-MM-DD`). */
  readonly date?: string;
  readonly picks: boolean;
  /** The source follows a calendar: older announcements are late. */
  readonly calendar: boolean;
  /** When the first harvest was complete: a source with a calendar mails nothing that is 72 hours older. */
  readonly establishedAt?: Date;
  /** Until when the source was harvested before this poll. */
  readonly coveredUntil?: Date;
}

/** Why a paper may be mailed, once per occasion. */
export interface Occasion {
  readonly name: string;
  /** It belongs to an earlier period and arrived only now. */
  readonly late: boolean;
}

const hour = 3_600_000;
const firstImportMs = 72 * hour;
/** A list of yesterday evening is still today's; what is older was missed. */
const lateMs = 36 * hour;
/** Moderation holds a submission back for days; anything submitted longer before the last harvest is a revision. */
const holdMs = 14 * 24 * hour;

/**
 * The occasion that a listing gives, if any: announced as new or cross-listed, or picked. Replacements,
 * re-labelling and repeats never do. `newPaper`: the listing made a paper; `newHere`: its source has not
 * listed it before, or lists it in another way now.
 */
export function occasionOf(
  listing: Listing,
  poll: Poll,
  found: { readonly newPaper: boolean; readonly newHere: boolean },
): Occasion | undefined {
  if (!found.newHere) return undefined;
  if (listing.announceType === "replace" || listing.announceType === "replace-cross") return undefined;
  const announced = announcedAt(listing, poll);
  if (poll.firstImport) {
    if (announced === undefined || poll.now.getTime() - announced.getTime() > firstImportMs) return undefined;
  }
  if (poll.calendar && poll.establishedAt !== undefined && announced !== undefined) {
    if (announced.getTime() < poll.establishedAt.getTime() - firstImportMs) return undefined;
  }
  const late =
    !poll.firstImport &&
    poll.calendar &&
    announced !== undefined &&
    poll.now.getTime() - announced.getTime() > lateMs;
  const day = poll.date ?? listing.listedOn;
  if (poll.picks) return { name: `pick:${poll.sourceId}:${day ?? listing.key}`, late };
  if (listing.announceType !== undefined)
    return { name: `day:${day ?? listing.published?.slice(0, 10) ?? "unknown"}`, late };
  if (!found.newPaper || isRevision(listing, poll)) return undefined;
  return { name: "new", late };
}

/** When the source announced the listing, as well as it says. */
export function announcedAt(
  listing: Listing,
  poll: Partial<Pick<Poll, "date" | "calendar">>,
): Date | undefined {
  const day = poll.date ?? listing.listedOn;
  // Lists appear in the evening before their date on the American east coast; noon UTC is inside every reading of it.
  if (day !== undefined) return new Date(`${day}T04:00:00Z`);
  const said = listing.published ?? listing.updated;
  if (poll.calendar && listing.arxivId !== undefined && listing.published !== undefined) {
    // A search or a harvest gives the submission; the announcement came with the first mailing after it.
    return announcementOf(new Date(listing.published)).feedAt;
  }
  return said === undefined ? undefined : new Date(said);
}

/** A record that changed now but was submitted long before the last harvest: new to us, not new. */
function isRevision(listing: Listing, poll: Poll): boolean {
  if (listing.arxivId === undefined || listing.published === undefined) return false;
  const since = poll.coveredUntil ?? poll.now;
  return new Date(listing.published).getTime() < since.getTime() - holdMs;
}
