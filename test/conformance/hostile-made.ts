import { gzipSync } from "node:zlib";

/** Documents made to hurt a reader, by name; each is small or compresses well. */
export const hostileDocuments: Readonly<Record<string, () => Uint8Array>> = {
  "gzip bomb of 200 MB": () => gzipSync(Buffer.alloc(200_000_000, 0x20)),
  "gzip bomb inside a feed": () =>
    gzipSync(Buffer.from(`${start}<item><title>${"x".repeat(60_000_000)}</title></item>${end}`)),
  "gzip in gzip": () => gzipSync(gzipSync(gzipSync(Buffer.from(`${start}${end}`)))),
  "damaged gzip": () => gzipSync(Buffer.from(`${start}${end}`.repeat(100))).subarray(0, 100),
  "100,000 nested elements": () => text(`${start}<item><title>${"<b>".repeat(100_000)}x`),
  "100,000 nested items": () => text(start + "<item><title>t</title>".repeat(100_000)),
  "a million empty elements": () =>
    text(`${start}<item><title>t</title>${"<a/>".repeat(1_000_000)}</item>${end}`),
  "a million end tags of nothing": () =>
    text(`${start}${"<item>".repeat(1)}${"<a></b></c></d>".repeat(250_000)}</item>${end}`),
  "end tags of nothing, deep": () => text(`${start}${"<a>".repeat(200)}${"</x>".repeat(1_000_000)}`),
  "names of a megabyte": () =>
    text(`${start}${`<${"n".repeat(1_000_000)}>`.repeat(10)}${"</x>".repeat(1000)}${end}`),
  "a million attributes": () =>
    text(
      `${start}<item ${Array.from({ length: 1_000_000 }, (_, n) => `a${n}=""`).join(" ")}><title>t</title></item>${end}`,
    ),
  "namespaces on every element": () =>
    text(
      `${start}${Array.from({ length: 100_000 }, (_, n) => `<p${n}:a xmlns:p${n}="u${n}"/>`).join("")}${end}`,
    ),
  "an attribute that never ends": () => text(`${start}<item><title a="${"x ".repeat(4_000_000)}`),
  "12 MB of <": () => text(`${start}<item><title>${"<".repeat(12_000_000)}</title></item>${end}`),
  "12 MB of &": () => text(`${start}<item><title>${"&".repeat(12_000_000)}</title></item>${end}`),
  "2 million references": () =>
    text(`${start}<item><title>${"&amp;".repeat(2_000_000)}</title></item>${end}`),
  "12 MB of open comments": () => text(`${start}${"<!--".repeat(3_000_000)}`),
  "a million CDATA sections": () =>
    text(`${start}<item><title>${"<![CDATA[x]]>".repeat(800_000)}</title></item>${end}`),
  "12 MB of white space": () =>
    text(`${start}<item><title>a${" \n".repeat(6_000_000)}b</title></item>${end}`),
  "a quadratic entity": () =>
    text(
      `<!DOCTYPE rss [<!ENTITY a "${"a".repeat(400)}">]>${start}<item><title>${"&a;".repeat(2_000_000)}</title></item>${end}`,
    ),
  "a document type that never ends": () => text(`<!DOCTYPE rss [${"<!ENTITY a 'b'>".repeat(800_000)}`),
  "comments before a web page": () => text(`${"<!---->".repeat(1100)}<p>`),
  "a parameter entity": () =>
    text(
      `<!DOCTYPE rss [<!ENTITY % p SYSTEM "file:///etc/passwd">%p;]>${start}<item><title>t</title></item>${end}`,
    ),
  "an external file": () =>
    text(
      `<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>${start}<item><title>&x;</title></item>${end}`,
    ),
  "an external document type": () =>
    text(
      `<!DOCTYPE rss PUBLIC "-//x//y" "http://127.0.0.1:9/x.dtd">${start}<item><title>t</title></item>${end}`,
    ),
  "an XInclude": () =>
    text(
      `${start}<item><title>t</title><xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/></item>${end}`,
    ),
  "an author of 5 MB": () =>
    text(`${start}<item><title>t</title><author>${"a".repeat(5_000_000)}</author></item>${end}`),
  "an author of 5 MB of dots and @": () =>
    text(
      `${start}<item><title>t</title><author>${"a.".repeat(1_200_000)}@${".a".repeat(1_200_000)}</author></item>${end}`,
    ),
  "a list of 500,000 authors": () =>
    text(
      `${start}<item><title>t</title><dc:creator>${"Ann Lee, ".repeat(500_000)}</dc:creator></item>${end}`,
    ),
  "500,000 categories": () =>
    text(
      `${start}<item><title>t</title>${Array.from({ length: 200_000 }, (_, n) => `<category>${n}</category>`).join("")}</item>${end}`,
    ),
  "a date of 5 MB": () =>
    text(`${start}<item><title>t</title><pubDate>${"1 ".repeat(2_500_000)}</pubDate></item>${end}`),
  "a link of 5 MB": () =>
    text(
      `${start}<item><title>t</title><link>https://example.org/${"a/".repeat(2_500_000)}</link></item>${end}`,
    ),
  "a guid of 5 MB": () =>
    text(`${start}<item><title>t</title><guid>${"g".repeat(5_000_000)}</guid></item>${end}`),
  "TeX of 3 MB": () =>
    text(
      `${start}<item><title>${"\\'{".repeat(500_000)}</title><description>${"$\\frac{".repeat(200_000)}</description></item>${end}`,
    ),
  "markup of 5 MB": () =>
    text(
      `${start}<item><title>t</title><description>${'&lt;a b="c'.repeat(400_000)}</description></item>${end}`,
    ),
  "unclosed scripts": () =>
    text(
      `${start}<item><title>t</title><description>${"&lt;script&gt;".repeat(400_000)}</description></item>${end}`,
    ),
  "UTF-16 without a mark": () =>
    Buffer.from(`${start}<item><title>${"é".repeat(1_000_000)}</title></item>${end}`, "utf16le"),
  "12 MB in no encoding": () =>
    Buffer.concat([
      Buffer.from(`${start}<item><title>`),
      Buffer.alloc(12_000_000, 0xe9),
      Buffer.from(`</title></item>${end}`),
    ]),
  "an unknown encoding": () =>
    text(`<?xml version="1.0" encoding="${"x".repeat(300)}"?>${start}<item><title>é</title></item>${end}`),
  "deep JSON": () => text(`{"version":"https://jsonfeed.org/version/1","items":${"[".repeat(1_000_000)}`),
  "JSON of a million items": () =>
    text(`{"version":"https://jsonfeed.org/version/1.1","items":[${"1,".repeat(1_000_000)}1]}`),
  "JSON that pollutes": () =>
    text(
      '{"version":"https://jsonfeed.org/version/1.1","items":[{"__proto__":{"title":"x"},"id":"1"}],"__proto__":{"title":"y"}}',
    ),
  "a PDF": () => Buffer.concat([Buffer.from("%PDF-1.7\n"), Buffer.alloc(1000, 1)]),
  "an image": () => Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, ...new Uint8Array(1000)]),
  nothing: () => new Uint8Array(),
};

const start =
  '<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>C</title>';
const end = "</channel></rss>";

function text(written: string): Buffer {
  return Buffer.from(written);
}
