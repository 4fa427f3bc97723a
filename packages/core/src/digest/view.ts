import type { Schedule } from "../schedule.ts";
import { type Digest, type DigestItem, itemsOf } from "./digest.ts";
import { explainNote, explainReasons, explainSchedule } from "./explain.ts";
import { cut, dayOf, directionOf, longDate, prose, readable, webUrl } from "./readable.ts";

/** Everything a mail is made of besides the papers. */
export interface DigestMail {
  readonly digestId: string;
  readonly kind: "digest" | "instant";
  readonly digest: Digest;
  /** The local date the mail is for, `YYYY-MM-DD`. */
  readonly date: string;
  readonly schedule?: Schedule;
  readonly links: DigestLinks;
  readonly sender: MailSender;
  /** Mails with the same value become one conversation; for instant mails, per subscription. */
  readonly thread?: string;
}

/** Addresses on our own site, already signed. */
export interface DigestLinks {
  paper(paperId: string): string;
  more(paperId: string): string;
  less(paperId: string): string;
  save(paperId: string): string;
  /** The whole digest on the web, papers over the cap included. */
  readonly web: string;
  readonly preferences: string;
  readonly unsubscribe: string;
  /** An address that unsubscribes by mail, without `mailto:`. */
  readonly unsubscribeMail?: string;
}

export interface MailSender {
  readonly name: string;
  /** The domain that Message-ID and List-Id are made of: the one of `MAIL_FROM`. */
  readonly domain: string;
  /** Contact and postal address, in one line. */
  readonly imprint?: string;
}

/** What the templates fill in: plain text everywhere, escaped by them. */
export interface DigestView {
  readonly subject: string;
  readonly preheader: string;
  readonly sender: string;
  readonly date: string;
  readonly heading: string;
  readonly sections: readonly { readonly name: string; readonly items: readonly ItemView[] }[];
  readonly rest?: { readonly text: string; readonly url: string };
  readonly notes: readonly string[];
  readonly schedule: string;
  readonly preferences: string;
  readonly unsubscribe: string;
  readonly web: string;
  readonly imprint?: string;
}

export interface ItemView {
  readonly url: string;
  /** Of the title, and of the names below it. */
  readonly dir: "ltr" | "rtl";
  readonly title: string;
  readonly marks: readonly string[];
  readonly authors: readonly { readonly name: string; readonly separator: string }[];
  readonly homes: readonly { readonly before: string; readonly source: string; readonly url?: string }[];
  readonly facts: string;
  readonly abstract?: string;
  readonly reason: string;
  readonly more: string;
  readonly less: string;
  readonly save: string;
}

/** `abstractUnits` is how much of each abstract is shown; 0 leaves them out. */
export function viewOf(mail: DigestMail, abstractUnits: number): DigestView {
  const { digest, links, sender } = mail;
  const ranked = itemsOf(digest);
  const over = digest.overCap.length;
  return {
    subject: subjectOf(mail, ranked),
    preheader: cut(
      ranked
        .slice(1, 4)
        .map((item) => prose(item.title))
        .join(" · "),
      140,
    ),
    sender: readable(sender.name),
    date: longDate(mail.date),
    heading: headingOf(mail, ranked.length),
    sections: digest.sections.map((section) => ({
      name: readable(section.name) || "Your interests",
      items: section.items.map((item) => itemViewOf(item, links, abstractUnits)),
    })),
    ...(over === 0
      ? {}
      : {
          rest: {
            text: `${over} more ${over === 1 ? "paper" : "papers"} matched; read them on the web`,
            url: links.web,
          },
        }),
    notes: digest.notes.map(explainNote),
    schedule: mail.schedule === undefined ? "" : `This digest comes: ${explainSchedule(mail.schedule)}`,
    preferences: links.preferences,
    unsubscribe: links.unsubscribe,
    web: links.web,
    ...(sender.imprint === undefined ? {} : { imprint: readable(sender.imprint) }),
  };
}

function subjectOf(mail: DigestMail, ranked: readonly DigestItem[]): string {
  const [top] = ranked;
  if (top === undefined) return `Nothing new for you on ${dayOf(mail.date)}`;
  const more = ranked.length - 1;
  const title = cut(prose(top.title), 90);
  return more === 0 ? title : `${title} and ${more} more ${more === 1 ? "paper" : "papers"}`;
}

function headingOf(mail: DigestMail, count: number): string {
  if (count === 0) return "Nothing new matched your interests";
  if (mail.kind === "instant") return count === 1 ? "A new paper for you" : `${count} new papers for you`;
  return count === 1 ? "1 paper for you" : `${count} papers for you`;
}

const MAX_AUTHORS = 5;

function itemViewOf(item: DigestItem, links: DigestLinks, abstractUnits: number): ItemView {
  const abstract = abstractUnits === 0 ? "" : cut(prose((item.abstract ?? "").slice(0, 900)), abstractUnits);
  return {
    url: links.paper(item.paperId),
    dir: directionOf(item.title),
    title: cut(prose(item.title), 300) || "Untitled",
    marks: [
      ...(item.picked ? ["Curators’ pick"] : []),
      ...(item.late ? [`Late: first seen ${dayOf(item.firstSeen)}`] : []),
    ],
    authors: authorsOf(item),
    homes: homesOf(item),
    facts: factsOf(item),
    ...(abstract === "" ? {} : { abstract }),
    reason: explainReasons(item.reasons),
    more: links.more(item.paperId),
    less: links.less(item.paperId),
    save: links.save(item.paperId),
  };
}

function authorsOf(item: DigestItem): ItemView["authors"] {
  const names = item.authors.map((author) => cut(readable(author.name), 80)).filter((name) => name !== "");
  // Naming one more costs no more room than counting it.
  const shown = names.length <= MAX_AUTHORS + 1 ? names.length : MAX_AUTHORS;
  return names.slice(0, shown).map((name, i) => ({
    name,
    separator: i < shown - 1 ? ", " : names.length > shown ? ` and ${names.length - shown} more` : "",
  }));
}

function homesOf(item: DigestItem): ItemView["homes"] {
  return item.homes.slice(0, 5).map((home, i) => {
    const url = webUrl(home.url);
    const before = i === 0 ? "" : i === 1 ? " · also listed as " : ", ";
    return { before, source: cut(readable(home.source), 60), ...(url === undefined ? {} : { url }) };
  });
}

function factsOf(item: DigestItem): string {
  const topics = item.topics.slice(0, 4).map((topic) => cut(readable(topic), 60));
  const votes = item.votes ?? 0;
  const facts = [
    ...(topics.length > 0 ? [topics.join(", ")] : []),
    ...(votes > 0 ? [votes === 1 ? "1 vote" : `${votes} votes`] : []),
  ].join(" · ");
  return facts !== "" && item.homes.length > 0 ? ` · ${facts}` : facts;
}
