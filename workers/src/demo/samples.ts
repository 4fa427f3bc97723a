import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const instant = z.iso.datetime().transform((text) => new Date(text));
const texts = z.array(z.string()).optional();

const samplesShape = z.object({
  sources: z.array(z.object({ id: z.string(), kind: z.string(), path: z.string().startsWith("/") })),
  /** From `from` on, `path` (with its `date` parameter, if the source asks by date) is answered with `file`. */
  answers: z.array(
    z.object({ path: z.string().startsWith("/"), from: instant, file: z.string(), type: z.string() }),
  ),
  /** When sources and readers are added. */
  start: instant,
  readers: z.array(
    z.object({
      email: z.string(),
      zone: z.string(),
      at: z.string(),
      maxPapers: z.number().optional(),
      interests: z.array(
        z.object({ name: z.string(), query: z.string().optional(), categories: texts, authors: texts }),
      ),
    }),
  ),
  /** Where the clock stands, one drain after the other. */
  instants: z.array(instant),
});

export type Samples = z.infer<typeof samplesShape>;

const folder = new URL("../../samples/", import.meta.url);

/** The bundled samples: what the sources say when, who reads, and when to look. */
export function readSamples(): Samples {
  return samplesShape.parse(JSON.parse(readFileSync(new URL("samples.json", folder), "utf8")));
}

/** The bytes of one of the samples' files. */
export function readSample(file: string): Buffer {
  return readFileSync(fileURLToPath(new URL(file, folder)));
}
