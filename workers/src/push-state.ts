import type { hubSubscriptions } from "@paperwire/db";
import type { Source } from "@paperwire/db/sources.ts";

/** How it stands with the hub of a source. */
export interface PushState {
  /**
   * `live`: the hub pushes until `until`. `asked`: it has not called back yet. `failing`: it could not be asked, or
   * does not call back. `denied`: it does not want to. `lapsed`: its lease is over. `waiting`: it is asked within
   * seconds while `up` runs. `off`: it is not asked (WEBSUB, PUBLIC_URL).
   */
  readonly state: "live" | "asked" | "failing" | "denied" | "lapsed" | "waiting" | "off";
  readonly hub: string;
  readonly topic: string;
  readonly until?: string;
  readonly pushes?: number;
  readonly lastPushAt?: string;
  readonly refusedPushes?: number;
  readonly problem?: string;
}

type Subscription = hubSubscriptions.ReadSubscription;

/** Undefined where the source names no hub. */
export function pushStateOf(
  source: Pick<Source, "hubUrl" | "hubTopic" | "pausedAt">,
  subscription: Subscription | undefined,
): PushState | undefined {
  if (source.hubUrl === null || source.hubTopic === null) return undefined;
  const offered = { hub: source.hubUrl, topic: source.hubTopic };
  if (source.pausedAt !== null || subscription === undefined) return { state: "off", ...offered };
  const { expiresAt, pushes, lastPushAt, refusedPushes, lastRefusedBecause, lastError } = subscription;
  const problem = lastError ?? (refusedPushes > 0 ? (lastRefusedBecause ?? undefined) : undefined);
  return {
    state: nameOf(subscription),
    ...offered,
    ...(expiresAt === null ? {} : { until: expiresAt.toISOString() }),
    ...(pushes === 0 ? {} : { pushes }),
    ...(lastPushAt === null ? {} : { lastPushAt: lastPushAt.toISOString() }),
    ...(refusedPushes === 0 ? {} : { refusedPushes }),
    ...(problem === undefined ? {} : { problem }),
  };
}

/** One line for a person. */
export function pushSentence(push: PushState): string {
  const host = URL.canParse(push.hub) ? new URL(push.hub).host : push.hub;
  const problem = push.problem === undefined ? "" : ` ${push.problem}`;
  switch (push.state) {
    case "live":
      return `${host} pushes it until ${push.until}; ${push.lastPushAt === undefined ? "nothing was pushed yet" : `last push ${push.lastPushAt}`}.${problem}`;
    case "asked":
      return `${host} was asked to push and has not called back yet.`;
    case "waiting":
      return `${host} is asked to push within seconds while \`up\` runs.`;
    case "off":
      return `${host} offers to push it and is not asked: the source is paused, WEBSUB is off, or PUBLIC_URL is no address that a hub can call.`;
    case "lapsed":
      return `${host} pushed it until ${push.until}; it is asked again.${problem}`;
    case "denied":
    case "failing":
      return `${host} does not push it.${problem}`;
    default:
      return push.state satisfies never;
  }
}

function nameOf({ expiresAt, readAt, deniedAt, lastError, askedAt }: Subscription): PushState["state"] {
  if (expiresAt !== null && expiresAt > readAt) return "live";
  if (deniedAt !== null) return "denied";
  if (lastError !== null) return "failing";
  if (expiresAt !== null) return "lapsed";
  return askedAt === null ? "waiting" : "asked";
}
