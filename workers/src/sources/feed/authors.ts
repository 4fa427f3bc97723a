import { type Author, splitAuthors } from "@paperwire/core";
import type { FeedPerson } from "./document.ts";

/**
 * The authors of an entry. Several people in one element are told apart only where the writing leaves no
 * doubt (semicolons, or a list of full names): a comma also stands before "Jr." and "PhD".
 */
export function authorsOf(people: readonly FeedPerson[]): Author[] {
  return people.flatMap((person) => {
    const name = person.name ?? person.email ?? person.url;
    if (name === undefined) return [];
    if (people.length === 1 && person.email === undefined && isList(name)) return splitAuthors(name);
    return [{ name, ...(person.affiliation !== undefined && { affiliation: person.affiliation }) }];
  });
}

function isList(name: string): boolean {
  if (name.length > 20_000) return false;
  if (name.includes(";") || surnameFirst.test(name)) return true;
  const parts = name.split(/,\s+|\s+and\s+/);
  return (
    parts.length >= 2 &&
    parts.every((part) => /^\p{L}[\p{L}'’.-]*(?:\s+\p{L}[\p{L}'’.-]*){1,4}$/u.test(part.trim()))
  );
}

/** `Last, F. M., Last, F.` */
const surnameFirst =
  /^\s*\p{L}[\p{L}'’ -]*,\s+(?:\p{Lu}\.[ -]?)+(?:,\s+\p{L}[\p{L}'’ -]*,\s+(?:\p{Lu}\.[ -]?)+)+,?\s*$/u;
