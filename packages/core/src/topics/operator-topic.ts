import { cosineOf, vectorOf, type WordVectors } from "../closeness/vectors.ts";
import { versionOf } from "../fingerprint.ts";
import type { Classifier } from "./index.ts";
import type { TopicText } from "./tokens.ts";

/** A topic of the operator's own: papers that its query finds, the example papers, and papers close to them. */
export interface OperatorTopic {
  /** In addresses and labels: small letters, digits and hyphens. */
  readonly slug: string;
  readonly name: string;
  readonly query?: string;
  /** Papers that are about it, by id. */
  readonly examples: readonly string[];
}

/** What the examples of a topic have in common. */
export interface ExampleProfile {
  readonly direction: Int8Array;
  /** Cosine from which a paper counts as close. */
  readonly least: number;
}

/**
 * Learns a topic from example papers: the mean of their directions, and as the bound the lower quartile of how close
 * each example is to the mean of the others, so that three in four of them would have been found. Undefined with
 * fewer than five examples of known words: a bound drawn from fewer is a guess.
 */
export function profileOf(vectors: WordVectors, examples: readonly TopicText[]): ExampleProfile | undefined {
  const directions = examples.flatMap((example) => vectorOf(vectors, example) ?? []);
  if (directions.length < LEAST_EXAMPLES) return undefined;
  const closeness = directions
    .map((direction, i) => cosineOf(direction, meanOf(directions.filter((_, other) => other !== i))))
    .sort((a, b) => a - b);
  return { direction: meanOf(directions), least: closeness[Math.floor(closeness.length / 4)] ?? 1 };
}

/** Labels papers close to the examples of topics, with the cosine as confidence. */
export function exampleClassifier(
  vectors: WordVectors,
  profiles: ReadonlyMap<string, ExampleProfile>,
): Classifier {
  return {
    id: "examples",
    version: `${vectors.version}+${fingerprintOf(profiles)}`,
    classify: (paper) => {
      const direction = vectorOf(vectors, paper);
      if (direction === undefined) return [];
      return [...profiles]
        .map(([topic, profile]) => ({
          topic,
          confidence: cosineOf(direction, profile.direction),
          least: profile.least,
        }))
        .filter(({ confidence, least }) => confidence >= least)
        .map(({ topic, confidence }) => ({ topic, confidence }))
        .sort((a, b) => b.confidence - a.confidence);
    },
  };
}

const LEAST_EXAMPLES = 5;

function fingerprintOf(profiles: ReadonlyMap<string, ExampleProfile>): string {
  const said = [...profiles].map(([topic, { direction, least }]) => [topic, least, [...direction]]);
  return versionOf(new TextEncoder().encode(JSON.stringify(said)), "e1");
}

/** Each direction counts the same, whatever its length. */
function meanOf(directions: readonly Int8Array[]): Int8Array {
  const sum = new Float64Array(directions[0]?.length ?? 0);
  for (const direction of directions) {
    const length = Math.sqrt(direction.reduce((squares, value) => squares + value * value, 0)) || 1;
    for (let k = 0; k < sum.length; k++) sum[k] = (sum[k] ?? 0) + (direction[k] ?? 0) / length;
  }
  const most = sum.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) || 1;
  return Int8Array.from(sum, (value) => Math.round((value / most) * 127));
}
