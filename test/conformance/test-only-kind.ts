import { type Listing, PermanentError, type ReadWarning } from "@paperwire/core";
import type { SourceKind } from "@paperwire/workers/sources/source.ts";

/** What a builder writes to add a kind of source: one file such as this, and its line in the registry. */
export const testOnly: SourceKind = {
  id: "test-only",
  title: "A list for this test",
  everyMinutes: 60,
  recognises: (url) => url.hostname === "test-only.example",
  detects: (head) => head.startsWith(heading),
  read({ bytes }) {
    const [first, ...lines] = new TextDecoder().decode(bytes).split("\n");
    if (first !== heading) throw new PermanentError(`The list does not begin with “${heading}”.`);
    const listings: Listing[] = [];
    const warnings: ReadWarning[] = [];
    for (const line of lines.filter((text) => text.trim() !== "")) {
      const [key = "", title = ""] = line.split("\t");
      if (title === "") warnings.push({ code: "no-title", message: `“${key}” has no title.`, at: key });
      else if (!listings.some((known) => known.key === key))
        listings.push({ key, title, authors: [], categories: [] });
    }
    return { listings, warnings };
  },
};

const heading = "TEST-ONLY LIST";
