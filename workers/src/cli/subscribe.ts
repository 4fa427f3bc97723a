import { canonicalCategory, categoryName, UsageError } from "@paperwire/core";
import { topics } from "@paperwire/db";
import { subscribeReader } from "../readers/subscribe.ts";
import type { Context } from "../runtime/context.ts";
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
    const notes = await unknownTopics(context, options.topic);
    output.result(notes.length === 0 ? done : { ...done, notes });
    output.say(
      `${done.isNew ? "New reader" : "Reader"} ${done.email}: “${done.subscription.name}”${done.subscription.query === undefined ? "" : ` (${done.subscription.query})`}`,
    );
    output.say(
      done.confirmed
        ? `The next digest is due at ${done.nextDigestAt} (${done.schedule}).`
        : "A confirmation mail goes out with the next drain; nothing else is sent before it is answered.",
    );
    for (const note of notes) output.say(note);
  });
}

/** A topic that nobody defined and no paper has would match nothing, for ever and without a word. */
async function unknownTopics({ db }: Context, named: readonly string[]): Promise<string[]> {
  const notes: string[] = [];
  const own = new Set(named.length === 0 ? [] : (await topics.list(db)).map(({ slug }) => slug));
  for (const name of named) {
    const code = canonicalCategory(name);
    if (categoryName(code) !== undefined || own.has(name.toLowerCase())) continue;
    if ((await topics.countsBy(db, name.toLowerCase())).length > 0) continue;
    notes.push(
      `No paper has the topic "${name}" and nobody defined it, so it brings nothing yet: define it with paperwire topics add, or follow it by meaning with --like.`,
    );
  }
  return notes;
}

function count(flag: string, text: string, most: number): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > most) {
    throw new UsageError(`${flag} ${text} cannot be used: give a whole number from 1 to ${most}.`);
  }
  return number;
}
