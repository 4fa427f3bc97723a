import { bulkNoticeHeaders, noticeHeaders, type WayOut } from "./headers.ts";
import { noticeHtml } from "./notice.generated.ts";
import { cut, prose, readable, webUrl } from "./readable.ts";
import type { RenderedMail } from "./render.ts";
import type { MailSender } from "./view.ts";

/** A short mail about one thing. All text is plain. */
export interface Notice {
  /** Stable per mail: becomes the Message-ID. */
  readonly id: string;
  readonly sender: MailSender;
  readonly subject: string;
  readonly heading: string;
  readonly before: readonly string[];
  readonly papers?: readonly { readonly title: string; readonly url: string; readonly detail?: string }[];
  readonly action?: { readonly label: string; readonly url: string };
  readonly after: readonly string[];
  readonly links?: readonly { readonly label: string; readonly url: string }[];
  /** For mails that nobody asked for just now: they carry the headers of a list. */
  readonly list?: WayOut;
}

/** Renders a notice. Pure, both parts say the same. */
export function renderNotice(notice: Notice): RenderedMail {
  const view = {
    subject: readable(notice.subject),
    sender: readable(notice.sender.name),
    heading: readable(notice.heading),
    before: notice.before.map(readable),
    papers: (notice.papers ?? []).map(({ title, url, detail }) => ({
      title: prose(title),
      url: webUrl(url) ?? "",
      detail: readable(detail ?? ""),
    })),
    action: notice.action,
    after: notice.after.map(readable),
    links: notice.links ?? [],
    imprint: readable(notice.sender.imprint ?? ""),
  };
  return {
    subject: view.subject,
    html: noticeHtml(view),
    text: textOf(view),
    headers:
      notice.list === undefined
        ? noticeHeaders(notice.id, notice.sender)
        : bulkNoticeHeaders(notice.id, notice.sender, notice.list),
  };
}

/**
 * The mail that asks a new reader to confirm. It says nothing of what was typed into the form, so that it
 * cannot be used to send anybody else's words to an address.
 */
export function confirmNotice(id: string, sender: MailSender, url: string): Notice {
  return {
    id,
    sender,
    subject: `Confirm your subscription to ${sender.name}`,
    heading: "Is this your address?",
    before: [
      `Somebody, probably you, asked ${sender.name} to send a digest of new research papers to this address.`,
      "Nothing is sent until you confirm.",
    ],
    action: { label: "Confirm the subscription", url },
    after: ["If it was not you, do nothing: nothing will be sent."],
  };
}

/** The mail with the link to settings, export or deletion, for a reader who asked for it. */
export function settingsNotice(
  id: string,
  sender: MailSender,
  purpose: "settings" | "export" | "delete",
  url: string,
): Notice {
  const { subject, heading, label } = PURPOSES[purpose];
  return {
    id,
    sender,
    subject: `${subject} ${sender.name}`,
    heading,
    before: ["Somebody, probably you, asked for this link. It works for a short time only."],
    action: { label, url },
    after: ["If it was not you, do nothing: without the link nothing changes."],
  };
}

/** What happened to a paper that a reader has: only for readers who asked to hear of it. */
export interface PaperChange {
  readonly title: string;
  readonly url: string;
  readonly kind: "versioned" | "published" | "withdrawn";
  /** The new version's number, or where the paper was published. */
  readonly detail?: string;
}

/** The mail about changes of papers that a reader was mailed or saved. */
export function changesNotice(
  id: string,
  sender: MailSender,
  changes: readonly PaperChange[],
  links: WayOut & { readonly preferences: string },
): Notice {
  const [first] = changes;
  const more = changes.length - 1;
  const title = cut(prose(first?.title ?? ""), 90);
  return {
    id,
    sender,
    subject: `Changed: ${title}${more > 0 ? ` and ${more} more` : ""}`,
    heading:
      changes.length === 1
        ? "A paper of yours has changed"
        : `${changes.length} papers of yours have changed`,
    before: [],
    papers: changes.map((change) => ({ title: change.title, url: change.url, detail: changeOf(change) })),
    after: [],
    links: [
      { label: "Preferences", url: links.preferences },
      { label: "Unsubscribe", url: links.unsubscribe },
    ],
    list: links,
  };
}

function changeOf({ kind, detail }: PaperChange): string {
  switch (kind) {
    case "versioned":
      return detail === undefined ? "There is a new version." : `There is a new version, ${detail}.`;
    case "published":
      return detail === undefined ? "It has been published." : `It has been published: ${detail}.`;
    case "withdrawn":
      return "It has been withdrawn.";
    default:
      return kind satisfies never;
  }
}

const PURPOSES = {
  settings: { subject: "Your settings at", heading: "Your settings", label: "Open my settings" },
  export: { subject: "Your data at", heading: "Take out your data", label: "Download my data" },
  delete: {
    subject: "Delete your data at",
    heading: "Delete your data",
    label: "Delete my subscription and data",
  },
} as const;

interface NoticeView {
  readonly sender: string;
  readonly heading: string;
  readonly before: readonly string[];
  readonly papers: readonly { readonly title: string; readonly url: string; readonly detail: string }[];
  readonly action: { readonly label: string; readonly url: string } | undefined;
  readonly after: readonly string[];
  readonly links: readonly { readonly label: string; readonly url: string }[];
  readonly imprint: string;
}

function textOf(view: NoticeView): string {
  const blocks = [
    view.sender,
    view.heading,
    ...view.before,
    ...view.papers.map(({ title, url, detail }) =>
      [title, detail, url].filter((line) => line !== "").join("\n"),
    ),
    ...(view.action === undefined ? [] : [`${view.action.label}:\n${view.action.url}`]),
    ...view.after,
    "-- ",
    ...view.links.map(({ label, url }) => `${label}: ${url}`),
    view.imprint,
  ];
  return `${blocks
    .filter((block) => block !== "")
    .join("\n\n")
    .trim()}\n`;
}
