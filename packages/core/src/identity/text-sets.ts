/** Sorted, distinct 32-bit hashes of a text's parts: small, and quick to intersect. */
export type HashSet = Uint32Array;

/** Groups of three characters, with one space before and after. */
export function trigramsOf(text: string): HashSet {
  const padded = ` ${text} `;
  const codes: number[] = [];
  for (let at = 0; at + 2 < padded.length; at += 1) {
    codes.push(mixed(padded.charCodeAt(at), padded.charCodeAt(at + 1), padded.charCodeAt(at + 2)));
  }
  return distinct(codes);
}

/** Groups of four characters; the text itself where it is shorter. */
export function runsOf(text: string): HashSet {
  const codes: number[] = [];
  for (let at = 0; at + 3 < text.length; at += 1) {
    codes.push(
      mixed(
        text.charCodeAt(at),
        text.charCodeAt(at + 1),
        Math.imul(text.charCodeAt(at + 2), 0x10001) + text.charCodeAt(at + 3),
      ),
    );
  }
  return distinct(codes.length === 0 && text !== "" ? [hash32(text)] : codes);
}

/** Groups of `size` words in a row; of all words where there are fewer. */
export function shinglesOf(tokens: readonly string[], size: number): HashSet {
  const hashes = tokens.map(hash32);
  const groups: number[] = [];
  for (let at = 0; at < Math.max(1, hashes.length - size + 1) && hashes.length > 0; at += 1) {
    let group = 0;
    for (let word = at; word < Math.min(at + size, hashes.length); word += 1) {
      group = (Math.imul(group, 0x01000193) ^ (hashes[word] ?? 0)) >>> 0;
    }
    groups.push(group);
  }
  return distinct(groups);
}

export function sharedCount(a: HashSet, b: HashSet): number {
  let [left, right, shared] = [0, 0, 0];
  while (left < a.length && right < b.length) {
    const difference = (a[left] ?? 0) - (b[right] ?? 0);
    if (difference === 0) shared += 1;
    if (difference <= 0) left += 1;
    if (difference >= 0) right += 1;
  }
  return shared;
}

/** Shared over united, 0 where both are empty. */
export function jaccard(a: HashSet, b: HashSet): number {
  const shared = sharedCount(a, b);
  const united = a.length + b.length - shared;
  return united === 0 ? 0 : shared / united;
}

/** FNV-1a over UTF-16 units. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

function mixed(first: number, second: number, third: number): number {
  return (Math.imul(Math.imul(first, 31) + second, 31 * 31) + Math.imul(third, 0x9e3779b1)) >>> 0;
}

function distinct(values: number[]): HashSet {
  const sorted = Uint32Array.from(values).sort();
  let kept = 0;
  for (let at = 0; at < sorted.length; at += 1) {
    if (at === 0 || sorted[at] !== sorted[at - 1]) sorted[kept++] = sorted[at] ?? 0;
  }
  return sorted.slice(0, kept);
}
