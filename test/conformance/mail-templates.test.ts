import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { compileMail, generatedPath, mails } from "../tools/compile-mails.ts";

test.each(mails)("the committed %s mail is what its template compiles to", async (name) => {
  expect(await readFile(generatedPath(name), "utf8"), "run: node test/tools/compile-mails.ts").toBe(
    await compileMail(name),
  );
});
