import type { Label, Words } from "../query/ast.ts";
import { labelKeys, labelsOf, type QueryPaper } from "../query/labels.ts";
import { stemOf, wordsOf } from "../text-analysis.ts";
import { type Frequencies, labelFrequency, wordsFrequency } from "./frequencies.ts";
import { withRoom } from "./growable.ts";
import { createPhraseTrie } from "./phrase-trie.ts";

/** Numbers, from 1, for what queries can ask of a paper: words, phrases, either in one field, and labels. */
export interface Atoms {
  ofWords(words: Words): number;
  /** Several where each will do. */
  ofLabel(label: Label): number[];
  /** Expected number of papers that have it. */
  frequencyOf(atom: number): number;
  /**
   * Finds the atoms of a paper: the first so many of `present`; for each, and for atom 0, `stamps` holds `epoch`.
   * Both arrays are replaced when they grow, so take them anew after each call.
   */
  read(paper: QueryPaper, epoch: number): number;
  readonly present: Int32Array;
  readonly stamps: Int32Array;
  readonly size: number;
  readonly bytes: number;
}

/** A node's flags. */
const HAS_STEPS = 1;
const HAS_TITLE_ATOM = 2;
const HAS_ABSTRACT_ATOM = 4;
const MAX_SPELLINGS = 300_000;

/** Starts without atoms; asking for one makes it. */
export function createAtoms(frequencies: Frequencies): Atoms {
  const trie = createPhraseTrie();
  const stems = new Map<string, number>();
  const labels = new Map<string, number>();
  /** Words as papers spell them, folded, with the node of their stem; only of stems that queries use. */
  const spellings = new Map<string, number>();
  /** By `2 * node + (abstract ? 1 : 0)`. */
  const fieldAtoms = new Map<number, number>();
  let nodeAtoms = new Int32Array(1024);
  let flags = new Uint8Array(1024);
  let frequency = new Float32Array(1024);
  let stamps = new Int32Array(1024);
  let present = new Int32Array(1024);
  let text = new Int32Array(1024);
  let size = 0;

  function make(expected: number): number {
    const atom = ++size;
    if (atom >= frequency.length) frequency = copied(frequency, new Float32Array(frequency.length * 2));
    frequency[atom] = expected;
    stamps = withRoom(stamps, atom + 1);
    present = withRoom(present, atom + 1);
    return atom;
  }

  function nodeOf(path: readonly string[]): number {
    let node = 0;
    for (const stem of path) {
      let step = stems.get(stem);
      if (step === undefined) {
        step = trie.root();
        stems.set(stem, step);
        makeRoomForNodes();
      }
      if (node === 0) {
        node = step;
      } else {
        flags[node] = (flags[node] ?? 0) | HAS_STEPS;
        node = trie.extend(node, step);
        makeRoomForNodes();
      }
    }
    return node;
  }

  function makeRoomForNodes(): void {
    nodeAtoms = withRoom(nodeAtoms, trie.size + 1);
    if (nodeAtoms.length > flags.length) flags = copied(flags, new Uint8Array(nodeAtoms.length));
  }

  /** The nodes of a text's words, 0 for those no query has, and a 0 behind the last. */
  function readText(source: string, from: number): number {
    const words = wordsOf(source);
    text = withRoom(text, from + words.length + 1);
    let at = from;
    for (const word of words) text[at++] = spellings.get(word) ?? learnSpelling(word);
    text[at++] = 0;
    return at;
  }

  function learnSpelling(word: string): number {
    const node = stems.get(stemOf(word)) ?? 0;
    if (node === 0) return 0;
    if (spellings.size >= MAX_SPELLINGS) spellings.clear();
    spellings.set(word, node);
    return node;
  }

  return {
    ofWords({ words, in: field }) {
      const path = words.map(stemOf);
      const node = nodeOf(path);
      if (field === undefined) {
        const known = nodeAtoms[node] ?? 0;
        if (known !== 0) return known;
        const atom = make(wordsFrequency(frequencies, path, false));
        nodeAtoms[node] = atom;
        return atom;
      }
      const key = 2 * node + (field === "title" ? 0 : 1);
      const known = fieldAtoms.get(key);
      if (known !== undefined) return known;
      const atom = make(wordsFrequency(frequencies, path, field === "title"));
      fieldAtoms.set(key, atom);
      flags[node] = (flags[node] ?? 0) | (field === "title" ? HAS_TITLE_ATOM : HAS_ABSTRACT_ATOM);
      return atom;
    },

    ofLabel(label) {
      return labelKeys(label).map((key) => {
        const atom = labels.get(key) ?? make(labelFrequency(frequencies, key));
        labels.set(key, atom);
        return atom;
      });
    },

    frequencyOf: (atom) => frequency[atom] ?? 0,

    read(paper, epoch) {
      const abstractAt = readText(paper.title, 0);
      const end = readText(paper.abstract ?? "", abstractAt);
      let count = 0;
      stamps[0] = epoch;
      const mark = (atom: number) => {
        if (stamps[atom] === epoch) return;
        stamps[atom] = epoch;
        present[count++] = atom;
      };
      for (let at = 0; at < end; at++) {
        let node = text[at] ?? 0;
        for (let next = at + 1; node !== 0; next++) {
          const atom = nodeAtoms[node] ?? 0;
          if (atom !== 0) mark(atom);
          const flag = flags[node] ?? 0;
          if (flag === 0) break;
          const field = at < abstractAt ? HAS_TITLE_ATOM : HAS_ABSTRACT_ATOM;
          if ((flag & field) !== 0) mark(fieldAtoms.get(2 * node + (at < abstractAt ? 0 : 1)) ?? 0);
          const step = text[next] ?? 0;
          if ((flag & HAS_STEPS) === 0 || step === 0) break;
          node = trie.step(node, step);
        }
      }
      for (const key of labelsOf(paper)) {
        const atom = labels.get(key);
        if (atom !== undefined) mark(atom);
      }
      return count;
    },

    get present() {
      return present;
    },
    get stamps() {
      return stamps;
    },
    get size() {
      return size;
    },
    get bytes() {
      const arrays = [nodeAtoms, flags, frequency, stamps, present, text];
      return arrays.reduce((sum, array) => sum + array.byteLength, trie.bytes);
    },
  };
}

function copied<T extends Float32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
