import { existsSync, readFileSync } from "node:fs";
import { renderDigest } from "@paperwire/core";
import { confirmNotice, renderNotice } from "@paperwire/core/digest/notice.ts";
import { sampleMail } from "@paperwire/core/digest/sample-mail.ts";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const present = existsSync(executablePath);

/** Text of a script, since it runs in the page. */
const measure = readFileSync(new URL("measure-page.js", import.meta.url), "utf8");
interface Measured {
  readonly scrollWidth: number;
  readonly texts: number;
  readonly faint: readonly string[];
  readonly small: readonly string[];
  readonly outline: Readonly<Record<string, unknown>>;
}

const sample = sampleMail();
const mails = {
  digest: renderDigest(sample).html,
  notice: renderNotice(confirmNotice("n1", sample.sender, "https://papers.example.org/confirm/x")).html,
};
const cases = (Object.keys(mails) as (keyof typeof mails)[]).flatMap((mail) =>
  (["light", "dark"] as const).flatMap((scheme) =>
    [360, 480, 760, 1400].map((width) => ({ mail, scheme, width })),
  ),
);

describe.skipIf(!present)(`a mail in a real browser${present ? "" : ` (no ${executablePath})`}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  });
  afterAll(() => browser.close());

  async function opened(
    html: string,
    scheme: "light" | "dark",
    width: number,
  ): Promise<{ page: Page; asked: string[] }> {
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme: scheme });
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.setContent(html);
    return { page, asked };
  }

  test.each(cases)(
    "$mail, $scheme, $width px: nothing overflows, nothing is loaded, everything can be read",
    async (it) => {
      const { page, asked } = await opened(mails[it.mail], it.scheme, it.width);
      const found: Measured = await page.evaluate(measure);
      expect(asked).toEqual([]);
      expect(found.scrollWidth).toBeLessThanOrEqual(it.width);
      expect(found.texts).toBeGreaterThan(4);
      expect(found.faint).toEqual([]);
      expect(found.small).toEqual([]);
      await page.close();
    },
  );

  test("headings are in order, links say where they lead, the language is set", async () => {
    const { page } = await opened(mails.digest, "light", 760);
    const { outline }: Measured = await page.evaluate(measure);
    expect(outline).toEqual({
      lang: "en",
      title: expect.stringContaining("Distilling"),
      article: expect.stringContaining("Distilling"),
      headings: ["H1", "H2", "H3", "H3", "H3", "H2", "H3", "H3"],
      namelessLinks: 0,
      layoutTablesWithoutRole: 0,
      images: 0,
    });
    await page.close();
  });

  test("without its style sheet, as some clients show it, the mail keeps its look", async () => {
    const { page } = await opened(mails.digest.replace(/<style[\s\S]*?<\/style>/g, ""), "light", 760);
    const found: Measured = await page.evaluate(measure);
    expect(found.scrollWidth).toBeLessThanOrEqual(760);
    expect(found.faint).toEqual([]);
    await page.close();
  });
});
