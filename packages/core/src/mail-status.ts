/** What a provider last said of an accepted mail, in the order in which a later word counts. */
export const mailStatuses = [
  "scheduled",
  "sent",
  "delayed",
  "delivered",
  "failed",
  "bounced",
  "suppressed",
  "complained",
] as const;
export type MailStatus = (typeof mailStatuses)[number];

/**
 * The status after another word about the same mail. It only moves forward, so words may come late,
 * twice or in any order: a *delivered* after a *complained* changes nothing.
 */
export function laterStatus(known: MailStatus | undefined, heard: MailStatus): MailStatus {
  return known !== undefined && mailStatuses.indexOf(known) > mailStatuses.indexOf(heard) ? known : heard;
}

/** One word about an address. `soft` is a bounce that may pass: a full mailbox, a server that was away. */
export type AddressWord = "delivered" | "soft" | "hard" | "complained" | "suppressed";

/**
 * Why an address must not be written to, from the last words about it (oldest first), or undefined where
 * it may. A hard bounce, a complaint or the provider's own suppression counts at once, a soft bounce when
 * three of the last five mails met one.
 */
export function suppressionOf(words: readonly AddressWord[]): Exclude<AddressWord, "delivered"> | undefined {
  for (const word of ["complained", "hard", "suppressed"] as const) if (words.includes(word)) return word;
  const soft = words.slice(-SOFT_WINDOW).filter((word) => word === "soft").length;
  return soft >= SOFT_LIMIT ? "soft" : undefined;
}

const SOFT_WINDOW = 5;
const SOFT_LIMIT = 3;
