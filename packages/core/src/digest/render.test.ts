import { Parser } from "htmlparser2";
import { expect, test } from "vitest";
import { type DigestItem, itemsOf } from "./digest.ts";
import { changesNotice, confirmNotice, renderNotice, settingsNotice } from "./notice.ts";
import { MAX_HTML_BYTES, type RenderedMail, renderDigest } from "./render.ts";
import { sampleMail } from "./sample-mail.ts";
import type { DigestMail } from "./view.ts";

const sample = sampleMail();

/** What a reader of the HTML part sees, and every tag and link in it. */
function read(html: string): { text: string; tags: Set<string>; links: string[] } {
  let text = "";
  const hidden: string[] = [];
  const tags = new Set<string>();
  const links: string[] = [];
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        tags.add(name);
        if (attributes.href !== undefined) links.push(attributes.href);
        if (/^(style|title|xml|noscript)$/.test(name) || /display:none/.test(attributes.style ?? ""))
          hidden.push(name);
        if (/^(p|div|td|h\d)$/.test(name)) text += "\n";
      },
      ontext: (piece) => {
        if (hidden.length === 0) text += piece;
      },
      onclosetag: (name) => {
        if (hidden.at(-1) === name) hidden.pop();
      },
    },
    { decodeEntities: true },
  );
  parser.end(html);
  return { text, tags, links };
}

function withItem(given: Partial<DigestItem>): DigestMail {
  const [item] = itemsOf(sample.digest);
  if (item === undefined) throw new Error("the sample is empty");
  const items = [{ ...item, ...given }];
  return { ...sample, digest: { ...sample.digest, sections: [{ subscriptionId: "s", name: "One", items }] } };
}

function manyItems(count: number): DigestMail {
  const [item] = itemsOf(sample.digest);
  if (item === undefined) throw new Error("the sample is empty");
  const items = Array.from({ length: count }, (_, i) => ({
    ...item,
    paperId: `p${i}`,
    score: 1 - i / count,
  }));
  return {
    ...sample,
    digest: { ...sample.digest, sections: [{ subscriptionId: "s", name: "Many", items }] },
  };
}

test("the same input makes the same bytes", () => {
  expect(renderDigest(sampleMail())).toEqual(renderDigest(sampleMail()));
});

test("both parts say the same: every word and every link of the HTML is in the text", () => {
  const mails: RenderedMail[] = [
    renderDigest(sample),
    renderNotice(confirmNotice("n1", sample.sender, "https://papers.example.org/confirm/x")),
    renderNotice(settingsNotice("n2", sample.sender, "delete", "https://papers.example.org/delete/x")),
  ];
  for (const { html, text } of mails) {
    const words = new Set(text.split(/[\s,.:<>[\]=]+/));
    const seen = read(html);
    const missing = seen.text
      .split(/[\s,.:<>[\]=\u200a·]+/)
      .filter((word) => word !== "" && !words.has(word));
    expect(missing).toEqual([]);
    expect(seen.links.filter((link) => !text.includes(link))).toEqual([]);
  }
});

test("a digest shows what its reader needs, and no markup of maths", () => {
  const { html, text, subject } = renderDigest(sample);
  expect(subject).toBe("Distilling the Knowledge in a Neural Network and 4 more papers");
  for (const words of [
    "Because you follow cs.LG and the words “distilling knowledge” are in the title.",
    "Edward J. Hu, Yelong Shen, Phillip Wallis, Zeyuan Allen-Zhu, Yuanzhi Li and 3 more",
    "also listed as",
    "128 votes",
    "Late: first seen 6 June",
    "bioRxiv could not be read since 7 June, 14:05 UTC",
    "3 more papers matched",
    "Monday to Friday at 08:00 (Europe/Berlin)",
    "何恺明",
    "→ μ⁺μ⁻",
  ]) {
    expect(text).toContain(words);
  }
  expect(html).not.toContain("\\mu");
  expect(html).toMatch(/<h3 dir="rtl"/);
});

test("nothing from a source becomes markup, a link or a header", () => {
  const evil = `"><script>alert(1)</script><a href="https://evil.example/">x</a>{{constructor}}\r\nBcc: x@evil.example`;
  const mail = withItem({
    title: evil,
    abstract: `${evil} <img src=x onerror=alert(1)>`,
    authors: [{ name: evil }],
    topics: [evil],
    homes: [
      { source: evil, url: "javascript:alert(1)" },
      { source: "b", url: "data:text/html,x" },
      { source: "c", url: `https://good.example/"onmouseover="alert(1)` },
      { source: "d", url: " https://evil.example/" },
      { source: "e", url: "//evil.example/" },
    ],
    reasons: [{ subscriptionId: "s", subscriptionName: evil, evidence: [{ kind: "author", value: evil }] }],
  });
  const section = { subscriptionId: "s", name: evil, items: itemsOf(mail.digest) };
  const clean = renderDigest(withItem({}));
  const { html, subject, headers } = renderDigest({
    ...mail,
    thread: "t\r\nBcc: y@evil.example",
    digest: { ...mail.digest, sections: [section], notes: [{ source: evil, state: "failed", detail: evil }] },
    sender: { ...mail.sender, name: evil, imprint: evil },
  });
  const seen = read(html);
  expect(seen.tags).toEqual(read(clean.html).tags);
  expect(seen.links.filter((link) => !link.startsWith("https://papers.example.org/"))).toEqual([
    "https://good.example/%22onmouseover=%22alert(1)",
  ]);
  for (const line of [subject, ...Object.values(headers)]) expect(line).not.toMatch(/[\r\n\u0000]/);
});

