/**
 * Who we are, for the person who reads the server's log: product, version, where to complain, and for how
 * many readers we ask (one fetch serves them all).
 */
export function userAgentOf(version: string, contactUrl: string, subscribers: number): string {
  const contact = contactUrl.replace(/[^\x21-\x7e]|[()]/g, "");
  const count = Math.max(0, Math.floor(subscribers));
  return `Paperwire/${version} (+${contact}; ${count} ${count === 1 ? "subscriber" : "subscribers"})`;
}
