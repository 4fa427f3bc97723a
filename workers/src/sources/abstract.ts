import { plainText } from "@paperwire/core";

/**
 * An abstract without the heading that places leave in front of it ("Abstract", "SUMMARY:"); empty when
 * it is a placeholder ("N/A", "TBD", "see PDF") or is a few words long.
 */
export function abstractOf(html: string): string {
  const text = plainText(html).replace(heading, "");
  return isJunk(text) ? "" : text;
}

/** Does a text stand where an abstract should, without being one? */
export function isJunk(text: string): boolean {
  if (text === "" || placeholder.test(text)) return true;
  return text.length < 40 && text.split(" ").filter((word) => /[\p{L}\p{N}]/u.test(word)).length < 4;
}

/** Followed by a capital or a digit, so that "Abstract interpretation is …" keeps its first word. */
const heading = /^(?:[Aa]bstract|ABSTRACT|Summary|SUMMARY)\s*(?:[:.–—-]+\s*|\s+(?=(?:\p{Lu}|\d)))/u;
const placeholder =
  /^\W*(?:n\/?a|none|null|nil|tb[ad]|to be (?:added|announced|determined|done)|todo|test|xxx+|lorem ipsum|coming soon|see (?:the )?(?:pdf|paper|attached)|(?:no )?abstract(?: (?:not )?(?:is )?(?:available|here|pending))?)\b.{0,20}$/i;
