import { createHash } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { BatchOutcome, ChannelKind } from "./channel.ts";
import { mimeOf, readMail, storeMail } from "./mime.ts";

const place = z.object({ file: z.string().regex(/^[\w.-]+\.eml$/) });

/**
 * Writes each mail as an `.eml` file to `$PAPERWIRE_HOME/outbox`. The name follows from the delivery, and
 * a file appears whole or not at all: writing it twice leaves one file.
 */
export const outbox: ChannelKind = {
  id: "outbox",
  maxBatch: 1,
  perJob: 50,
  keyed: true,

  open(settings) {
    const folder = join(settings.home, "outbox");
    return {
      async prepare(messages) {
        const [message] = messages;
        if (message === undefined || messages.length > 1)
          throw new RangeError("the outbox takes one message at a time");
        const { raw } = mimeOf(message);
        return storeMail({ file: fileOf(message.at, message.to, message.deliveryId) }, raw);
      },

      async send(request, { signal }) {
        const { head, raw } = readMail(request);
        const { file } = place.parse(head);
        return { outcome: await write(folder, file, raw, signal) };
      },
    };
  },
};

/** `20260608T060000Z-reader-at-example.org-1a2b3c4d5e6f.eml`: sorts by time, readable, one per delivery. */
function fileOf(at: string, to: string, deliveryId: string): string {
  const time = at.replace(/\.\d+/, "").replace(/[^\dTZ]/g, "");
  const address = to
    .replace("@", "-at-")
    .replace(/[^A-Za-z0-9.-]+/g, "_")
    .slice(0, 60);
  return `${time}-${address}-${createHash("sha256").update(deliveryId).digest("hex").slice(0, 12)}.eml`;
}

async function write(folder: string, file: string, raw: Buffer, signal: AbortSignal): Promise<BatchOutcome> {
  try {
    signal.throwIfAborted();
    await mkdir(folder, { recursive: true });
    await writeWhole(folder, file, raw, signal);
    return { kind: "answered", members: [{ kind: "accepted", providerId: file }] };
  } catch (error) {
    return { kind: "deferred", delayMs: 60_000, burnsAttempt: false, reason: sentenceOf(error, folder) };
  }
}

async function writeWhole(folder: string, file: string, raw: Buffer, signal: AbortSignal): Promise<void> {
  const temporary = join(folder, `.${file}.${process.pid}.part`);
  const handle = await open(temporary, "w", 0o600);
  try {
    await handle.writeFile(raw, { signal });
    await handle.sync();
    await rename(temporary, join(folder, file));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
  await syncFolder(folder);
}

/** Makes the rename itself survive a power cut, where the system can. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function sentenceOf(error: unknown, folder: string): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
      return `The disk that holds ${folder} is full; the mail waits until there is room.`;
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return `${folder} cannot be written; give this user the right to write there.`;
    case "ENOTDIR":
    case "EEXIST":
      return `${folder} is not a folder; move the file that has its name away.`;
    case "ABORT_ERR":
      return "Writing the mail was interrupted; it is written again.";
    default:
      return `The mail could not be written to ${folder} (${code || "no code"}); it is tried again.`;
  }
}
