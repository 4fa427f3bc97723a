import { arxivReading } from "./arxiv-feed.ts";
import { arxivBudget } from "./arxiv-record.ts";
import type { SourceKind } from "./source.ts";

/** arXiv's RSS: one announcement a day and category, empty at weekends and on holidays. */
export const arxivRss: SourceKind = {
  id: "arxiv-rss",
  title: "arXiv RSS feed",
  everyMinutes: 60,
  budget: arxivBudget,
  authority: ["arxiv"],
  links: true,
  home: "arxiv",
  calendar: "arxiv",

  recognises: (url) =>
    (/^(?:rss\.)?arxiv\.org$/.test(url.hostname) && url.pathname.startsWith("/rss/")) ||
    (url.hostname === "export.arxiv.org" && url.pathname.startsWith("/rss/")),

  detects: (head) => /<(?:rss|rdf:RDF)[\s>]/i.test(head) && marks.test(head),

  read: arxivReading,
};

/** What only arXiv's feeds have near their beginning: their address, title, guid or the form of the description. */
const marks =
  /(?:rss|export)\.arxiv\.org\/rss|updates on (?:the )?arxiv\.org|feed error for query:|oai:arxiv\.org:|arXiv:\S+v\d+\s+Announce Type:|\(arXiv:\S+v\d+ \[/i;
