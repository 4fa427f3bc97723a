import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import Handlebars from "handlebars";
import mjml2html from "mjml";

/**
 * Compiles the mail templates (MJML) into functions that fill in a mail with escaping and nothing else to
 * load at run time. Run it after changing a template: `node test/tools/compile-mails.ts`.
 */
export const mails = ["digest", "notice"] as const;

const folder = new URL("../../packages/core/src/digest/", import.meta.url);

/** The TypeScript source that belongs to a template, always the same for the same template. */
export async function compileMail(name: string): Promise<string> {
  const source = await readFile(new URL(`${name}.mjml`, folder), "utf8");
  const { html, errors } = await mjml2html(source, {
    validationLevel: "strict",
    fonts: {},
    ignoreIncludes: false,
    filePath: fileURLToPath(new URL(`${name}.mjml`, folder)),
  });
  if (errors.length > 0)
    throw new Error(`${name}.mjml: ${errors.map((error) => error.formattedMessage).join("\n")}`);
  const template = Handlebars.precompile(tighten(html), { knownHelpersOnly: true, preventIndent: true });
  return [
    `// Made from ${name}.mjml by test/tools/compile-mails.ts. Do not edit.`,
    "// @ts-nocheck",
    'import Handlebars from "handlebars/runtime.js";',
    "",
    `export const ${name}Html: (view: unknown) => string = Handlebars.template(${template});`,
    "",
  ].join("\n");
}

export function generatedPath(name: string): string {
  return fileURLToPath(new URL(`${name}.generated.ts`, folder));
}

/** Indentation and blank lines between tags cost bytes in every mail and show nowhere. */
function tighten(html: string): string {
  return html
    .replace(/[ \t]+\n/g, "\n")
    .replace(/\n\s+/g, "\n")
    .replace(/\n{2,}/g, "\n")
    .replace(/>\n</g, "><")
    .trim();
}

if (import.meta.main) {
  for (const name of mails) {
    await writeFile(generatedPath(name), await compileMail(name));
    console.log(`wrote ${generatedPath(name)}`);
  }
}
