import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";

/** What a link may do. A token for one purpose does nothing else. */
export const purposes = [
  "confirm",
  "preferences",
  "unsubscribe",
  "feedback",
  "export",
  "delete",
  "digest",
] as const;
export type Purpose = (typeof purposes)[number];

export interface Token {
  readonly purpose: Purpose;
  readonly readerId: string;
  /** The reader's `token_epoch` when it was made: raising that ends every link. */
  readonly epoch: number;
  /** A paper, a digest, … as the purpose needs. */
  readonly about?: string;
  /** Real time, seconds since 1970; no end when absent. */
  readonly expiresAt?: number;
}

const shape = z.tuple([z.enum(purposes), z.uuid(), z.int(), z.string().nullable(), z.number().nullable()]);

/** Signs a token; the same token always has the same text, so that the same mail has the same bytes. */
export function signToken(token: Token, secretKey: string): string {
  const body = Buffer.from(
    JSON.stringify([
      token.purpose,
      token.readerId,
      token.epoch,
      token.about ?? null,
      token.expiresAt ?? null,
    ]),
  ).toString("base64url");
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
  const parsed = shape.safeParse(JSON.parse(Buffer.from(body, "base64url").toString("utf8")));
  if (!parsed.success) return undefined;
  const [signedFor, readerId, epoch, about, expiresAt] = parsed.data;
  if (signedFor !== purpose || (expiresAt !== null && expiresAt * 1000 < now)) return undefined;
  return {
    purpose,
    readerId,
    epoch,
    ...(about === null ? {} : { about }),
    ...(expiresAt === null ? {} : { expiresAt }),
  };
}

function macOf(body: string, secretKey: string): string {
  return createHmac("sha256", secretKey).update(body).digest("base64url");
}
