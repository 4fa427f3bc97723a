import { foldSpace, plainText } from "@paperwire/core";
import type { FeedPerson } from "./document.ts";
import { childText } from "./element.ts";
import type { XmlElement } from "./xml.ts";

/**
 * A person in one string, as RSS writes them: `email (Name)`, `Name (email)`, `Name <email>`, an address
 * or a name alone. Undefined when nothing is said.
 */
export function personOf(text: string | undefined): FeedPerson | undefined {
  const written = foldSpace(text?.slice(0, maxLength) ?? "");
  if (written === "") return undefined;
  const address = written.includes("@") && written.length <= 500 ? addressIn.exec(written) : null;
  if (address === null) return { name: plainText(written) };
  const email = address[1] ?? "";
  const rest = written.replace(address[0], " ");
  const name = plainText(
    rest
      .replace(/mailto:/gi, "")
      .replace(/\(\s*\)|<\s*>|\[\s*\]/g, " ")
      .trim()
      .replace(/^\((.*)\)$/, "$1"),
  );
  return name === "" ? { email } : { name, email };
}

/** A person construct of Atom (RFC 4287 section 3.2); 0.3 called the address `url`. */
export function atomPerson(element: XmlElement): FeedPerson | undefined {
  const name = childText(element, "name", "atom:name");
  const email = childText(element, "email", "atom:email");
  const url = childText(element, "uri", "url", "homepage", "atom:uri", "atom:url");
  const affiliation = childText(element, "arxiv:affiliation");
  if (name === undefined && email === undefined && url === undefined) {
    return personOf(element.children.filter((node) => typeof node === "string").join(""));
  }
  return {
    ...(name !== undefined && { name: plainText(name) }),
    ...(email !== undefined && { email }),
    ...(url !== undefined && { url }),
    ...(affiliation !== undefined && { affiliation: plainText(affiliation) }),
  };
}

/** Lists of thousands of authors exist; more than this is something else. */
const maxLength = 200_000;

const addressIn =
  /(?:mailto:)?([\w.!#$%&'*+/=?^`{|}~-]+@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*)/i;
