/** Directions of many texts, for finding the closest ones. Grows by `add`, in memory only. */
export interface VectorIndex {
  readonly dimensions: number;
  readonly size: number;
  /** Adds a text or replaces its direction. Throws `RangeError` for a vector of another length. */
  add(id: string, vector: Int8Array): void;
  remove(id: string): void;
  /**
   * The `most` closest texts with a cosine of at least `least` (0), closest first, ties in order of arrival. Every
   * text is compared, so none is missed: about 15 ms for 100,000 texts of 160 dimensions.
   */
  closest(query: Int8Array, most: number, least?: number): Close[];
}

export interface Close {
  readonly id: string;
  /** Cosine, -1 to 1. */
  readonly closeness: number;
}

/** An empty index for vectors of one length. */
export function createVectorIndex(dimensions: number, expected = 1024): VectorIndex {
  const ids: (string | undefined)[] = [];
  const places = new Map<string, number>();
  let values = new Int8Array(expected * dimensions);
  let inverseLengths = new Float32Array(expected);

  const grow = (): void => {
    const larger = new Int8Array(values.length * 2);
    larger.set(values);
    values = larger;
    const more = new Float32Array(inverseLengths.length * 2);
    more.set(inverseLengths);
    inverseLengths = more;
  };

  return {
    dimensions,
    get size() {
      return places.size;
    },
    add(id, vector) {
      if (vector.length !== dimensions) {
        throw new RangeError(`The vector of ${id} has ${vector.length} dimensions, the index ${dimensions}`);
      }
      const place = places.get(id) ?? ids.length;
      if (place * dimensions >= values.length) grow();
      ids[place] = id;
      places.set(id, place);
      values.set(vector, place * dimensions);
      inverseLengths[place] = 1 / (lengthOf(vector) || 1);
    },
    remove(id) {
      const place = places.get(id);
      if (place === undefined) return;
      places.delete(id);
      ids[place] = undefined;
      inverseLengths[place] = 0;
    },
    closest(query, most, least = 0) {
      const best = createBest(most);
      const scale = 1 / (lengthOf(query) || 1);
      for (let place = 0; place < ids.length; place++) {
        const closeness = dot(values, place * dimensions, query) * (inverseLengths[place] ?? 0) * scale;
        if (closeness >= least && closeness > best.floor() && ids[place] !== undefined)
          best.offer(place, closeness);
      }
      return best.sorted().map(({ place, closeness }) => ({ id: ids[place] ?? "", closeness }));
    },
  };
}

/** Four sums at once, so that the processor need not wait for each addition. */
function dot(values: Int8Array, offset: number, query: Int8Array): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  const length = query.length & ~3;
  for (let i = 0; i < length; i += 4) {
    a += (values[offset + i] ?? 0) * (query[i] ?? 0);
    b += (values[offset + i + 1] ?? 0) * (query[i + 1] ?? 0);
    c += (values[offset + i + 2] ?? 0) * (query[i + 2] ?? 0);
    d += (values[offset + i + 3] ?? 0) * (query[i + 3] ?? 0);
  }
  for (let i = length; i < query.length; i++) a += (values[offset + i] ?? 0) * (query[i] ?? 0);
  return a + b + c + d;
}

function lengthOf(vector: Int8Array): number {
  let squares = 0;
  for (const value of vector) squares += value * value;
  return Math.sqrt(squares);
}

interface Offer {
  readonly place: number;
  readonly closeness: number;
}

/** Keeps the best `most` offers: a sorted list, for the few that a page shows. */
function createBest(most: number): {
  floor(): number;
  offer(place: number, closeness: number): void;
  sorted(): Offer[];
} {
  const offers: Offer[] = [];
  return {
    floor: () =>
      offers.length < most
        ? Number.NEGATIVE_INFINITY
        : (offers[most - 1]?.closeness ?? Number.POSITIVE_INFINITY),
    offer(place, closeness) {
      let [low, high] = [0, offers.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((offers[middle]?.closeness ?? 0) >= closeness) low = middle + 1;
        else high = middle;
      }
      offers.splice(low, 0, { place, closeness });
      if (offers.length > most) offers.pop();
    },
    sorted: () => offers,
  };
}
