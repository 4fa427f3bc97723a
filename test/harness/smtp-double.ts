import { createHash } from "node:crypto";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { type FaultOptions, faultOptionsOf, faultScript, optionsOf } from "./fault-script.ts";

/** One mail transaction as the double saw it; in the log file, one JSON line. */
export interface RecordedMail {
  /** From 1. */
  readonly n: number;
  readonly at: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly fault: string;
  /** The mail went out: the final dot came and was accepted. */
  readonly delivered: boolean;
  /** Of the bytes between DATA and the dot; empty where none came whole. */
  readonly sha256: string;
  readonly messageId: string;
  readonly raw?: string;
}

export interface SmtpDoubleOptions extends FaultOptions {
  readonly port?: number;
  /** Appended to before anything is answered; read again at start. */
  readonly logFile?: string;
  readonly keepMails?: boolean;
  /** Wants `AUTH PLAIN` or `LOGIN` with this password. */
  readonly password?: string;
}

export interface SmtpDouble {
  /** `smtp://127.0.0.1:port` */
  readonly url: string;
  readonly mails: readonly RecordedMail[];
  /** Recipients of every mail that went out, one entry per mail. */
  readonly delivered: readonly string[];
  setScript(faults: readonly string[]): void;
  setRate(rate: number): void;
  close(): Promise<void>;
}

/**
 * Faults for random runs. All of them, one per mail: `ok`, `slow:MS` (before the last answer); at the
 * greeting: `greet:421`; `mail:CODE`, `rcpt:CODE`, `data:CODE` (before the text), `dot:CODE` (after it);
 * `reset-before-data`, `reset-in-data`, `reset-after-dot`, `hang-after-dot`: not accepted;
 * `accept-reset`, `accept-hang`, `accept-garbage`: accepted, and not answered so.
 */
export const smtpFaults = [
  "greet:421",
  "mail:451",
  "rcpt:450",
  "data:451",
  "dot:452",
  "reset-before-data",
  "reset-in-data",
  "reset-after-dot",
  "slow:200",
  "accept-reset",
] as const;

