import { randomOf } from "../topics/random.ts";
import type { WordMatrix } from "./cooccurrence.ts";

/**
 * The `rank` largest positive eigenvalues' share of a symmetric matrix as one row for each word: eigenvectors times
 * eigenvalues to the power `power`, by randomised subspace iteration (Halko, Martinsson and Tropp 2011, SIAM Review
 * 53). Answers `size` × `rank` numbers; columns beyond the number of positive eigenvalues are zero.
 */
export function factorise(
  matrix: WordMatrix,
  rank: number,
  seed: number,
  power = 0.25,
  rounds = 2,
): Float32Array {
  const width = Math.min(matrix.size, rank + 16);
  const random = randomOf(seed);
  let basis = Float32Array.from({ length: matrix.size * width }, () => random() + random() + random() - 1.5);
  for (let round = 0; round <= rounds; round++) {
    basis = multiply(matrix, basis, width);
    orthonormalise(basis, matrix.size, width);
  }
  const small = transposedProduct(basis, multiply(matrix, basis, width), matrix.size, width);
  const { values, vectors } = eigen(small, width);
  const order = Array.from(values, (_, i) => i)
    .filter((i) => (values[i] ?? 0) > 0)
    .sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0))
    .slice(0, rank);
  const rotation = new Float64Array(width * rank);
  order.forEach((from, to) => {
    const factor = (values[from] ?? 0) ** power;
    for (let i = 0; i < width; i++) rotation[i * rank + to] = (vectors[i * width + from] ?? 0) * factor;
  });
  return rotated(basis, rotation, matrix.size, width, rank);
}

function multiply(
  { size, starts, columns, values }: WordMatrix,
  dense: Float32Array,
  width: number,
): Float32Array<ArrayBuffer> {
  const product = new Float32Array(size * width);
  const sum = new Float32Array(width);
  for (let row = 0; row < size; row++) {
    sum.fill(0);
    const end = starts[row + 1] ?? 0;
    for (let at = starts[row] ?? 0; at < end; at++) {
      const offset = (columns[at] ?? 0) * width;
      const value = values[at] ?? 0;
      for (let i = 0; i < width; i++) sum[i] = (sum[i] ?? 0) + value * (dense[offset + i] ?? 0);
    }
    product.set(sum, row * width);
  }
  return product;
}

function transposedProduct(a: Float32Array, b: Float32Array, size: number, width: number): Float64Array {
  const product = new Float64Array(width * width);
  for (let row = 0; row < size; row++) {
    const offset = row * width;
    for (let i = 0; i < width; i++) {
      const value = a[offset + i] ?? 0;
      for (let j = 0; j < width; j++) {
        product[i * width + j] = (product[i * width + j] ?? 0) + value * (b[offset + j] ?? 0);
      }
    }
  }
  return product;
}

/** Columns become orthonormal, in place: Cholesky's factor of their products, twice for accuracy. */
function orthonormalise(dense: Float32Array, size: number, width: number): void {
  for (let pass = 0; pass < 2; pass++) {
    const factor = cholesky(transposedProduct(dense, dense, size, width), width);
    for (let row = 0; row < size; row++) {
      const offset = row * width;
      for (let i = 0; i < width; i++) {
        let value = dense[offset + i] ?? 0;
        for (let j = 0; j < i; j++) value -= (factor[i * width + j] ?? 0) * (dense[offset + j] ?? 0);
        dense[offset + i] = value / (factor[i * width + i] ?? 1);
      }
    }
  }
}

/** Lower factor; a column that depends on those before it is given a tiny length instead of none. */
function cholesky(product: Float64Array, width: number): Float64Array {
  const factor = new Float64Array(width * width);
  for (let column = 0; column < width; column++) {
    for (let row = column; row < width; row++) {
      let value = product[row * width + column] ?? 0;
      for (let i = 0; i < column; i++)
        value -= (factor[row * width + i] ?? 0) * (factor[column * width + i] ?? 0);
      const least = 1e-12 * (product[column * width + column] ?? 0) + 1e-30;
      factor[row * width + column] =
        row === column ? Math.sqrt(Math.max(value, least)) : value / (factor[column * width + column] ?? 1);
    }
  }
  return factor;
}

/** Eigenvalues and vectors (columns) of a small symmetric matrix by Jacobi's rotations. */
function eigen(matrix: Float64Array, width: number): { values: Float64Array; vectors: Float64Array } {
  const a = matrix.slice();
  const vectors = new Float64Array(width * width);
  for (let i = 0; i < width; i++) vectors[i * width + i] = 1;
  for (let i = 0; i < width; i++) {
    for (let j = 0; j < i; j++) {
      const mean = ((a[i * width + j] ?? 0) + (a[j * width + i] ?? 0)) / 2;
      a[i * width + j] = mean;
      a[j * width + i] = mean;
    }
  }
  const size = Math.sqrt(a.reduce((sum, value) => sum + value * value, 0));
  for (let sweep = 0; sweep < 15; sweep++) {
    let turned = 0;
    for (let p = 0; p < width; p++) {
      for (let q = p + 1; q < width; q++) {
        const off = a[p * width + q] ?? 0;
        if (Math.abs(off) <= 1e-10 * size) continue;
        turned++;
        const theta = ((a[q * width + q] ?? 0) - (a[p * width + p] ?? 0)) / (2 * off);
        const tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const cosine = 1 / Math.sqrt(tangent * tangent + 1);
        const sine = tangent * cosine;
        for (let k = 0; k < width; k++) turn(a, k * width + p, k * width + q, cosine, sine);
        for (let k = 0; k < width; k++) turn(a, p * width + k, q * width + k, cosine, sine);
        for (let k = 0; k < width; k++) turn(vectors, k * width + p, k * width + q, cosine, sine);
      }
    }
    if (turned === 0) break;
  }
  return { values: Float64Array.from({ length: width }, (_, i) => a[i * width + i] ?? 0), vectors };
}

function turn(list: Float64Array, i: number, j: number, cosine: number, sine: number): void {
  const [x, y] = [list[i] ?? 0, list[j] ?? 0];
  list[i] = cosine * x - sine * y;
  list[j] = sine * x + cosine * y;
}

function rotated(
  basis: Float32Array,
  rotation: Float64Array,
  size: number,
  width: number,
  rank: number,
): Float32Array {
  const rows = new Float32Array(size * rank);
  for (let row = 0; row < size; row++) {
    for (let i = 0; i < width; i++) {
      const value = basis[row * width + i] ?? 0;
      for (let k = 0; k < rank; k++) {
        rows[row * rank + k] = (rows[row * rank + k] ?? 0) + value * (rotation[i * rank + k] ?? 0);
      }
    }
  }
  return rows;
}
