import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import PostalMime from "postal-mime";
import type { Origin } from "../harness/origin.ts";

/** One paper as the scenario's feeds list it. */
interface Item {
  readonly id: string;
  readonly version?: number;
  readonly type?: "new" | "cross" | "replace";
  readonly title: string;
  readonly authors: string;
  readonly categories: readonly string[];
  readonly abstract: string;
}

const distilled: Item = {
  id: "2606.90001",
  title: "Knowledge distillation for small parsers",
  authors: "Ada Kern, Bo Lind",
  categories: ["cs.CL", "cs.LG"],
  abstract: "We teach a small parser with a large one.",
};
const goedel: Item = {
  id: "2606.90002",
  title: "Incompleteness and grammar",
  authors: "Kurt Gödel",
  categories: ["cs.CL"],
  abstract: "Which sentences a grammar cannot prove.",
};
const old: Item = {
  id: "2401.90009",
  version: 3,
  type: "replace",
  title: "An old paper, replaced",
  authors: "Cy Old",
  categories: ["cs.CL"],
  abstract: "Nothing new.",
};
const crossed: Item = {
  id: "2606.90003",
  type: "cross",
  title: "Vision with $\\alpha$-words",
  authors: "Dee Ray",
  categories: ["cs.CV", "cs.CL"],
  abstract: "Pictures that speak.",
};
const second: Item = {
  id: "2606.90011",
  title: "Prosody in the wild",
  authors: "Eve Song, Kurt Gödel",
  categories: ["cs.CL"],
  abstract: "How people really speak.",
};

/** What arXiv's feed says on each Eastern day. */
const feedDays: Readonly<Record<string, readonly Item[]>> = {
  "2026-06-08": [distilled, goedel, old, crossed],
  "2026-06-09": [second, { ...distilled, version: 2, type: "replace" }, { ...crossed, type: "cross" }],
};

/** What the journal lists, from the hour on (UTC). The second is the preprint's journal home: no new paper. */
const journal: readonly {
  readonly at: string;
  readonly title: string;
  readonly link: string;
  readonly text: string;
  readonly author: string;
}[] = [
  {
    at: "2026-06-08T09:20:00Z",
    title: "Knowledge distillation in the classroom",
    link: "https://journal.example/a1",
    text: "Teachers and students.",
    author: "Flo Chalk",
  },
  {
    at: "2026-06-08T15:20:00Z",
    title: "Knowledge distillation for small parsers",
    link: "https://journal.example/a2",
    text: "We teach a small parser with a large one.",
    author: "Ada Kern",
  },
  {
    at: "2026-06-09T10:20:00Z",
    title: "Limits of knowledge distillation",
    link: "https://journal.example/a3",
    text: "Where students stay behind.",
    author: "Gil Stop",
  },
];

export const readers = [
  { email: "ada@example.org", args: ["--category", "cs.CL", "--tz", "Europe/Berlin", "--at", "08:00"] },
  {
    email: "bob@example.org",
    args: ["--query", '"knowledge distillation"', "--tz", "America/New_York", "--at", "08:00"],
  },
  { email: "chie@example.org", args: ["--author", "Kurt Gödel", "--tz", "Asia/Tokyo", "--at", "08:00"] },
] as const;

/** Every mail that must be written, and nothing else: reader and period, with the titles in any order. */
export const expectedMails: Readonly<Record<string, readonly string[]>> = {
  "ada@example.org 2026-06-08": [
    "Incompleteness and grammar",
    "Knowledge distillation for small parsers",
    "Vision with α-words",
  ],
  "ada@example.org 2026-06-09": ["Prosody in the wild"],
  "bob@example.org 2026-06-08": [
    "Knowledge distillation for small parsers",
    "Knowledge distillation in the classroom",
  ],
  "bob@example.org 2026-06-09": ["Limits of knowledge distillation"],
  "chie@example.org 2026-06-09": ["Incompleteness and grammar"],
  "chie@example.org 2026-06-10": ["Prosody in the wild"],
};

/** The hours of the scenario: 48 of them, from Monday's midnight UTC. */
export const hours: readonly Date[] = Array.from(
  { length: 48 },
  (_, hour) => new Date(Date.UTC(2026, 5, 8, hour)),
);

/** Sets what both sources answer at an hour. */
export function serveHour(origin: Origin, at: Date): void {
  // The list of a day appears at midnight on the American east coast, 04:00 UTC in summer.
  const day = new Date(at.getTime() - 4 * 3_600_000).toISOString().slice(0, 10);
  origin.serve("/rss/cs.CL", { body: arxivFeed(day), type: "application/rss+xml" });
  origin.serve("/journal.xml", { body: journalFeed(at), type: "application/atom+xml" });
}

function arxivFeed(day: string): string {
  const items = (feedDays[day] ?? []).map(
    (item) => `<item><title>${escaped(item.title)}</title><link>https://arxiv.org/abs/${item.id}</link>
<description>arXiv:${item.id}v${item.version ?? 1} Announce Type: ${item.type ?? "new"} \nAbstract: ${escaped(item.abstract)}</description>
<guid isPermaLink="false">oai:arXiv.org:${item.id}v${item.version ?? 1}</guid>${item.categories.map((code) => `<category>${code}</category>`).join("")}
<pubDate>${new Date(`${day}T04:00:00Z`).toUTCString()}</pubDate><arxiv:announce_type>${item.type ?? "new"}</arxiv:announce_type><dc:creator>${escaped(item.authors)}</dc:creator></item>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?><rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0"><channel>
<title>cs.CL updates on arXiv.org</title><link>http://rss.arxiv.org/rss/cs.CL</link><description>cs.CL updates</description>
<pubDate>${new Date(`${day}T04:00:00Z`).toUTCString()}</pubDate><skipDays><day>Saturday</day><day>Sunday</day></skipDays>${items.join("\n")}</channel></rss>`;
}

function journalFeed(at: Date): string {
  const entries = journal
    .filter((entry) => new Date(entry.at) <= at)
    .map(
      (entry) =>
        `<entry><id>${entry.link}</id><title>${escaped(entry.title)}</title><link href="${entry.link}"/><published>${entry.at}</published><updated>${entry.at}</updated><author><name>${entry.author}</name></author><summary>${escaped(entry.text)}</summary></entry>`,
    );
  return `<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Journal of Examples</title><id>urn:journal</id><link href="https://journal.example/"/><updated>2026-06-01T00:00:00Z</updated>${entries.join("")}</feed>`;
}

function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
}

/** The mails in an outbox by reader and period, with the titles in them; a second mail of a period gets a mark. */
export async function mailsIn(outbox: string): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const file of await readdir(outbox).catch(() => [])) {
    const mail = await PostalMime.parse(await readFile(join(outbox, file)));
    const titles = [...(mail.text ?? "").matchAll(/^\d+\. (.+)$/gm)].map((match) => match[1] ?? "");
    const period = /^Feedback-ID: *(\S+?):/im.exec(await readFile(join(outbox, file), "utf8"))?.[1] ?? "?";
    const key = `${mail.to?.[0]?.address} ${period}`;
    found[key in found ? `${key} again` : key] = titles.sort();
  }
  return found;
}
