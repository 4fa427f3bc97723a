import { existsSync, readdirSync, readFileSync } from "node:fs";
import { feedLinks } from "@paperwire/workers/sources/autodiscover.ts";
import { describe, expect, test } from "vitest";

const shared = process.env.PAPERWIRE_SHARED ?? new URL("../../../shared", import.meta.url).pathname;
const folder = `${shared}/data/suites/w3c-feedvalidator/feedfinder-tests`;

/** Pilgrim's autodiscovery tests: page `html4-N.html` offers the feed `html4-N.xml`, among decoys. */
const pages = existsSync(folder) ? readdirSync(folder).filter((name) => /^html4-\d+\.html$/.test(name)) : [];

describe.skipIf(pages.length === 0)(`feed autodiscovery (${folder})`, () => {
  test.each(pages.filter((name) => readFileSync(`${folder}/${name}`, "utf8").includes("<link")))(
    "%s leads to its feed",
    (name) => {
      const [first] = feedLinks(
        readFileSync(`${folder}/${name}`, "utf8"),
        `http://example.org/tests/${name}`,
      );
      expect(first?.url).toMatch(new RegExp(`/${name.replace(".html", "\\.xml")}$`));
    },
  );
});
