import { startResendDouble } from "../harness/resend-double.ts";
import { startSmtpDouble } from "../harness/smtp-double.ts";

/** A provider that can be restarted and remembers what it took. */
export interface SoakProvider {
  readonly port: number;
  readonly keyed: boolean;
  /** What stands for a delivery in `taken`. */
  idOf(delivery: { readonly id: string; readonly digestId: string }): string;
  /** One entry per mail that went out. */
  taken(): readonly string[];
  /** What broke the rules of keys, in sentences. */
  wrong(): readonly string[];
  /** No more faults of its own. */
  calm(): void;
  restart(): Promise<void>;
  close(): Promise<void>;
}

const rate = 0.15;

export async function startProvider(
  transport: "resend" | "smtp",
  logFile: string,
  seed: number,
): Promise<SoakProvider> {
  return transport === "resend" ? resendProvider(logFile, seed) : smtpProvider(logFile, seed);
}

async function resendProvider(logFile: string, seed: number): Promise<SoakProvider> {
  let isCalm = false;
  const open = (port: number, life: number) =>
    startResendDouble({ logFile, port, rate: isCalm ? 0 : rate, seed: seed + life });
  let life = 0;
  let double = await open(0, life);
  const port = Number(new URL(double.url).port);
  return {
    port,
    keyed: true,
    idOf: ({ id }) => id,
    taken: () => double.requests.filter((one) => one.delivered.length > 0).flatMap((one) => one.digests),
    wrong() {
      const wrong: string[] = [];
      for (const [key, same] of Map.groupBy(double.requests, (request) => request.key)) {
        if (new Set(same.map(({ sha256 }) => sha256)).size > 1) wrong.push(`the bytes under ${key} changed`);
        const taken = same.filter((one) => one.delivered.length > 0);
        if (taken.length > 1) wrong.push(`${key} was taken ${taken.length} times`);
        for (const one of taken)
          if (one.delivered.length !== one.recipients.length) wrong.push(`${key} was taken in part`);
      }
      return wrong;
    },
    calm() {
      isCalm = true;
      double.setRate(0);
    },
    async restart() {
      await double.close();
      double = await open(port, ++life);
    },
    close: () => double.close(),
  };
}

async function smtpProvider(logFile: string, seed: number): Promise<SoakProvider> {
  let isCalm = false;
  const open = (port: number, life: number) =>
    startSmtpDouble({ logFile, port, rate: isCalm ? 0 : rate, seed: seed + life });
  let life = 0;
  let double = await open(0, life);
  const port = Number(new URL(double.url).port);
  return {
    port,
    keyed: false,
    idOf: ({ digestId }) => digestId,
    taken: () =>
      double.mails
        .filter((mail) => mail.delivered)
        .map(({ messageId }) => /^<digest\.([0-9a-f-]{36})@/.exec(messageId)?.[1] ?? messageId),
    wrong: () => [],
    calm() {
      isCalm = true;
      double.setRate(0);
    },
    async restart() {
      await double.close();
      double = await open(port, ++life);
    },
    close: () => double.close(),
  };
}
