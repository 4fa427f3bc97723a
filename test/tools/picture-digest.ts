import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { renderDigest } from "@paperwire/core";
import { sampleMail } from "@paperwire/core/digest/sample-mail.ts";
import { chromium } from "playwright-core";

/**
 * Takes the pictures of a digest in the docs with a real browser:
 * `node test/tools/picture-digest.ts [folder]` (needs Chromium, `CHROMIUM` if it is not `/usr/bin/chromium`).
 */
const folder = process.argv[2] ?? fileURLToPath(new URL("../../docs/images/", import.meta.url));
const views = [
  { name: "light", width: 760, colorScheme: "light" },
  { name: "dark", width: 760, colorScheme: "dark" },
  { name: "narrow", width: 360, colorScheme: "light" },
] as const;

await mkdir(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  // Text without coloured edges: half the bytes.
  args: ["--no-sandbox", "--disable-lcd-text"],
});
try {
  for (const { name, width, colorScheme } of views) {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    await page.setContent(renderDigest(sampleMail()).html);
    await page.screenshot({ path: `${folder}/digest-${name}.png`, fullPage: true });
    await page.close();
    console.log(`wrote ${folder}/digest-${name}.png`);
  }
} finally {
  await browser.close();
}
