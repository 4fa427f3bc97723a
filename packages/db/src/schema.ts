import type { Author, BatchState, DeliveryState, Listing, Rhythm } from "@paperwire/core";
import type { ColumnType, Generated, GeneratedAlways, JSONColumnType } from "kysely";

type Instant = ColumnType<Date, Date | string, Date | string>;
type OptionalInstant = ColumnType<Date | null, Date | string | null | undefined, Date | string | null>;
type DefaultInstant = ColumnType<Date, Date | string | undefined, Date | string>;
type Json<T> = JSONColumnType<T & object, string, string>;
type OptionalJson<T> = JSONColumnType<(T & object) | null, string | null | undefined, string | null>;
type Optional<T> = ColumnType<T | null, T | null | undefined, T | null>;
type Defaulted<T> = ColumnType<T, T | undefined, T>;

export interface OutboxTable {
  id: Generated<string>;
  seq: GeneratedAlways<number>;
  event: string;
  payload: Json<unknown>;
  createdAt: DefaultInstant;
  notBefore: DefaultInstant;
  publishedAt: OptionalInstant;
  publications: Defaulted<number>;
  run: Defaulted<number>;
  heldBy: Optional<string>;
  attempts: Defaulted<number>;
  deferrals: Defaulted<number>;
  doneAt: OptionalInstant;
  failedAt: OptionalInstant;
  error: Optional<string>;
}

/** How a process counts time: real, shifted by a fixed amount, or standing still. */
export type ClockState =
  | { readonly kind: "real" }
  | { readonly kind: "ticking"; readonly offsetMs: number }
  | { readonly kind: "standing"; readonly at: string };

export interface RunnerTable {
  id: string;
  lockKey: number;
  workers: string[];
  clock: Json<ClockState>;
  host: string;
  pid: number;
  startedAt: DefaultInstant;
}

export interface SourceTable {
  id: string;
  url: string;
  kind: string;
  title: Optional<string>;
  everyMinutes: Optional<number>;
  trusted: Defaulted<boolean>;
  pausedAt: OptionalInstant;
  pausedBecause: Optional<string>;
  etag: Optional<string>;
  lastModified: Optional<string>;
  bodyHash: Optional<string>;
  permanentUrl: Optional<string>;
  permanentSince: OptionalInstant;
  failures: Defaulted<number>;
  goneCount: Defaulted<number>;
  lastError: Optional<string>;
  lastFetchAt: OptionalInstant;
  lastSuccessAt: OptionalInstant;
  lastNewAt: OptionalInstant;
  observedGaps: Defaulted<number[]>;
  rhythm: OptionalJson<Rhythm>;
  coveredUntil: OptionalInstant;
  establishedAt: OptionalInstant;
  nextFetchAt: Instant;
  dueFor: OptionalInstant;
  /** What the feed offered when it was last read (WebSub). */
  hubUrl: Optional<string>;
  hubTopic: Optional<string>;
  /** Real time: a hub pushes until then. */
  hubExpiresAt: OptionalInstant;
  /** Product time of the newest push. */
  pushedAt: OptionalInstant;
  createdAt: Instant;
  /** The arXiv categories and archives that its address asks for. */
  scope: Defaulted<string[]>;
  reviewedAt: OptionalInstant;
  lastFullAt: OptionalInstant;
  heldAt: OptionalInstant;
  heldBecause: Optional<string>;
}

/** What was asked of a hub. Outlives its source until the hub was told to stop. */
export interface HubSubscriptionTable {
  /** The unguessable part of the callback. */
  id: Generated<string>;
  sourceId: string;
  hubUrl: string;
  topic: string;
  secret: string;
  /** The public address that the callback begins with. */
  base: string;
  wanted: Defaulted<boolean>;
  createdAt: DefaultInstant;
  askedAt: OptionalInstant;
  confirmedAt: OptionalInstant;
  expiresAt: OptionalInstant;
  deniedAt: OptionalInstant;
  nextAskAt: DefaultInstant;
  dueFor: OptionalInstant;
  failures: Defaulted<number>;
  lastError: Optional<string>;
  pushes: Defaulted<number>;
  lastPushAt: OptionalInstant;
  refusedPushes: Defaulted<number>;
  lastRefusedAt: OptionalInstant;
  lastRefusedBecause: Optional<string>;
  /** Product time of the poll that the newest push asked for. */
  pollAt: OptionalInstant;
}

