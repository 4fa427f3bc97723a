import { Readable } from "node:stream";
import { UsageError } from "@paperwire/core";
import nodemailer from "nodemailer";
import { z } from "zod";
import type { BatchOutcome, ChannelKind } from "./channel.ts";
import { mimeOf, readMail, storeMail } from "./mime.ts";

const envelope = z.object({ from: z.string(), to: z.string() });

/** How far the conversation got: the server can only have taken the message once its last dot was written. */
type Phase = "before-data" | "in-data" | "all-written";

/**
 * Sends over a pool of SMTP connections (`SMTP_URL`, `smtp://` with STARTTLS where offered or `smtps://`).
 * SMTP has no keys: after the final dot a missing answer is *uncertain*, whatever the cause
 * (RFC 5321 §4.5.3.2.6 and RFC 1047 say why it cannot be known).
 */
export const smtp: ChannelKind = {
  id: "smtp",
  maxBatch: 1,
  perJob: 50,
  keyed: false,

  open(settings) {
    const options = poolOptions(settings.smtpUrl);
    const pool = nodemailer.createTransport(options);
    const written = new WeakMap<object, Writing>();
    // Hands the pool our own stream, which is read only once the server has answered 354 to DATA, and
    // anew if the pool moves a mail to another connection before that.
    pool.use("stream", (mail, done) => {
      const raw = mail.data.raw;
      const writing = Buffer.isBuffer(raw) ? written.get(raw) : undefined;
      if (writing !== undefined) mail.message.createReadStream = () => writing.stream();
      done();
    });
    return {
      parallel: options.maxConnections,

      async prepare(messages) {
        const [message] = messages;
        if (message === undefined || messages.length > 1)
          throw new RangeError("SMTP takes one message at a time");
        const { from, to, raw } = mimeOf(message);
        return storeMail({ from, to }, raw);
      },

      async send(request, { signal }) {
        const { head, raw: bytes } = readMail(request);
        const { from, to } = envelope.parse(head);
        const writing = watchWriting(bytes);
        written.set(bytes, writing);
        try {
          const sent = await pool.sendMail({
            envelope: { from, to: [to] },
            raw: bytes,
            signal,
            dsn: { return: "headers", notify: ["failure", "delay"] },
          });
          const providerId = queueIdOf(sent.response);
          const member = { kind: "accepted", ...(providerId === undefined ? {} : { providerId }) } as const;
          return { outcome: { kind: "answered", members: [member] } };
        } catch (error) {
          return { outcome: smtpOutcomeOf(toSmtpFailure(error), writing.phase()) };
        }
      },

      close: () => pool.close(),
    };
  },
};

interface Writing {
  /** The message, to be read once per connection that gets it. */
  stream(): Readable;
  phase(): Phase;
}

function watchWriting(bytes: Buffer): Writing {
  let phase: Phase = "before-data";
  return {
    phase: () => phase,
    stream: () =>
      Readable.from(
        (function* () {
          phase = "in-data";
          yield bytes;
          phase = "all-written";
        })(),
        { objectMode: false },
      ),
  };
}

export interface SmtpFailure {
  /** The server's reply code, where it gave one. */
  readonly responseCode?: number;
  readonly response?: string;
  /** Nodemailer's code: `EAUTH`, `ECONNECTION`, `ETLS`, `EENVELOPE`, `EMESSAGE`, … */
  readonly code?: string;
}

/** What a failed SMTP conversation means for the message. */
export function smtpOutcomeOf(failure: SmtpFailure, phase: Phase): BatchOutcome {
  const { responseCode, code = "no code" } = failure;
  const said =
    responseCode === undefined ? code : `${responseCode} ${enhancedCodeOf(failure.response)}`.trim();
  if (
    code === "EAUTH" ||
    code === "ENOAUTH" ||
    (responseCode !== undefined && SENDER_CODES.has(responseCode))
  ) {
    const reason = `The SMTP server refuses us (${said}); check user, password and sender in SMTP_URL and MAIL_FROM.`;
    return { kind: "rejected", reason, scope: "sender" };
  }
  if (responseCode !== undefined && responseCode >= 500) {
    return { kind: "rejected", reason: `The SMTP server refused the mail (${said}).`, scope: "message" };
  }
  if (responseCode !== undefined && responseCode >= 400) {
    const ours = responseCode === 421 || responseCode === 454 || responseCode === 432;
    return {
      kind: "deferred",
      delayMs: ours ? 60_000 : 300_000,
      burnsAttempt: !ours,
      reason: `The SMTP server asked to try later (${said}).`,
    };
  }
  if (phase === "all-written") {
    return {
      kind: "uncertain",
      reason: `The SMTP server gave no answer after the whole mail was written (${said}).`,
      park: true,
    };
  }
  return {
    kind: "deferred",
    delayMs: 30_000,
    burnsAttempt: false,
    reason: `The SMTP server could not be reached or broke off before the mail was written (${said}).`,
  };
}

/** Authentication required, failed or too weak; encryption required. */
const SENDER_CODES = new Set([530, 534, 535, 538]);

/** RFC 3463 code only: a server's free text may quote addresses. */
function enhancedCodeOf(response = ""): string {
  return /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(response)?.[0] ?? "";
}

function toSmtpFailure(error: unknown): SmtpFailure {
  const shape = z.object({
    responseCode: z.number().int().optional().catch(undefined),
    response: z.string().optional().catch(undefined),
    code: z.string().optional().catch(undefined),
  });
  const { responseCode, response, code } = shape.parse(error);
  return {
    ...(responseCode === undefined ? {} : { responseCode }),
    ...(response === undefined ? {} : { response }),
    ...(code === undefined ? {} : { code }),
  };
}

function queueIdOf(response: string | undefined): string | undefined {
  return /queued as ([\w.-]{1,80})/i.exec(response ?? "")?.[1];
}

/** How `SMTP_URL` is connected to. Throws UsageError when it cannot be used. */
export function poolOptions(smtpUrl: string | undefined) {
  const url = smtpUrl !== undefined && URL.canParse(smtpUrl) ? new URL(smtpUrl) : undefined;
  if (url === undefined || !/^smtps?:$/.test(url.protocol) || url.hostname === "") {
    throw new UsageError(
      "MAIL_TRANSPORT=smtp needs SMTP_URL, such as smtp://user:password@mail.example.org:587 or smtps://user:password@mail.example.org:465.",
    );
  }
  // A password must not cross a network in the clear because someone removed STARTTLS from the greeting.
  if (
    url.username !== "" &&
    url.protocol === "smtp:" &&
    !LOCAL.test(url.hostname) &&
    !url.searchParams.has("ignoreTLS")
  ) {
    url.searchParams.set("requireTLS", "true");
  }
  return {
    url: url.href,
    pool: true as const,
    maxConnections: Number(url.searchParams.get("maxConnections") ?? 5),
    maxMessages: Number(url.searchParams.get("maxMessages") ?? 100),
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    // The caller's signal decides; this only frees connections nobody waits for (RFC 5321 §4.5.3.2.6: 10 minutes).
    socketTimeout: 600_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

const LOCAL = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
