export * from "./churn.ts";
export * from "./closeness/learn.ts";
export * from "./closeness/search.ts";
export { closestStems, cosineOf, vectorOf, type WordVectors } from "./closeness/vectors.ts";
export { decodeVectors, encodeVectors } from "./closeness/vectors-bytes.ts";
export * from "./contracts.ts";
export * from "./delivery.ts";
export * from "./digest/chat.ts";
export * from "./digest/compose.ts";
export * from "./digest/digest.ts";
export * from "./digest/notice.ts";
export * from "./digest/render.ts";
export * from "./digest/terms.ts";
export type { DigestLinks, DigestMail, MailSender } from "./digest/view.ts";
export * from "./errors.ts";
export * from "./hold.ts";
export { type Authority, isAuthorityFor, mayOverwrite, mayPublish } from "./identity/authority.ts";
export * from "./identity/blocking.ts";
export * from "./identity/decide.ts";
export * from "./identity/merge-rules.ts";
export { type PreparedRecord, prepare } from "./identity/prepared.ts";
export * from "./identity/record.ts";
export * from "./listing/arxiv-authors.ts";
export * from "./listing/arxiv-calendar.ts";
export * from "./listing/arxiv-text.ts";
export { authorKey, type NameParts, nameParts, naturalOrder, surnameOf } from "./listing/author-name.ts";
export { splitAuthors } from "./listing/authors.ts";
export * from "./listing/dates.ts";
export * from "./listing/identifiers.ts";
export * from "./listing/listing.ts";
export * from "./listing/taxonomy.ts";
export * from "./listing/tex.ts";
export * from "./listing/tex-arxiv.ts";
export * from "./listing/text.ts";
export { foldLetters, titleKey } from "./listing/title-key.ts";
export * from "./mail-status.ts";
export * from "./mailable.ts";
export * from "./outcome.ts";
export { countFrequencies, type Frequencies } from "./percolator/frequencies.ts";
export { buildIndex, type IndexedQuery, type PercolatorIndex } from "./percolator/percolator.ts";
export type { Label, Query, Words } from "./query/ast.ts";
export { evaluate } from "./query/evaluate.ts";
export { explain, missingParts } from "./query/explain.ts";
export type { QueryPaper } from "./query/labels.ts";
export { fromOptions, type QueryOptions } from "./query/options.ts";
export { parseQuery } from "./query/parse.ts";
export { canonicalQuery, printQuery } from "./query/print.ts";
export * from "./receipt-days.ts";
export * from "./receipts.ts";
export * from "./rhythm.ts";
export * from "./schedule.ts";
export * from "./source-notes.ts";
export * from "./stale-list.ts";
export * from "./text-analysis.ts";
export * from "./topics/arxiv.ts";
export * from "./topics/corpus.ts";
export * from "./topics/evaluate.ts";
export * from "./topics/index.ts";
export {
  type Calibration,
  predictTopics,
  rankTopics,
  type TopicLabel,
  type TopicModel,
} from "./topics/model.ts";
export { decodeTopicModel, encodeTopicModel } from "./topics/model-bytes.ts";
export * from "./topics/train.ts";
export * from "./trend.ts";
