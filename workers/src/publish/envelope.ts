import type { StoredEvent } from "@paperwire/db/events.ts";

/** The public envelope: CloudEvents 1.0 attributes, with `cursor` as an extension. */
export interface Envelope {
  readonly specversion: "1.0";
  readonly id: string;
  readonly type: string;
  readonly time: string;
  readonly source: string;
  /** The paper's id. */
  readonly subject: string;
  readonly cursor: number;
  readonly data: Readonly<Record<string, unknown>>;
}

export function toEnvelope(event: StoredEvent, source: string): Envelope {
  return {
    specversion: "1.0",
    id: event.id,
    type: event.type,
    time: event.at.toISOString(),
    source,
    subject: event.paperId,
    cursor: event.cursor,
    data: event.data,
  };
}