export interface BodyTable {
  hash: string;
  bytes: Buffer;
  contentType: Optional<string>;
  createdAt: DefaultInstant;
}

export interface FetchTable {
  id: Generated<string>;
  sourceId: string;
  url: Optional<string>;
  at: Instant;
  outcome: string;
  status: Optional<number>;
  bodyHash: Optional<string>;
  bytes: Optional<number>;
  sentence: Optional<string>;
  page: Defaulted<number>;
  /** Counts once the body is stored; with it the hub that the answer's headers offered. */
  validators: OptionalJson<{ etag?: string; lastModified?: string; hub?: { url: string; topic: string } }>;
  summary: OptionalJson<Record<string, unknown>>;
  ingestedAt: OptionalInstant;
  /** The kind of the body where it is not its source's own. */
  kind: Optional<string>;
  /** The days that were asked for afterwards. */
  catchUp: OptionalJson<{ from: string; to: string }>;
  /** Until when the source is read once the body is stored, where that is not `at`. */
  coversUntil: OptionalInstant;
}

export interface PaperTable {
  id: string;
  title: string;
  titleKey: string;
  abstract: Optional<string>;
  authors: Json<readonly Author[]>;
  categories: Defaulted<string[]>;
  published: OptionalInstant;
  updated: OptionalInstant;
  year: Optional<number>;
  firstSeen: Instant;
  latestVersion: Optional<number>;
  arxivId: Optional<string>;
  doi: Optional<string>;
  journalRef: Optional<string>;
  venue: Optional<string>;
  license: Optional<string>;
  language: Optional<string>;
  votes: Defaulted<number>;
  pickedBy: Defaulted<string[]>;
  withdrawnAt: OptionalInstant;
  publishedAt: OptionalInstant;
  describedBy: string;
  mergedInto: Optional<string>;
  trend: Optional<number>;
  blocks: Defaulted<string[]>;
}

/** What searches read of the papers that are nobody else's. */
export interface PaperTextTable {
  paperId: string;
  firstSeen: Instant;
  search: string;
  titleKey: string;
  authorKeys: string[];
}

export interface PaperSignalTable {
  paperId: string;
  kind: string;
  of: string;
  count: number;
  at: Instant;
}

export interface PaperVectorTable {
  paperId: string;
  version: string;
  vector: Buffer;
  seq: GeneratedAlways<number>;
  /** Key phrases by their stems, best first. */
  phrases: Defaulted<string[]>;
}

export interface PaperKeyTable {
  key: string;
  paperId: string;
}

export interface PaperBlockTable {
  key: string;
  paperId: string;
  arxiv: boolean;
}

export interface ListingTable {
  sourceId: string;
  key: string;
  paperId: string;
  url: Optional<string>;
  hash: string;
  announceType: Optional<string>;
  announcedOn: Optional<string>;
  version: Optional<number>;
  categories: Defaulted<string[]>;
  said: Json<Listing>;
  firstSeen: Instant;
  lastSeen: Instant;
}

export interface VersionTable {
  paperId: string;
  home: string;
  version: number;
  title: string;
  abstract: Optional<string>;
  authors: Json<readonly Author[]>;
  at: OptionalInstant;
  seenAt: Instant;
  changed: Defaulted<string[]>;
}

export interface HomeTable {
  paperId: string;
  home: string;
  url: Optional<string>;
  seenAt: Instant;
}

export interface AnnouncementTable {
  paperId: string;
  occasion: string;
  sourceId: Optional<string>;
  at: Instant;
  late: Defaulted<boolean>;
  matchedAt: OptionalInstant;
  held: Defaulted<boolean>;
}

export interface MergeTable {
  id: Generated<string>;
  kept: string;
  gone: string;
  /** `candidate`, `merged`, `split` or `rejected`. */
  state: string;
  probability: Optional<number>;
  because: string[];
  snapshot: OptionalJson<Record<string, unknown>>;
  at: Instant;
  decidedAt: OptionalInstant;
}

export interface TopicTable {
  slug: string;
  name: string;
  query: Optional<string>;
  examples: Defaulted<string[]>;
  createdAt: Instant;
}

export interface PaperTopicTable {
  paperId: string;
  topic: string;
  classifier: string;
  version: string;
  confidence: number;
}

