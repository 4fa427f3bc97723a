import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, vi } from "vitest";
import { test as base } from "./harness/fixtures.ts";

const bin = fileURLToPath(new URL("../workers/bin/paperwire.js", import.meta.url));

// Every command is a process of its own, which takes its time on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

type Add = (url: string, ...more: string[]) => Promise<Said>;

const test = base.extend("add", ({ databaseUrl, folder, origin }): Add => {
  const env = {
    PATH: process.env.PATH,
    DATABASE_URL: databaseUrl,
    SECRET_KEY: "0123456789abcdef0123456789abcdef",
    PAPERWIRE_HOME: folder,
    FETCH_ALLOW_PRIVATE: origin.host,
    LOG_LEVEL: "error",
  };
  return (url, ...more) =>
    new Promise((resolve) => {
      execFile(process.execPath, [bin, "source", "add", url, ...more], { env }, (error, out, err) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), out, err }),
      );
    });
});

const feed = `<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Journal of Crystals</title>
  ${[1, 2, 3, 4]
    .map(
      (n) => `<item><title>Crystal ${n}: growth &lt; decay</title><link>https://journal.example/${n}</link>
        <dc:creator>Ada Kern</dc:creator><dc:creator>Bo Li</dc:creator>
        <pubDate>Mon, 08 Jun 2026 10:00:00 GMT</pubDate></item>`,
    )
    .join("")}</channel></rss>`;
const page = (...links: string[]) =>
  `<!doctype html><html><head><title>Journal</title>${links
    .map((href) => `<link rel="alternate" type="application/rss+xml" title="${href}" href="${href}">`)
    .join("")}</head><body><p>News</p></body></html>`;
const html = { type: "text/html" };

test("a site's page leads to its feed, after the site was asked for its rules", async ({ add, origin }) => {
  origin.serve("/", { ...html, body: page("/broken.xml", "/papers", "/comments.xml") });
  origin.serve("/broken.xml", { status: 500 });
  origin.serve("/papers", { body: feed });
  const { code, out, err } = await add(`${origin.url}/`, "--id", "crystals");
  expect([code, err]).toEqual([0, ""]);
  expect(origin.requests.map(({ path }) => path)).toEqual(["/robots.txt", "/", "/broken.xml", "/papers"]);
  expect(out).toContain(`of the 3 feeds that it names this one is added: ${origin.url}/papers`);
  expect(out).toContain(`also there: ${origin.url}/comments.xml`);
  expect(out).toContain("Added “crystals”: RSS, Atom or JSON feed, “Journal of Crystals”");
  expect(out).toContain("It lists 4, for example:");
  expect(out.match(/ {2}Crystal \d: growth < decay · Ada Kern et al\. · 2026-06-08\n/g)).toHaveLength(3);

  const again = await add(`${origin.url}/`);
  expect(again).toMatchObject({ code: 2, err: expect.stringContaining('is the source "crystals" already') });
});

test("--json says the same, in one document", async ({ add, origin }) => {
  origin.serve("/page", { ...html, body: page("/feed") });
  origin.serve("/feed", { body: feed });
  const { code, out } = await add(`${origin.url}/page`, "--json");
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    kind: "feed",
    url: `${origin.url}/feed`,
    title: "Journal of Crystals",
    via: `${origin.url}/page`,
    feeds: [{ url: `${origin.url}/feed`, title: "/feed", type: "application/rss+xml" }],
    listings: 4,
    samples: [{ title: "Crystal 1: growth < decay" }, {}, {}],
  });
});

test("a page that robots may not read is not read; a feed that is named is an invitation", async ({
  add,
  origin,
}) => {
  origin.serve("/robots.txt", { type: "text/plain", body: "User-agent: *\nDisallow: /private/\n" });
  origin.serve("/private/page", { ...html, body: page("/private/feed") });
  origin.serve("/private/feed", { body: feed });
  origin.serve("/private/list", { body: feed });
  const refused = await add(`${origin.url}/private/page`);
  expect(refused).toMatchObject({
    code: 1,
    err: expect.stringContaining("asks robots not to read this page"),
  });
  expect(refused.err).toContain("--kind feed");
  expect(origin.to("/private/page")).toEqual([]);
  expect(await add(`${origin.url}/private/list`)).toMatchObject({ code: 1 });
  expect(await add(`${origin.url}/private/list`, "--kind", "feed")).toMatchObject({ code: 0 });
  expect(await add(`${origin.url}/private/feed`)).toMatchObject({ code: 0 });
  expect(origin.to("/robots.txt")).toHaveLength(2);
});

test("a page whose feed lies on another host gives that host no trust", async ({ add, origin }) => {
  origin.serve("/", { ...html, body: page(`http://localhost:${origin.host.split(":")[1]}/feed`) });
  origin.serve("/feed", { body: feed });
  const { code, err } = await add(`${origin.url}/`);
  expect(code).toBe(1);
  expect(err).toContain("only ports 80 and 443");
  expect(origin.to("/feed")).toEqual([]);
});

test("what cannot be added is said in a sentence that says what to do", async ({ add, origin }) => {
  origin.serve("/none", { ...html, body: page() });
  origin.serve("/one", { ...html, body: page("/gone") });
  origin.serve("/paper.pdf", { type: "application/pdf", body: "%PDF-1.7 x" });
  origin.serve("/api", { type: "application/json", body: '{"error":"no such list"}' });
  origin.serve("/feed", {
    status: 400,
    body: `<rss version="2.0"><channel><title>Feed error for query: cs.XX</title><description>Invalid subject class 'XX'</description></channel></rss>`,
  });
  for (const [path, sentence] of [
    ["/none", "names no feed. Look on it for a link to RSS or Atom"],
    ["/one", "names one feed, which cannot be read."],
    ["/paper.pdf", "binary file, not a feed"],
    ["/api", "it says: “no such list”"],
    ["/feed", "Invalid subject class"],
    ["/nowhere", "nothing at this address (404)"],
  ] as const) {
    const { code, out, err } = await add(`${origin.url}${path}`);
    expect([code, out], path).toEqual([1, ""]);
    expect(err, path).toMatch(/^http:\S+ was not added\. [\s\S]+\.\n$/);
    expect(err, path).toContain(sentence);
  }
  expect(await add("example.org")).toMatchObject({ code: 2, err: expect.stringContaining("http://") });
  expect(await add(`${origin.url}/feed`, "--id", "a b")).toMatchObject({ code: 2 });
});
