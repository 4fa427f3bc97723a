/**
 * What a provider double does next: the scripted faults in order, then, with `rate`, random ones drawn
 * from `pool` (the same seed draws the same), else `ok` for ever.
 */
export interface FaultScript {
  next(): string;
  set(faults: readonly string[]): void;
  /** How often a fault is drawn from now on, 0 to 1. */
  setRate(rate: number): void;
}

export interface FaultOptions {
  readonly script?: readonly string[];
  readonly pool?: readonly string[];
  readonly rate?: number;
  readonly seed?: number;
}

export function faultScript({
  script = [],
  pool = [],
  rate: firstRate = 0,
  seed = 1,
}: FaultOptions): FaultScript {
  let queue = [...script];
  let rate = firstRate;
  const random = randomFrom(seed);
  return {
    next() {
      const scripted = queue.shift();
      if (scripted !== undefined) return scripted;
      if (rate > 0 && random() < rate) return pool[Math.floor(random() * pool.length)] ?? "ok";
      return "ok";
    },
    set(faults) {
      queue = [...faults];
    },
    setRate(next) {
      rate = next;
    },
  };
}

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** `--name value` pairs of a command line. */
export function optionsOf(args: readonly string[]): Map<string, string> {
  const options = new Map<string, string>();
  for (let i = 0; i + 1 < args.length; i += 2)
    options.set((args[i] ?? "").replace(/^--/, ""), args[i + 1] ?? "");
  return options;
}

/** The fault options of a double's command line: `--script a,b --rate 0.2 --seed 7`. */
export function faultOptionsOf(options: ReadonlyMap<string, string>): FaultOptions {
  const script = (options.get("script") ?? "").split(",").filter((fault) => fault !== "");
  return { script, rate: Number(options.get("rate") ?? 0), seed: Number(options.get("seed") ?? 1) };
}
