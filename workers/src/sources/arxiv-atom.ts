import { arxivReading } from "./arxiv-feed.ts";
import { arxivBudget } from "./arxiv-record.ts";
import type { SourceKind } from "./source.ts";

/** arXiv's announcements as Atom; the search API also answers in Atom and is another kind. */
export const arxivAtom: SourceKind = {
  id: "arxiv-atom",
  title: "arXiv Atom feed",
  everyMinutes: 60,
  budget: arxivBudget,
  authority: ["arxiv"],
  links: true,
  home: "arxiv",
  calendar: "arxiv",

  recognises: (url) =>
    /^(?:rss\.|export\.)?arxiv\.org$/.test(url.hostname) && url.pathname.startsWith("/atom/"),

  detects: (head) => /<feed[\s>]/i.test(head) && marks.test(head),

  read: arxivReading,
};

const marks =
  /rss\.arxiv\.org\/atom|updates on (?:the )?arxiv\.org|feed error for query:|oai:arxiv\.org:|arXiv:\S+v\d+\s+Announce Type:/i;
