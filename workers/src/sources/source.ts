import type { Reading } from "@paperwire/core";

/** Bytes as they came (already decompressed), with what is known of where from. */
export interface Payload {
  readonly bytes: Uint8Array;
  /** `Content-Type` as sent. */
  readonly contentType?: string;
  /** The address it was read from, after redirects; absent for files. */
  readonly url?: string;
}

/** A half-open span of product time that a poll should cover. */
export interface Window {
  readonly from: Date;
  readonly to: Date;
}

/**
 * One kind of place that is polled: one file in this folder and one line in `index.ts`.
 * Everything here is pure; sockets and rows belong to the fetch and ingest workers.
 */
export interface SourceKind {
  /** Kebab-case, stable: stored in the database and named by `--kind`. */
  readonly id: string;
  /** What a person reads in `source add`: "arXiv RSS feed". */
  readonly title: string;
  /** How often to ask when the source itself does not say. */
  readonly everyMinutes: number;
  /** The politeness the place asks for; 1 request at a time and 1 s apart when absent. */
  readonly budget?: { readonly group: string; readonly gapMs: number };
  /** Does an address belong to this kind (before anything is fetched)? */
  recognises?(url: URL): boolean;
  /** Does a payload look like this kind? Cheap: it sees the first kilobytes as text. */
  detects(head: string, payload: Payload): boolean;
  /**
   * The addresses to ask for a window, first pages only; `[url]` when absent.
   * Kinds that list by day answer one address per missed day.
   */
  requests?(url: URL, window: Window): readonly string[];
  /**
   * What the payload says.
   * @throws PermanentError with a sentence when the payload is not of this kind or cannot be read at all.
   * A single bad entry never throws: it becomes a warning.
   */
  read(payload: Payload): Reading;
  /** Whose identifiers this place may define or overwrite: `arxiv`, `doi`, … Feeds have none. */
  readonly authority?: readonly string[];
  /** DOI prefixes that the place registers itself (`10.1101`): it speaks for those DOIs and no others. */
  readonly doiPrefixes?: readonly string[];
  /** It is believed when it says that two identifiers are one work (arXiv, Crossref, PubMed, OpenAlex …). */
  readonly links?: boolean;
  /** The home that its listings give a paper (`arxiv`, `huggingface`); every feed is a home of its own when absent. */
  readonly home?: string;
  /** Its listings are curators' picks. */
  readonly picks?: boolean;
  /** Follows arXiv's announcement calendar. */
  readonly calendar?: "arxiv" | "weekdays";
}
