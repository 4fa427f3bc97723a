import type { ChatDigest } from "./chat.ts";
import { digestHtml } from "./digest.generated.ts";
import { type Digest, itemsOf } from "./digest.ts";
import { digestHeaders } from "./headers.ts";
import { digestText } from "./text.ts";
import { type DigestMail, type DigestView, viewOf } from "./view.ts";

export interface RenderedMail {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface RenderedDigest extends RenderedMail {
  readonly chat: ChatDigest;
  /** The papers in the mail. */
  readonly shown: readonly string[];
  /** Papers of the digest that the byte budget left out, best first; they count as over the cap. */
  readonly moved: readonly string[];
}

/** Gmail cuts a mail off at about 102 kB of HTML; this leaves room for what a forwarder adds. */
export const MAX_HTML_BYTES = 90_000;

/** About two lines at the mail's full width, then one, then none. */
const ABSTRACT_UNITS = [165, 80, 0];

/**
 * Renders one mail. Pure: the same input gives the same bytes. The HTML stays within `maxHtmlBytes`,
 * measured in UTF-8 after rendering, by showing less of the abstracts and then fewer papers.
 */
export function renderDigest(mail: DigestMail, maxHtmlBytes = MAX_HTML_BYTES): RenderedDigest {
  for (const units of ABSTRACT_UNITS) {
    const fitting = renderWithin(mail, units, maxHtmlBytes);
    if (fitting !== undefined) return rendered(mail, fitting, []);
  }
  const ids = itemsOf(mail.digest).map((item) => item.paperId);
  // Keeping fewer never makes the mail longer by more than the line that says so: halving finds the most.
  let fits = 0;
  for (let tooMany = ids.length; tooMany - fits > 1; ) {
    const middle = (fits + tooMany) >> 1;
    if (renderWithin(keeping(mail, ids.slice(0, middle)), 0, maxHtmlBytes) === undefined) tooMany = middle;
    else fits = middle;
  }
  const kept = keeping(mail, ids.slice(0, fits));
  return rendered(kept, fill(kept, 0), ids.slice(fits));
}

interface Filled {
  readonly view: DigestView;
  readonly html: string;
}

function fill(mail: DigestMail, abstractUnits: number): Filled {
  const view = viewOf(mail, abstractUnits);
  return { view, html: digestHtml(view) };
}

function renderWithin(mail: DigestMail, abstractUnits: number, maxBytes: number): Filled | undefined {
  const filled = fill(mail, abstractUnits);
  // A UTF-16 unit is at most three bytes of UTF-8.
  const fits =
    filled.html.length * 3 <= maxBytes || new TextEncoder().encode(filled.html).byteLength <= maxBytes;
  return fits ? filled : undefined;
}

function rendered(mail: DigestMail, { view, html }: Filled, moved: readonly string[]): RenderedDigest {
  return {
    subject: view.subject,
    html,
    text: digestText(view),
    headers: digestHeaders(mail),
    chat: chatOf(view),
    shown: itemsOf(mail.digest).map((item) => item.paperId),
    moved,
  };
}

function keeping(mail: DigestMail, ids: readonly string[]): DigestMail {
  const kept = new Set(ids);
  const left = itemsOf(mail.digest).filter((item) => !kept.has(item.paperId));
  const digest: Digest = {
    ...mail.digest,
    sections: mail.digest.sections
      .map((section) => ({ ...section, items: section.items.filter((item) => kept.has(item.paperId)) }))
      .filter((section) => section.items.length > 0),
    overCap: [...left.map((item) => item.paperId), ...mail.digest.overCap],
  };
  return { ...mail, digest };
}

function chatOf(view: DigestView): ChatDigest {
  return {
    title: `${view.heading} · ${view.date}`,
    items: view.sections.flatMap((section) =>
      section.items.map((item) => ({
        title: item.title,
        url: item.url,
        byline: [
          item.authors.map(({ name, separator }) => name + separator).join(""),
          `${item.homes.map(({ before, source }) => before + source).join("")}${item.facts}`,
          ...item.marks,
        ]
          .filter((part) => part !== "")
          .join(" · "),
        reason: item.reason,
      })),
    ),
    notes: [...(view.rest === undefined ? [] : [view.rest.text]), ...view.notes],
    links: [
      { label: "Read on the web", url: view.web },
      { label: "Preferences", url: view.preferences },
      { label: "Unsubscribe", url: view.unsubscribe },
    ],
  };
}
