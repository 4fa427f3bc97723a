import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { gzipSync } from "node:zlib";

/** A process of its own that serves any number of feeds (`/<n>.xml`), with ETags, until its parent goes. */
const entries = Array.from(
  { length: 25 },
  (_, entry) =>
    `<item><title>Paper ${entry} about the transfer of knowledge</title><link>https://a.example/${entry}</link><guid>g-${entry}</guid><description>${`An abstract of some length, number ${entry}. `.repeat(20)}</description></item>`,
).join("");

function feedOf(path: string): { etag: string; body: Buffer } {
  const text = `<?xml version="1.0"?><rss version="2.0"><channel><title>Feed ${path}</title>${entries}</channel></rss>`;
  return { etag: `"${createHash("sha256").update(text).digest("hex").slice(0, 16)}"`, body: gzipSync(text) };
}

const feeds = new Map<string, ReturnType<typeof feedOf>>();
const server = createServer((request, response) => {
  const path = request.url ?? "/";
  const feed = feeds.get(path) ?? feedOf(path);
  feeds.set(path, feed);
  const headers = { etag: feed.etag, "cache-control": "max-age=900", "content-type": "application/rss+xml" };
  if (request.headers["if-none-match"] === feed.etag) response.writeHead(304, headers).end();
  else response.writeHead(200, { ...headers, "content-encoding": "gzip" }).end(feed.body);
});
server.listen(0, "127.0.0.1", () => process.send?.(server.address()));
process.on("disconnect", () => process.exit());
