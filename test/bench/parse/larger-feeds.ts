/** One arXiv feed with as many items as asked for, made of those of the given feeds with new identifiers. */
export function arxivFeed(feeds: readonly string[], count: number): Buffer {
  const [first = ""] = feeds;
  const items = feeds.flatMap((feed) => feed.match(/<item>[\s\S]*?<\/item>/g) ?? []);
  const start = first.slice(0, first.indexOf("<item>"));
  const written: string[] = [];
  for (let i = 0; i < count; i++) {
    const id = `2607.${String(i + 1).padStart(5, "0")}`;
    written.push((items[i % items.length] ?? "").replaceAll(/\d{4}\.\d{5}(?=v\d|<\/link>)/g, id));
  }
  return Buffer.from(`${start}${written.join("\n    ")}\n  </channel>\n</rss>\n`);
}

/** A plain RSS feed of short items. */
export function manyItems(count: number): string {
  const item = (n: number) =>
    `<item><title>Title ${n}</title><link>https://example.org/${n}</link><guid>${n}</guid></item>`;
  const items = Array.from({ length: count }, (_, n) => item(n)).join("\n");
  return `<?xml version="1.0"?><rss version="2.0"><channel><title>Many</title><link>https://example.org/</link>${items}</channel></rss>`;
}