/** An SMTP server that keeps every mail and follows a script of faults. `XSCRIPT a,b` over a connection sets the script. */
export async function startSmtpDouble(options: SmtpDoubleOptions = {}): Promise<SmtpDouble> {
  const mails: RecordedMail[] = [];
  const delivered: string[] = [];
  const sockets = new Set<Socket>();
  const faults = faultScript({ pool: smtpFaults, ...options });
  if (options.logFile !== undefined && existsSync(options.logFile)) {
    for (const line of readFileSync(options.logFile, "utf8").split("\n"))
      if (line !== "") keep(JSON.parse(line));
  }

  /** A fault for the greeting is taken by the next connection; any other waits for the next mail. */
  let waiting: string | undefined;
  function greetingFault(): string | undefined {
    waiting ??= faults.next();
    if (!waiting.startsWith("greet:")) return undefined;
    const fault = waiting;
    waiting = undefined;
    return fault;
  }
  function mailFault(): string {
    const fault = waiting ?? faults.next();
    waiting = undefined;
    return fault.startsWith("greet:") ? "ok" : fault;
  }

  function keep(mail: RecordedMail): void {
    mails.push(mail);
    if (mail.delivered) delivered.push(...mail.to);
  }

  const server = createServer((socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    const atGreeting = greetingFault();
    if (atGreeting !== undefined) {
      socket.end(`${atGreeting.slice(6)} 4.3.2 try later\r\n`);
      return;
    }
    converse(socket, {
      ...options,
      nextFault: mailFault,
      setScript: (script) => {
        waiting = undefined;
        faults.set(script);
      },
      record(mail) {
        const { raw, ...line } = { n: mails.length + 1, at: new Date().toISOString(), ...mail };
        // On record before anybody can learn of it.
        if (options.logFile !== undefined) appendFileSync(options.logFile, `${JSON.stringify(line)}\n`);
        keep(options.keepMails === true && raw !== undefined ? { ...line, raw } : line);
      },
    });
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    delivered,
    setRate: faults.setRate,
    setScript(script) {
      waiting = undefined;
      faults.set(script);
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

interface Conversation {
  readonly password?: string;
  nextFault(): string;
  setScript(script: readonly string[]): void;
  record(mail: Omit<RecordedMail, "n" | "at">): void;
}

function converse(socket: Socket, { password, nextFault, setScript, record }: Conversation): void {
  let buffer = "";
  let mode: "command" | "data" | "auth-user" | "auth-password" = "command";
  let fault = "ok";
  let from = "";
  let to: string[] = [];
  let authenticated = password === undefined;
  const say = (line: string) => socket.write(`${line}\r\n`);
  say("220 double ESMTP");
  socket.setEncoding("latin1");
  socket.on("data", (chunk: string) => {
    buffer += chunk;
    for (;;) {
      if (mode === "data") {
        if (fault === "reset-in-data") {
          lose();
          return;
        }
        const end = buffer.startsWith(".\r\n") ? 0 : buffer.indexOf("\r\n.\r\n");
        if (end < 0) return;
        const raw = buffer.slice(0, end + (end === 0 ? 0 : 2));
        buffer = buffer.slice(end + (end === 0 ? 3 : 5));
        mode = "command";
        finish(raw.replace(/^\.\./gm, "."));
        continue;
      }
      const end = buffer.indexOf("\r\n");
      if (end < 0) return;
      const line = buffer.slice(0, end);
      buffer = buffer.slice(end + 2);
      command(line);
    }
  });

  function command(line: string): void {
    if (mode === "auth-user") {
      mode = "auth-password";
      say("334 UGFzc3dvcmQ6");
      return;
    }
    if (mode === "auth-password") {
      mode = "command";
      authenticate(Buffer.from(line, "base64").toString());
      return;
    }
    const [verb = ""] = line.toUpperCase().split(/[ :]/);
    switch (verb) {
      case "EHLO":
        say(
          "250-double\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-DSN\r\n250-AUTH PLAIN LOGIN\r\n250 SIZE 20000000",
        );
        return;
      case "HELO":
      case "NOOP":
        say("250 ok");
        return;
      case "RSET":
        to = [];
        say("250 ok");
        return;
      case "XSCRIPT":
        setScript(
          line
            .slice(8)
            .split(",")
            .filter((one) => one !== ""),
        );
        say("250 ok");
        return;
      case "AUTH":
        startAuth(line);
        return;
      case "MAIL":
        mail(line);
        return;
      case "RCPT":
        if (refuses("rcpt")) return;
        to.push(/<([^>]*)>/.exec(line)?.[1] ?? "");
        say("250 2.1.5 ok");
        return;
      case "DATA":
        if (fault === "reset-before-data") {
          lose();
          return;
        }
        if (refuses("data")) return;
        mode = "data";
        say("354 go on");
        return;
      case "QUIT":
        socket.end("221 bye\r\n");
        return;
      default:
        say("502 5.5.2 unknown");
    }
  }

  function mail(line: string): void {
    if (!authenticated) {
      say("530 5.7.0 authentication required");
      return;
    }
    fault = nextFault();
    from = /<([^>]*)>/.exec(line)?.[1] ?? "";
    to = [];
    if (!refuses("mail")) say("250 2.1.0 ok");
  }

  function finish(raw: string): void {
    const accepted = /^(ok|slow:\d+|accept-(reset|hang|garbage))$/.test(fault);
    // Copied: a slice would keep the whole mail alive.
    const messageId = Buffer.from(/^Message-ID:\s*(<[^>]+>)/im.exec(raw)?.[1] ?? "").toString();
    const sha256 = createHash("sha256").update(raw, "latin1").digest("hex");
    record({ from, to, fault, delivered: accepted, sha256, messageId, raw });
    const [kind, detail] = fault.split(":");
    if (kind === "ok") say(`250 2.0.0 ok: queued as ${sha256.slice(0, 10)}`);
    else if (kind === "slow") setTimeout(() => say("250 2.0.0 ok: queued as slow"), Number(detail)).unref();
    else if (kind === "dot") say(`${detail} ${detail?.[0]}.0.0 no`);
    else if (kind === "accept-garbage") say("hello");
    else if (kind === "reset-after-dot" || kind === "accept-reset") socket.resetAndDestroy();
    else if (kind !== "hang-after-dot" && kind !== "accept-hang")
      throw new RangeError(`no such fault: ${fault}`);
  }

  /** `mail:451` and the like: the double says no at this step and the transaction is over. */
  function refuses(step: string): boolean {
    const [at, code = ""] = fault.split(":");
    if (at !== step) return false;
    record({ from, to, fault, delivered: false, sha256: "", messageId: "" });
    fault = "ok";
    say(`${code} ${code[0]}.0.0 no`);
    return true;
  }

  function lose(): void {
    record({ from, to, fault, delivered: false, sha256: "", messageId: "" });
    socket.resetAndDestroy();
  }

  function startAuth(line: string): void {
    const [, method = "", initial] = line.split(" ");
    if (method.toUpperCase() === "LOGIN") {
      mode = "auth-user";
      say("334 VXNlcm5hbWU6");
    } else
      authenticate(
        Buffer.from(initial ?? "", "base64")
          .toString()
          .split("\0")[2] ?? "",
      );
  }

  function authenticate(given: string): void {
    authenticated = password === undefined || given === password;
    say(authenticated ? "235 2.7.0 ok" : "535 5.7.8 wrong");
  }
}

if (import.meta.main) {
  const options = optionsOf(process.argv.slice(2));
  const logFile = options.get("log");
  const double = await startSmtpDouble({
    port: Number(options.get("port") ?? 0),
    ...(logFile === undefined ? {} : { logFile }),
    ...faultOptionsOf(options),
  });
  console.log(JSON.stringify({ url: double.url }));
  process.once("SIGTERM", () => void double.close());
}
