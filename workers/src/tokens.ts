import { createHmac, timingSafeEqual } from "node:crypto";

/** What a link may do, and how a token says so. A token for one purpose does nothing else. */
const letters = {
  confirm: "c",
  preferences: "p",
  unsubscribe: "u",
  feedback: "f",
  export: "e",
  delete: "x",
  digest: "d",
} as const;
export type Purpose = keyof typeof letters;

export interface Token {
  readonly purpose: Purpose;
  readonly readerId: string;
  /** The reader's `token_epoch` when it was made: raising that ends every link. */
  readonly epoch: number;
  /** The UUID of a paper, a digest, … as the purpose needs. */
  readonly about?: string;
  /** Real time, seconds since 1970; no end when absent. */
  readonly expiresAt?: number;
}

/**
 * Signs a token; the same token always has the same text, so that the same mail has the same bytes. A digest of ten
 * papers shows sixty of them, so they are short: `<purpose>~<reader>~<epoch>~<about>~<end>`, ids in 22 letters, the
 * MAC cut to 128 bits (RFC 2104 §5 asks for half of the hash at least).
 */
export function signToken(token: Token, secretKey: string): string {
  const { purpose, readerId, epoch, about, expiresAt } = token;
  const body = [
    letters[purpose],
    packId(readerId),
    epoch.toString(36),
    about === undefined ? "" : packId(about),
    expiresAt?.toString(36) ?? "",
  ]
    .join("~")
    .replace(/~+$/, "");
  return `${body}.${macOf(body, secretKey)}`;
}

/** The token behind a text, if we signed it for this purpose and it has not expired. The epoch is the caller's to check. */
export function readToken(
  text: string,
  purpose: Purpose,
  secretKey: string,
  now = Date.now(),
): Token | undefined {
  const [body = "", mac = "", ...rest] = text.split(".");
  const wanted = Buffer.from(macOf(body, secretKey));
  const given = Buffer.from(mac);
  if (rest.length > 0 || wanted.length !== given.length || !timingSafeEqual(wanted, given)) return undefined;
  const [signedFor, readerId = "", epoch = "", about = "", end = ""] = body.split("~");
  const expiresAt = end === "" ? undefined : Number.parseInt(end, 36);
  if (signedFor !== letters[purpose] || (expiresAt !== undefined && expiresAt * 1000 < now)) return undefined;
  return {
    purpose,
    readerId: unpackId(readerId),
    epoch: Number.parseInt(epoch, 36),
    ...(about === "" ? {} : { about: unpackId(about) }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function packId(id: string): string {
  return Buffer.from(id.replaceAll("-", ""), "hex").toString("base64url");
}

function unpackId(packed: string): string {
  const hex = Buffer.from(packed, "base64url").toString("hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export const sayings = ["more", "less", "save"] as const;
export type Said = (typeof sayings)[number];

/**
 * What a reader says of a paper: the signed token of the reader and digest, one for all its links, with the word and
 * the paper behind it in the clear. Whoever holds the link may say any of the three of any paper, for this reader only.
 */
export function feedbackToken(signed: string, said: Said, paperId: string): string {
  return `${signed}.${said}.${packId(paperId)}`;
}

/** @returns undefined where the text has not this form; the signed part is the caller's to check. */
export function parseFeedbackToken(
  text: string,
): { readonly signed: string; readonly said: Said; readonly paperId: string } | undefined {
  const [body, mac, word, packed = "", ...rest] = text.split(".");
  const said = sayings.find((one) => one === word);
  const paperId = unpackId(packed);
  if (said === undefined || !uuid.test(paperId) || rest.length > 0) return undefined;
  return { signed: `${body}.${mac}`, said, paperId };
}

function macOf(body: string, secretKey: string): string {
  return createHmac("sha256", secretKey).update(body).digest("base64url").slice(0, 22);
}
