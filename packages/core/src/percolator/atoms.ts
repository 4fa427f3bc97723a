import type { Label, Words } from "../query/ast.ts";
import { labelKeys, labelsOf, type QueryPaper } from "../query/labels.ts";
import { stemOf, wordsOf } from "../text-analysis.ts";
import { type Frequencies, labelFrequency, wordsFrequency } from "./frequencies.ts";
import { withRoom } from "./growable.ts";
import { createPhraseTrie } from "./phrase-trie.ts";

/** Every paper has it; none has. */
export const ALWAYS = 0;
export const NEVER = 1;

/** Numbers, from 2, for what queries can ask of a paper: words, phrases, either in one field, and labels. */
export interface Atoms {
  ofWords(words: Words): number;
  /** Several where each will do. */
  ofLabel(label: Label): number[];
  /** Expected number of papers that have it. */
  frequencyOf(atom: number): number;
  /**
   * Finds the atoms of a paper, each once: the first so many of `present`. Until the next call `bits` has the bit
   * of each of them set. Both arrays are replaced when they grow, so take them anew after each call.
   */
  read(paper: QueryPaper): number;
  readonly present: Int32Array;
  /** 32 atoms a number; as small as can be, because matching reads it at random. */
  readonly bits: Int32Array;
  /** One more than the greatest atom. */
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
  /** Words as papers spell them, folded, with the node of their stem, 0 where no query uses it. */
  const spellings = new Map<string, number>();
  let knowsUnused = false;
  /** By `2 * node + (abstract ? 1 : 0)`. */
  const fieldAtoms = new Map<number, number>();
  let nodeAtoms = new Int32Array(1024);
  let flags = new Uint8Array(1024);
  let frequency = new Float32Array(1024);
  let bits = new Int32Array(1024);
  let present = new Int32Array(1024);
  let count = 0;
  let text = new Int32Array(1024);
  let size = NEVER + 1;

  function make(expected: number): number {
    const atom = size++;
    if (atom >= frequency.length) frequency = copied(frequency, new Float32Array(frequency.length * 2));
    frequency[atom] = expected;
    bits = withRoom(bits, (atom >>> 5) + 1);
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
        if (knowsUnused) spellings.clear();
        knowsUnused = false;
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
    if (node === 0) knowsUnused = true;
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

    read(paper) {
      for (let i = 0; i < count; i++) bits[(present[i] ?? 0) >>> 5] = 0;
      count = 0;
      bits[0] = 1 << ALWAYS;
      const abstractAt = readText(paper.title, 0);
      const end = readText(paper.abstract ?? "", abstractAt);
      const mark = (atom: number) => {
        const word = bits[atom >>> 5] ?? 0;
        const bit = 1 << (atom & 31);
        if ((word & bit) !== 0) return;
        bits[atom >>> 5] = word | bit;
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
          if ((flag & field) !== 0) mark(fieldAtoms.get(2 * node + (at < abstractAt ? 0 : 1)) ?? ALWAYS);
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
    get bits() {
      return bits;
    },
    get size() {
      return size;
    },
    get bytes() {
      const arrays = [nodeAtoms, flags, frequency, bits, present, text];
      return arrays.reduce((sum, array) => sum + array.byteLength, trie.bytes);
    },
  };
}

function copied<T extends Float32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
