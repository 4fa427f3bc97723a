/**
 * A short fingerprint of bytes (two multiplicative hashes of 32 bits): `<prefix>-` and thirteen hexadecimal digits.
 * It tells versions of a learned model apart; it is no protection against forgery.
 */
export function versionOf(bytes: Uint8Array, prefix: string): string {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (const byte of bytes) {
    a = Math.imul(a ^ byte, 2654435761);
    b = Math.imul(b ^ byte, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return `${prefix}-${(2 ** 32 * (2097151 & b) + (a >>> 0)).toString(16).padStart(14, "0").slice(-13)}`;
}
