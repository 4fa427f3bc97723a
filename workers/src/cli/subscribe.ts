import { UsageError } from "@paperwire/core";
import { subscribeReader } from "../readers/subscribe.ts";
import { type Common, parseNow, withContext } from "./run-command.ts";

interface SubscribeOptions extends Common {
  readonly name?: string;
  readonly query?: string;
  readonly topic: string[];
  readonly category: string[];
  readonly author: string[];
  readonly like: string[];
  readonly trending?: string;
  readonly cadence?: string;
  readonly at?: string;
  readonly tz?: string;
  readonly days?: string;
  readonly max?: string;
  readonly confirmed?: boolean;
  readonly now?: string;
}

export async function subscribe(email: string, options: SubscribeOptions): Promise<void> {
  const wanted = {
    email,
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.query === undefined ? {} : { query: options.query }),
    topics: options.topic,
    categories: options.category,
    authors: options.author,
    likes: options.like,
    ...(options.trending === undefined ? {} : { trending: count("--trending", options.trending, 100) }),
    ...(options.cadence === undefined ? {} : { cadence: options.cadence }),
    ...(options.at === undefined ? {} : { at: options.at }),
    ...(options.tz === undefined ? {} : { zone: options.tz }),
    ...(options.days === undefined ? {} : { days: options.days }),
    ...(options.max === undefined ? {} : { maxPapers: count("--max", options.max, 200) }),
    confirmed: options.confirmed === true,
  };
  await withContext(options, async (context, output) => {
    const done = await subscribeReader(context, wanted, parseNow(options.now) ?? context.clock.now());
    output.result(done);
    output.say(
      `${done.isNew ? "New reader" : "Reader"} ${done.email}: “${done.subscription.name}”${done.subscription.query === undefined ? "" : ` (${done.subscription.query})`}`,
    );
    output.say(
      done.confirmed
        ? `The next digest is due at ${done.nextDigestAt} (${done.schedule}).`
        : "A confirmation mail goes out with the next drain; nothing else is sent before it is answered.",
    );
  });
}

function count(flag: string, text: string, most: number): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > most) {
    throw new UsageError(`${flag} ${text} cannot be used: give a whole number from 1 to ${most}.`);
  }
  return number;
}
