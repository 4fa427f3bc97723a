/** The array itself if it has room for `length` values, otherwise a copy with twice the room. */
export function withRoom(array: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  if (length <= array.length) return array;
  const larger = new Int32Array(Math.max(length, array.length * 2, 64));
  larger.set(array);
  return larger;
}
