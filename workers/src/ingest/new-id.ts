import { randomUUID } from "node:crypto";

/**
 * A UUID of version 7 (RFC 9562 §5.7): milliseconds of real time, then random bits. New rows land side by side in
 * every index that begins with an id, so that a large archive costs no more to add to than a small one.
 */
export function newId(): string {
  const time = Date.now().toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}
