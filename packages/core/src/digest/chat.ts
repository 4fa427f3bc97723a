/** A digest for places that take short plain text and links instead of HTML. All text is plain, without markup. */
export interface ChatDigest {
  readonly title: string;
  readonly items: readonly ChatItem[];
  /** Sentences below the list: sources that failed, papers over the cap. */
  readonly notes: readonly string[];
  /** Where the whole digest, preferences and the way out are. */
  readonly links: readonly { readonly label: string; readonly url: string }[];
}

export interface ChatItem {
  readonly title: string;
  readonly url: string;
  /** Authors, homes, topics and votes in one line. */
  readonly byline: string;
  readonly reason: string;
}