export interface ReaderTable {
  id: Generated<string>;
  email: string;
  zone: Defaulted<string>;
  at: Defaulted<string>;
  days: Defaulted<string[]>;
  rhythm: Defaulted<string>;
  maxPapers: Defaulted<number>;
  tellWhenNothing: Defaulted<boolean>;
  confirmedAt: OptionalInstant;
  pausedAt: OptionalInstant;
  pausedUntil: OptionalInstant;
  unsubscribedAt: OptionalInstant;
  unsubscribedRealAt: OptionalInstant;
  nextDigestAt: OptionalInstant;
  dueFor: OptionalInstant;
  heldUntil: OptionalInstant;
  /** When the quiet period after an instant mail ends, if something waits for that. */
  alertAt: OptionalInstant;
  horizon: Defaulted<number>;
  instantHorizon: Defaulted<number>;
  tokenEpoch: Defaulted<number>;
  /** Where digests go instead of the mail box; both or neither. */
  channel: Optional<string>;
  channelAddress: Optional<string>;
  createdAt: Instant;
}

export interface WishTable {
  id: Generated<string>;
  readerId: string;
  wanted: Json<Record<string, unknown>>;
  at: DefaultInstant;
}

export interface QueryTable {
  id: GeneratedAlways<number>;
  hash: string;
  text: string;
  rev: number;
}

export interface SubscriptionTable {
  id: Generated<string>;
  readerId: string;
  name: string;
  query: Optional<string>;
  queryId: Optional<number>;
  trending: Optional<number>;
  liked: Defaulted<string[]>;
  /** `digest`, `instant` or `paused`. */
  cadence: Defaulted<string>;
  createdAt: Instant;
  changedAt: Instant;
}

export interface MatchTable {
  id: GeneratedAlways<number>;
  paperId: string;
  occasion: string;
  queryIds: number[];
  /** The subscription that looked back; everybody's when absent. */
  onlyFor: Optional<string>;
  late: boolean;
  at: Instant;
  seq: Optional<number>;
}

export interface DigestTable {
  id: Generated<string>;
  readerId: string;
  period: string;
  dueAt: Instant;
  frozenAt: Instant;
  fromSeq: number;
  toSeq: number;
  content: OptionalJson<Record<string, unknown>>;
  /** `frozen`, `empty` or `skipped`. */
  state: string;
  because: Optional<string>;
}

export interface DigestPaperTable {
  digestId: string;
  paperId: string;
  rank: number;
  /** `in`, `over-cap` or `released`. */
  state: string;
  score: number;
  reasons: Json<readonly unknown[]>;
}

export interface MailedTable {
  readerId: string;
  paperId: string;
  digestId: string;
  at: Instant;
}

export interface BatchTable {
  id: Generated<string>;
  channel: string;
  /** `open`, `attempting`, `sealed` or `settled`, as `core/delivery.ts` says. */
  state: Defaulted<BatchState>;
  generation: Defaulted<number>;
  /** Packed; read only to send it again. */
  request: Optional<Buffer>;
  burned: Defaulted<number>;
  doubts: Defaulted<number>;
  firstAttemptAt: OptionalInstant;
  attemptStartedAt: OptionalInstant;
  ambiguousSince: OptionalInstant;
  fence: Defaulted<number>;
  leaseUntil: OptionalInstant;
  /** The runner that attempts it. */
  heldBy: Optional<string>;
  /** Mails in the stored request; a delivery's `position` is its place among them. */
  size: Optional<number>;
  createdAt: DefaultInstant;
  settledAt: OptionalInstant;
  because: Optional<string>;
}

export interface DeliveryTable {
  id: Generated<string>;
  /** `digest`, `confirm` or `settings`. */
  kind: string;
  digestId: Optional<string>;
  readerId: Optional<string>;
  channel: string;
  address: string;
  batchId: Optional<string>;
  position: Optional<number>;
  state: Defaulted<DeliveryState>;
  providerId: Optional<string>;
  providerState: Optional<string>;
  because: Optional<string>;
  period: Optional<string>;
  wishId: Optional<string>;
  createdAt: Instant;
  settledAt: OptionalInstant;
}

export interface DeliveryAttemptTable {
  id: GeneratedAlways<number>;
  batchId: string;
  deliveryId: Optional<string>;
  fence: number;
  key: Optional<string>;
  at: DefaultInstant;
  outcome: string;
  detail: Optional<string>;
}

export interface ProviderBudgetTable {
  provider: string;
  perSecond: number;
  nextAt: DefaultInstant;
  blockedUntil: OptionalInstant;
  because: Optional<string>;
}

