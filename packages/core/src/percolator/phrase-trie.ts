import { withRoom } from "./growable.ts";

/** Sequences of numbers as paths from a root: numbers are nodes themselves, being the paths of length one. */
export interface PhraseTrie {
  /** A new path of length one. */
  root(): number;
  /** The path one step on; made when absent. Steps are roots. */
  extend(node: number, step: number): number;
  /** The path one step on, or 0. */
  step(node: number, step: number): number;
  readonly size: number;
  readonly bytes: number;
}

/** Nodes are counted from 1. An open hash table in typed arrays: about 24 bytes a node, no garbage. */
export function createPhraseTrie(): PhraseTrie {
  let parents = new Int32Array(1024);
  let steps = new Int32Array(1024);
  let table = new Int32Array(2048);
  let size = 0;

  function add(parent: number, step: number): number {
    const node = ++size;
    parents = withRoom(parents, node + 1);
    steps = withRoom(steps, node + 1);
    parents[node] = parent;
    steps[node] = step;
    if (parent !== 0) enter(node);
    if (size * 2 > table.length) rehash();
    return node;
  }

  function enter(node: number): void {
    let slot = slotOf(parents[node] ?? 0, steps[node] ?? 0, table.length);
    while (table[slot] !== 0) slot = (slot + 1) & (table.length - 1);
    table[slot] = node;
  }

  function rehash(): void {
    table = new Int32Array(table.length * 2);
    for (let node = 1; node <= size; node++) if (parents[node] !== 0) enter(node);
  }

  function step(node: number, next: number): number {
    let slot = slotOf(node, next, table.length);
    for (;;) {
      const found = table[slot] ?? 0;
      if (found === 0 || (parents[found] === node && steps[found] === next)) return found;
      slot = (slot + 1) & (table.length - 1);
    }
  }

  return {
    root: () => add(0, 0),
    extend: (node, next) => step(node, next) || add(node, next),
    step,
    get size() {
      return size;
    },
    get bytes() {
      return parents.byteLength + steps.byteLength + table.byteLength;
    },
  };
}

function slotOf(node: number, step: number, slots: number): number {
  let hash = Math.imul(node, 0x9e3779b1) ^ Math.imul(step, 0x85ebca6b);
  hash ^= hash >>> 15;
  return (Math.imul(hash, 0xc2b2ae35) >>> 7) & (slots - 1);
}
