import { mathToText } from "@paperwire/core";
import type { PaperCard } from "@paperwire/db/digests.ts";
import { homeName } from "../digest/candidates.ts";

const mostAuthors = 8;

/** A paper as lists and pages show it: plain text, maths made readable. */
export function paperView(card: PaperCard): Record<string, unknown> {
  return {
    id: card.id,
    title: mathToText(card.title),
    authors: authorLine(card.authors.map((author) => author.name)),
    homes: card.homes.map(({ home, url, name }, index) => ({
      name: homeName(home, name),
      url: webAddress(url),
      before: index === 0 ? "" : " · ",
    })),
    topics: card.categories.slice(0, 5),
    votes: card.votes || undefined,
    picked: card.pickedBy.length > 0,
    abstract: card.abstract === null ? undefined : mathToText(card.abstract),
  };
}

function authorLine(names: readonly string[]): string {
  if (names.length <= mostAuthors) return names.join(", ");
  return `${names.slice(0, mostAuthors).join(", ")} and ${names.length - mostAuthors} more`;
}

/** Only web addresses become links, whatever a source says. */
export function webAddress(url: string | null): string | undefined {
  return url !== null && /^https?:\/\//i.test(url) ? url : undefined;
}
