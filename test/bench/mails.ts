import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type DigestMail, renderDigest } from "@paperwire/core";
import { type DigestItem, itemsOf } from "@paperwire/core/digest/digest.ts";
import { sampleMail } from "@paperwire/core/digest/sample-mail.ts";
import type { Channel, Message } from "@paperwire/workers/channels/channel.ts";
import { openChannel } from "@paperwire/workers/channels/index.ts";

/**
 * Frozen digests of ten papers, rendered, made into requests and handed to a provider double in a process of
 * its own: `node test/bench/mails.ts [resend|smtp] [mails]`. Beside it, what the double takes of the same
 * requests when they are sent from memory. No database: this is the cost of rendering and of the wire.
 */
const transport = process.argv[2] === "smtp" ? "smtp" : "resend";
const count = Number(process.argv[3] ?? (transport === "resend" ? 20_000 : 5_000));
const perRequest = transport === "resend" ? 100 : 1;
const inFlight = transport === "resend" ? 4 : 20;

const double = spawn(
  process.execPath,
  [fileURLToPath(new URL(`../harness/${transport}-double.ts`, import.meta.url))],
  {
    stdio: ["ignore", "pipe", "inherit"],
  },
);
try {
  const url = await new Promise<string>((resolve) => {
    double.stdout.once("data", (line: Buffer) => resolve(JSON.parse(line.toString()).url));
  });
  const channel = openChannel(transport, {
    home: "/nonexistent",
    ...(transport === "resend"
      ? { resendApiKey: "re_bench", resendBaseUrl: url }
      : { smtpUrl: `${url}?maxConnections=20&maxMessages=10000` }),
  });
  const ten = tenPapers();
  await run(channel, "warm-up", perRequest * 20, (from) => requestOf(channel, ten, from));
  const heap = process.memoryUsage().rss;
  const ours = await run(channel, "rendered", count, (from) => requestOf(channel, ten, from));
  const grown = process.memoryUsage().rss - heap;
  const stored = await requestOf(channel, ten, 0);
  const memory = await run(channel, "memory", count, async () => stored);
  console.log(
    `${transport}: ${count} mails of ten papers, ${perRequest} a request, ${inFlight} requests at a time`,
  );
  console.log(
    `rendered and sent: ${Math.round(ours.perSecond)} mails/s, ${ours.cpuMs.toFixed(2)} ms CPU per mail in the sender`,
  );
  console.log(
    `sent from memory:  ${Math.round(memory.perSecond)} mails/s, ${memory.cpuMs.toFixed(2)} ms CPU per mail in the sender`,
  );
  console.log(`memory grew by ${Math.round(grown / 1e6)} MB over the run`);
  channel.close?.();
} finally {
  double.kill("SIGTERM");
}

async function run(
  channel: Channel,
  name: string,
  mails: number,
  requestFor: (from: number) => Promise<Buffer>,
): Promise<{ readonly perSecond: number; readonly cpuMs: number }> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  let next = 0;
  const work = async () => {
    while (next < mails) {
      const from = next;
      next += perRequest;
      const options = {
        idempotencyKey: `${name}-${from}`,
        count: perRequest,
        signal: AbortSignal.timeout(60_000),
      };
      const { outcome } = await channel.send(await requestFor(from), options);
      if (outcome.kind !== "answered") throw new Error(`${outcome.kind}: ${outcome.reason}`);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, work));
  const used = process.cpuUsage(cpu);
  return {
    perSecond: (mails / (performance.now() - start)) * 1000,
    cpuMs: (used.user + used.system) / 1000 / mails,
  };
}

async function requestOf(channel: Channel, mail: DigestMail, from: number): Promise<Buffer> {
  const messages = Array.from({ length: perRequest }, (_, i): Message => {
    const {
      shown: _shown,
      moved: _moved,
      ...rendered
    } = renderDigest({ ...mail, digestId: `digest-${from + i}` });
    return {
      ...rendered,
      deliveryId: `delivery-${from + i}`,
      to: `reader${from + i}@example.org`,
      from: "Paperwire <digest@example.org>",
      at: "2026-06-08T06:00:00Z",
      tags: { delivery: `delivery-${from + i}` },
    };
  });
  return channel.prepare(messages);
}

function tenPapers(): DigestMail {
  const sample = sampleMail();
  const items: DigestItem[] = [0, 1].flatMap((turn) =>
    itemsOf(sample.digest).map((item) => ({ ...item, paperId: `${item.paperId}-${turn}` })),
  );
  const sections = [
    { subscriptionId: "s1", name: "First interest", items: items.slice(0, 5) },
    { subscriptionId: "s2", name: "Second interest", items: items.slice(5) },
  ];
  return { ...sample, digest: { ...sample.digest, sections } };
}