export interface ProviderEventTable {
  id: string;
  type: string;
  providerId: Optional<string>;
  address: Optional<string>;
  at: Instant;
  receivedAt: DefaultInstant;
  data: Json<Record<string, unknown>>;
}

export interface SuppressionTable {
  address: string;
  because: string;
  detail: Optional<string>;
  at: DefaultInstant;
}

export interface FeedbackTable {
  readerId: string;
  paperId: string;
  said: string;
  at: Instant;
}

export interface VoteTable {
  readerId: string;
  paperId: string;
  at: Instant;
}

export interface SubmissionTable {
  id: Generated<string>;
  what: string;
  at: DefaultInstant;
  state: Defaulted<string>;
}

/** One listing of one day, as its source announced it. */
export interface DayListingTable {
  sourceId: string;
  category: string;
  day: string;
  key: string;
  announceType: Optional<string>;
  late: Defaulted<boolean>;
  seenAt: Instant;
}

export interface ReceiptTable {
  sourceId: string;
  category: string;
  day: string;
  announced: Optional<number>;
  /** Null while nothing came and nothing says that nothing should have. */
  ingested: Optional<number>;
  newCount: Defaulted<number>;
  crossCount: Defaulted<number>;
  replacedCount: Defaulted<number>;
  lateCount: Defaulted<number>;
  missing: Optional<number>;
  state: string;
  because: Optional<string>;
  checkedAgainst: Defaulted<string[]>;
  updatedAt: Instant;
  counted: Optional<number>;
  cut: Optional<string>;
  staleBecause: Optional<string>;
  missingKeys: Defaulted<string[]>;
  caughtUpBy: Optional<string>;
  catchUpAt: OptionalInstant;
  catchUpTries: Defaulted<number>;
}

export interface EventTable {
  seq: GeneratedAlways<number>;
  id: Generated<string>;
  cursor: Optional<number>;
  type: string;
  paperId: string;
  at: Instant;
  data: Json<Record<string, unknown>>;
}

export interface EventCursorTable {
  one: Defaulted<boolean>;
  last: number;
}

export interface ConsumerTable {
  name: string;
  kind: string;
  url: Optional<string>;
  secret: Optional<string>;
  topics: Defaulted<string[]>;
  cursor: number;
  failures: Defaulted<number>;
  lastError: Optional<string>;
  retryAt: OptionalInstant;
  pausedAt: OptionalInstant;
  createdAt: Instant;
}

export interface HostBudgetTable {
  hostGroup: string;
  nextAt: DefaultInstant;
  heldUntil: OptionalInstant;
  heldBy: Optional<string>;
  strikes: Defaulted<number>;
  blockedUntil: OptionalInstant;
}

export interface ArtifactTable {
  name: string;
  version: string;
  bytes: Buffer;
  madeAt: DefaultInstant;
}

export interface AllowanceTable {
  purpose: string;
  who: string;
  windowStart: Instant;
  used: number;
}

export interface Tables {
  outbox: OutboxTable;
  runners: RunnerTable;
  sources: SourceTable;
  hubSubscriptions: HubSubscriptionTable;
  bodies: BodyTable;
  fetches: FetchTable;
  papers: PaperTable;
  paperKeys: PaperKeyTable;
  paperBlocks: PaperBlockTable;
  paperSignals: PaperSignalTable;
  paperTexts: PaperTextTable;
  paperVectors: PaperVectorTable;
  listings: ListingTable;
  versions: VersionTable;
  homes: HomeTable;
  announcements: AnnouncementTable;
  merges: MergeTable;
  topics: TopicTable;
  paperTopics: PaperTopicTable;
  readers: ReaderTable;
  wishes: WishTable;
  queries: QueryTable;
  subscriptions: SubscriptionTable;
  matches: MatchTable;
  digests: DigestTable;
  digestPapers: DigestPaperTable;
  mailed: MailedTable;
  batches: BatchTable;
  deliveries: DeliveryTable;
  deliveryAttempts: DeliveryAttemptTable;
  providerBudgets: ProviderBudgetTable;
  providerEvents: ProviderEventTable;
  suppressions: SuppressionTable;
  feedback: FeedbackTable;
  votes: VoteTable;
  submissions: SubmissionTable;
  dayListings: DayListingTable;
  receipts: ReceiptTable;
  events: EventTable;
  eventCursor: EventCursorTable;
  consumers: ConsumerTable;
  hostBudgets: HostBudgetTable;
  artifacts: ArtifactTable;
  allowances: AllowanceTable;
}
