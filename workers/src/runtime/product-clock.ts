import type { ClockState } from "@paperwire/db";

/** The product's time: what is due, periods, lateness, trend and ages. Leases and budgets use real time. */
export interface ProductClock {
  readonly state: ClockState;
  now(): Date;
}

export const realClock: ProductClock = { state: { kind: "real" }, now: () => new Date() };

/** Starts at `start` now and ticks on with real time (`up --now`). */
export function tickingClock(start: Date): ProductClock {
  const offsetMs = start.getTime() - Date.now();
  return { state: { kind: "ticking", offsetMs }, now: () => new Date(Date.now() + offsetMs) };
}

/** Stands at one instant (`drain`). */
export function standingClock(at: Date): ProductClock {
  return { state: { kind: "standing", at: at.toISOString() }, now: () => new Date(at) };
}

/** What a clock shows at this real moment, also of another process. */
export function shownBy(state: ClockState): Date {
  switch (state.kind) {
    case "real":
      return new Date();
    case "ticking":
      return new Date(Date.now() + state.offsetMs);
    case "standing":
      return new Date(state.at);
    default:
      return state satisfies never;
  }
}
