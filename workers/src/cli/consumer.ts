import { randomBytes } from "node:crypto";
import { PermanentError, UsageError } from "@paperwire/core";
import { consumers, events } from "@paperwire/db";
import { consumerQueue } from "../runtime/queues.ts";
import { parseCount } from "./events.ts";
import { type Common, withContext } from "./run-command.ts";
import { clean } from "./source.ts";

interface AddOptions extends Common {
  readonly queue?: boolean;
  readonly webhook?: string;
  readonly topic: string[];
  readonly from?: string;
}

export async function addConsumer(name: string, options: AddOptions): Promise<void> {
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(name))
    throw new UsageError(`"${name}" cannot be a consumer's name: use small letters, digits and hyphens.`);
  if ((options.queue === true) === (options.webhook !== undefined))
    throw new UsageError("Say how it takes events: either --queue or --webhook URL.");
  if (options.webhook !== undefined && !/^https?:\/\//.test(options.webhook))
    throw new UsageError("--webhook needs an address with http:// or https://.");
  await withContext(options, async ({ db, clock }, output) => {
    await events.number(db);
    const cursor =
      options.from === undefined
        ? (await events.range(db)).last
        : parseCount("--from", options.from, Number.MAX_SAFE_INTEGER);
    const secret = options.webhook === undefined ? undefined : `whsec_${randomBytes(24).toString("base64")}`;
    const added = await consumers.insertNew(db, {
      name,
      kind: options.queue === true ? "queue" : "webhook",
      url: options.webhook ?? null,
      secret: secret ?? null,
      topics: options.topic,
      cursor,
      createdAt: clock.now(),
    });
    if (!added)
      throw new UsageError(`There is a consumer "${name}" already. Remove it first, or choose another name.`);
    output.result(
      clean({
        name,
        kind: options.queue ? "queue" : "webhook",
        queue: options.queue ? consumerQueue(name) : undefined,
        secret,
        cursor,
      }),
    );
    output.say(
      options.queue
        ? `Events after ${cursor} go to the BullMQ queue ${consumerQueue(name)}.`
        : `Events after ${cursor} are posted to ${options.webhook}.`,
    );
    if (secret !== undefined)
      output.say(`Check their signatures (Standard Webhooks) with the secret ${secret}`);
  });
}

export async function listConsumers(options: Common): Promise<void> {
  await withContext(options, async ({ db }, output) => {
    const { last } = await events.range(db);
    for (const one of await consumers.list(db)) {
      output.result(
        clean({
          name: one.name,
          kind: one.kind,
          url: one.url,
          topics: one.topics,
          cursor: one.cursor,
          behind: last - one.cursor,
          failures: one.failures,
          lastError: one.lastError,
        }),
      );
      output.say(
        `${one.name}  ${one.kind}  at ${one.cursor} of ${last}${one.lastError === null ? "" : `  ${one.lastError}`}`,
      );
    }
  });
}

export async function removeConsumer(name: string, options: Common): Promise<void> {
  await withContext(options, async ({ db }, output) => {
    if (!(await consumers.remove(db, name))) throw new PermanentError(`There is no consumer "${name}".`);
    output.result({ removed: name });
    output.say(`${name} gets no more events.`);
  });
}

export async function replayConsumer(name: string, options: Common & { from: string }): Promise<void> {
  const cursor = parseCount("--from", options.from, Number.MAX_SAFE_INTEGER);
  await withContext(options, async ({ db }, output) => {
    const { first } = await events.range(db);
    if (cursor > 0 && cursor < first - 1)
      throw new UsageError(
        `Events up to ${first - 1} are gone (90 days). Replay from ${first - 1} or later.`,
      );
    if (!(await consumers.update(db, name, { cursor, failures: 0, retryAt: null, lastError: null })))
      throw new PermanentError(`There is no consumer "${name}".`);
    output.result({ name, cursor });
    output.say(`${name} gets everything after ${cursor} again.`);
  });
}
