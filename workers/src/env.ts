import { resolve } from "node:path";
import { UsageError } from "@paperwire/core";
import { z } from "zod";

const port = z.coerce.number().int().min(0).max(65_535);
const concurrency = z.coerce.number().int().min(1).max(256);
const httpUrl = z.url({ protocol: /^https?$/ });

/** Every setting, in the order of `.env.example`. Required means required: no secret has a default. */
const schema = z
  .object({
    DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
    REDIS_URL: z
      .string()
      .regex(/^(rediss?|redis\+sentinel|redis\+cluster):\/\/\S+$/)
      .optional(),
    PAPERWIRE_HOME: z.string().min(1).default(".paperwire"),
    PUBLIC_URL: httpUrl.optional(),
    HOST: z.string().min(1).default("127.0.0.1"),
    PORT: port.default(8080),
    SECRET_KEY: z.string().min(32).optional(),
    REDIS_PREFIX: z
      .string()
      .regex(/^[A-Za-z0-9_-]+$/)
      .default("paperwire"),
    MAIL_TRANSPORT: z.enum(["outbox", "smtp", "resend"]).default("outbox"),
    MAIL_FROM: z
      .string()
      .regex(/\S+@\S+/)
      .optional(),
    MAIL_CONTACT: z.string().optional(),
    SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
    RESEND_API_KEY: z.string().min(1).optional(),
    RESEND_BASE_URL: httpUrl.optional(),
    RESEND_WEBHOOK_SECRET: z.string().min(1).optional(),
    FETCH_ALLOW_PRIVATE: z.string().default(""),
    FETCH_CONTACT: z.string().optional(),
    WEBSUB: z.enum(["auto", "on", "off"]).default("auto"),
    EMBEDDINGS_URL: httpUrl.optional(),
    ADMIN_TOKEN: z.string().min(16).optional(),
    LOG_LEVEL: z.enum(["silent", "error", "warn", "info", "debug"]).default("info"),
    FETCH_CONCURRENCY: concurrency.optional(),
    INGEST_CONCURRENCY: concurrency.optional(),
    CLASSIFY_CONCURRENCY: concurrency.optional(),
    MATCH_CONCURRENCY: concurrency.optional(),
    DIGEST_CONCURRENCY: concurrency.optional(),
    DELIVER_CONCURRENCY: concurrency.optional(),
    PUBLISH_CONCURRENCY: concurrency.optional(),
    DELIVER_TIMEOUT_MS: z.coerce.number().int().min(1_000).max(600_000).default(60_000),
    SHUTDOWN_GRACE_MS: z.coerce.number().int().min(0).max(600_000).default(10_000),
  })
  .superRefine((env, context) => {
    const need = (key: keyof typeof env, because: string) => {
      if (env[key] === undefined)
        context.addIssue({ code: "custom", path: [key], message: `is required ${because}` });
    };
    if (env.MAIL_TRANSPORT === "smtp") need("SMTP_URL", "when MAIL_TRANSPORT=smtp");
    if (env.MAIL_TRANSPORT === "resend") need("RESEND_API_KEY", "when MAIL_TRANSPORT=resend");
    if (env.MAIL_TRANSPORT !== "outbox") need("MAIL_FROM", `when MAIL_TRANSPORT=${env.MAIL_TRANSPORT}`);
    if (env.DATABASE_URL !== undefined) {
      need(
        "SECRET_KEY",
        "with DATABASE_URL (all processes must share it); make one with: openssl rand -hex 32",
      );
    }
  });

export const settingNames = Object.keys(schema.shape) as (keyof Env)[];
export type Env = z.infer<typeof schema>;

export interface Settings extends Env {
  /** Absolute. */
  readonly home: string;
  readonly publicUrl: string;
  /** PORT was set: another port will not do. */
  readonly portIsChosen: boolean;
  readonly mailFrom: string;
}

/**
 * Parses the environment once. An empty value counts as absent.
 * @throws UsageError that lists every problem at once.
 */
export function parseEnv(environment: Record<string, string | undefined>): Settings {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ""),
  );
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `  ${issue.path.join(".")} ${sentenceOf(issue)}`);
    throw new UsageError(
      `The settings cannot be used:\n${[...new Set(problems)].join("\n")}\nChange them and start again; .env.example describes each.`,
    );
  }
  const env = parsed.data;
  return {
    ...env,
    home: resolve(env.PAPERWIRE_HOME),
    portIsChosen: given.PORT !== undefined,
    publicUrl: (
      env.PUBLIC_URL ?? `http://${env.HOST.includes(":") ? `[${env.HOST}]` : env.HOST}:${env.PORT}`
    ).replace(/\/+$/, ""),
    mailFrom: env.MAIL_FROM ?? "Paperwire <digest@localhost>",
  };
}

/** The environment of this process; the only place that reads it. `defaults` yield to it, `overrides` do not. */
export function readEnv(
  defaults: Record<string, string | undefined> = {},
  overrides: Record<string, string | undefined> = {},
): Settings {
  return parseEnv({ ...defaults, ...process.env, ...overrides });
}

/** The part of the environment that child processes of the operating system need. */
export function childEnvironment(): Record<string, string | undefined> {
  return { ...process.env };
}

function sentenceOf(issue: z.core.$ZodIssue): string {
  const wanted: Record<string, string> = {
    DATABASE_URL: "must look like postgres://user:password@host:5432/database",
    REDIS_URL: "must look like redis://host:6379, rediss://…, redis+sentinel://… or redis+cluster://…",
    SECRET_KEY: "must have 32 characters or more; make one with: openssl rand -hex 32",
    PORT: "must be a port number, 0 to 65535",
    SMTP_URL: "must look like smtp://user:password@host:587 or smtps://host:465",
  };
  if (issue.code === "custom") return issue.message;
  const name = String(issue.path[0] ?? "");
  return wanted[name] ?? `is not usable (${issue.message})`;
}