test("marks that would turn the direction of the rest are dropped", () => {
  const { subject, html, text } = renderDigest(withItem({ title: "safe \u202egnp.exe\u2066 title" }));
  for (const part of [subject, html, text]) expect(part).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
});

test("HTML stays under the limit by showing less of abstracts, then fewer papers, which count as left over", () => {
  for (const count of [1, 10, 30, 60, 300]) {
    const mail = manyItems(count);
    const { html, text, shown, moved } = renderDigest(mail);
    expect(new TextEncoder().encode(html).byteLength).toBeLessThanOrEqual(MAX_HTML_BYTES);
    expect([...shown, ...moved]).toEqual(itemsOf(mail.digest).map((item) => item.paperId));
    if (moved.length > 0) expect(text).toContain(`${moved.length + 3} more papers matched`);
    expect(shown.length).toBeGreaterThanOrEqual(Math.min(count, 20));
  }
  const wide = renderDigest(withItem({ abstract: "深".repeat(5000), title: "深".repeat(5000) }));
  expect(new TextEncoder().encode(wide.html).byteLength).toBeLessThanOrEqual(MAX_HTML_BYTES);
});

test("the headers let receivers sort, group and unsubscribe", () => {
  const { headers } = renderDigest({ ...sample, kind: "instant", thread: "sub-1" });
  expect(headers["List-Unsubscribe"]).toMatch(
    /^<https:\/\/papers\.example\.org\/unsubscribe\/[^>]+>, <mailto:[^>]+>$/,
  );
  expect(headers["List-Unsubscribe-Post"]).toBe("List-Unsubscribe=One-Click");
  expect(headers["List-Id"]).toMatch(/<digest\.example\.org>$/);
  expect(headers["Message-ID"]).toBe(`<digest.${sample.digestId}@example.org>`);
  expect(headers.Precedence).toBe("bulk");
  expect(headers["In-Reply-To"]).toBe("<thread.sub-1@example.org>");
  expect(headers).not.toHaveProperty("Auto-Submitted");
});

test("a mail that one person asked for is marked as automatic and carries no list headers", () => {
  const { headers, html, text } = renderNotice(
    confirmNotice("n1", sample.sender, "https://x.example/confirm/t"),
  );
  expect(headers["Auto-Submitted"]).toBe("auto-generated");
  expect(headers).not.toHaveProperty("List-Unsubscribe");
  expect(html).toContain("https://x.example/confirm/t");
  expect(text).toContain("https://x.example/confirm/t");
});

test("a mail about changed papers names them, and is a list mail one can leave", () => {
  const links = {
    preferences: "https://x.example/preferences/t",
    unsubscribe: "https://x.example/unsubscribe/t",
  };
  const { headers, html, text, subject } = renderNotice(
    changesNotice(
      "c1",
      sample.sender,
      [
        { kind: "versioned", title: "On $\\alpha$ <b>", url: "https://x.example/papers/1", detail: "v2" },
        { kind: "withdrawn", title: "Second", url: "https://x.example/papers/2" },
      ],
      links,
    ),
  );
  expect(subject).toBe("Changed: On α <b> and 1 more");
  expect(text).toContain("There is a new version, v2.");
  expect(html).not.toContain("<b>");
  expect(headers["List-Unsubscribe"]).toBe("<https://x.example/unsubscribe/t>");
  expect(headers).not.toHaveProperty("Auto-Submitted");
  expect(read(html).links.filter((link) => !text.includes(link))).toEqual([]);
});

test("an empty digest says so", () => {
  const { subject, text } = renderDigest({ ...sample, digest: { sections: [], overCap: [], notes: [] } });
  expect(subject).toBe("Nothing new for you on 8 June");
  expect(text).toContain("Nothing new matched your interests");
});

test("text and background contrast at least 4.5 to 1 in both colour schemes", () => {
  const { html } = renderDigest(sample);
  const pairs = [
    ...["#1b1f24", "#57606a", "#0a4fb5", "#0b3d91"].flatMap((ink) => [
      [ink, "#ffffff"],
      [ink, "#eef1f4"],
    ]),
    ["#5f4200", "#fff1c9"],
    ...["#e6edf3", "#a3adb8", "#8ab8ff"].flatMap((ink) => [
      [ink, "#161b22"],
      [ink, "#0e1116"],
    ]),
    ["#f4d277", "#3b2e08"],
  ] as const;
  for (const [ink = "", ground = ""] of pairs) {
    expect(html).toContain(ink);
    expect(html).toContain(ground);
    expect(contrast(ink, ground)).toBeGreaterThanOrEqual(4.5);
  }
  const declared = new Set([...html.matchAll(/(?<![-\w])color:\s*(#[0-9a-f]{6})/g)].map(([, ink]) => ink));
  declared.delete("#ffffff"); // the hidden preheader, and the button on blue
  expect(declared).toEqual(new Set(pairs.map(([ink]) => ink)));
});

/** WCAG 2.2, “contrast ratio”. */
function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
