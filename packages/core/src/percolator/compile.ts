import type { Query } from "../query/ast.ts";
import { ALWAYS, type Atoms } from "./atoms.ts";

/** A query as the index keeps it. */
export interface Compiled {
  /** Papers that satisfy it have at least one of these. */
  readonly pivot: readonly number[];
  /** They also have this one; ALWAYS where there is none. */
  readonly second: number;
  /**
   * What is left to check, empty when nothing is. Clauses up to a final 0, each either literals (an atom, or minus
   * an atom that must be absent) of which one must hold, up to a 0; or a tree.
   */
  readonly rest: readonly number[];
}

/** In front of a tree: the sign, the length of its parts, its parts (literals or trees). Atoms are smaller. */
export const AND = 0x7fffffff;
export const OR = 0x7ffffffe;

/**
 * Turns a query into clauses that must all hold, and picks the clause that fewest papers are expected to satisfy
 * as the pivot. Throws a RangeError for a query without a positive part, which `parseQuery` refuses.
 */
export function compile(query: Query, atoms: Atoms): Compiled {
  const root = toNode(query, atoms, false);
  const clauses = typeof root !== "number" && root.op === "and" ? root.parts : [root];
  let best: { clause: Node; pivot: Pivot } | undefined;
  for (const clause of clauses) {
    const pivot = pivotOf(clause, atoms);
    if (pivot !== undefined && (best === undefined || pivot.cost < best.pivot.cost)) best = { clause, pivot };
  }
  if (best === undefined) throw new RangeError("A query without a positive part cannot be indexed.");
  const { clause, pivot } = best;
  const second = rarestAtom(clauses, clause, atoms);
  // Having one of the pivot's atoms satisfies a clause of plain atoms, but not a tree.
  const left = clauses.filter((other) => (other === clause ? !isFlat(other) : other !== second));
  const rest: number[] = [];
  for (const other of left) writeClause(other, rest);
  if (rest.length > 0) rest.push(0);
  return { pivot: [...new Set(pivot.atoms)], second, rest };
}

/** A literal, or several. `and` and `or` alternate. */
type Node = number | { readonly op: "and" | "or"; readonly parts: readonly Node[] };

interface Pivot {
  readonly atoms: readonly number[];
  readonly cost: number;
}

function toNode(query: Query, atoms: Atoms, negative: boolean): Node {
  switch (query.kind) {
    case "not":
      return toNode(query.part, atoms, !negative);
    case "and":
    case "or":
      return group(
        (query.kind === "and") !== negative ? "and" : "or",
        query.parts.map((part) => toNode(part, atoms, negative)),
      );
    case "words": {
      const atom = atoms.ofWords(query);
      return negative ? -atom : atom;
    }
    default: {
      const found = atoms.ofLabel(query);
      return negative
        ? group(
            "and",
            found.map((atom) => -atom),
          )
        : group("or", found);
    }
  }
}

function group(op: "and" | "or", parts: readonly Node[]): Node {
  const flat = parts.flatMap((part) => (typeof part !== "number" && part.op === op ? part.parts : [part]));
  const distinct = [...new Set(flat)];
  const [first = 0, ...more] = distinct;
  return more.length === 0 ? first : { op, parts: distinct };
}

/** Of a conjunction the rarest part, of alternatives all of them; undefined where absence alone may satisfy it. */
function pivotOf(node: Node, atoms: Atoms): Pivot | undefined {
  if (typeof node === "number") {
    return node > 0 ? { atoms: [node], cost: atoms.frequencyOf(node) } : undefined;
  }
  const pivots = node.parts.map((part) => pivotOf(part, atoms));
  if (node.op === "and") {
    return pivots.reduce(
      (a, b) => (a === undefined || (b !== undefined && b.cost < a.cost) ? b : a),
      undefined,
    );
  }
  const all: number[] = [];
  let cost = 0;
  for (const pivot of pivots) {
    if (pivot === undefined) return undefined;
    all.push(...pivot.atoms);
    cost += pivot.cost;
  }
  return { atoms: all, cost };
}

function rarestAtom(clauses: readonly Node[], pivot: Node, atoms: Atoms): number {
  let rarest = ALWAYS;
  for (const clause of clauses) {
    if (typeof clause !== "number" || clause <= 0 || clause === pivot) continue;
    if (rarest === ALWAYS || atoms.frequencyOf(clause) < atoms.frequencyOf(rarest)) rarest = clause;
  }
  return rarest;
}

/** An atom or alternatives of atoms. */
function isFlat(node: Node): boolean {
  if (typeof node === "number") return node > 0;
  return node.op === "or" && node.parts.every((part) => typeof part === "number" && part > 0);
}

function writeClause(node: Node, into: number[]): void {
  if (typeof node === "number") {
    into.push(node, 0);
  } else if (node.parts.every((part) => typeof part === "number") && node.op === "or") {
    for (const part of node.parts) writeTree(part, into);
    into.push(0);
  } else {
    writeTree(node, into);
  }
}

function writeTree(node: Node, into: number[]): void {
  if (typeof node === "number") {
    into.push(node);
    return;
  }
  const at = into.push(node.op === "and" ? AND : OR, 0);
  for (const part of node.parts) writeTree(part, into);
  into[at - 1] = into.length - at;
}

/** Whether the clauses that stand in `rest` at `at` hold for the atoms whose bits are set. */
export function clausesHold(rest: Int32Array, at: number, bits: Int32Array): boolean {
  for (;;) {
    let literal = rest[at] ?? 0;
    if (literal === 0) return true;
    if (literal >= OR) {
      if (!treeHolds(rest, at, bits)) return false;
      at = behind(rest, at);
      continue;
    }
    let held = false;
    while (literal !== 0) {
      held ||= literalHolds(literal, bits);
      literal = rest[++at] ?? 0;
    }
    if (!held) return false;
    at++;
  }
}

/** An atom that must be there, or minus an atom that must not. */
export function literalHolds(literal: number, bits: Int32Array): boolean {
  const atom = literal < 0 ? -literal : literal;
  return (((bits[atom >>> 5] ?? 0) >>> (atom & 31)) & 1) === (literal < 0 ? 0 : 1);
}

function treeHolds(rest: Int32Array, at: number, bits: Int32Array): boolean {
  const sign = rest[at] ?? 0;
  if (sign < OR) return literalHolds(sign, bits);
  const end = behind(rest, at);
  for (let part = at + 2; part < end; part = behind(rest, part)) {
    if (treeHolds(rest, part, bits) === (sign === OR)) return sign === OR;
  }
  return sign === AND;
}

function behind(rest: Int32Array, at: number): number {
  return (rest[at] ?? 0) < OR ? at + 1 : at + 2 + (rest[at + 1] ?? 0);
}
