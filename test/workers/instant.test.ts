import { join } from "node:path";
import { parseEnv } from "@paperwire/workers/env.ts";
import { subscribeReader } from "@paperwire/workers/readers/subscribe.ts";
import { drain } from "@paperwire/workers/runtime/drain.ts";
import { openContext } from "@paperwire/workers/runtime/open-context.ts";
import { standingClock } from "@paperwire/workers/runtime/product-clock.ts";
import { expect } from "vitest";
import { test } from "../harness/fixtures.ts";
import { mailsIn } from "../scenario/scripted-day.ts";

const minute = (minutes: number) => new Date(Date.UTC(2026, 5, 8, 9, minutes));

function feedOf(titles: readonly string[]): string {
  const entries = titles.map(
    (
      title,
      index,
    ) => `<entry><id>urn:${index}</id><title>${title}</title><link href="https://journal.example/${index}"/>
<published>2026-06-08T09:00:00Z</published><author><name>Ann Body ${index}</name></author></entry>`,
  );
  return `<feed xmlns="http://www.w3.org/2005/Atom"><title>Journal</title><id>urn:j</id>${entries.join("")}</feed>`;
}

test("an instant interest mails at once, and what follows within half an hour comes together after it", async ({
  databaseUrl,
  folder,
  origin,
}) => {
  let now = minute(0);
  const settings = parseEnv({
    DATABASE_URL: databaseUrl,
    SECRET_KEY: "0123456789abcdef0123456789abcdef",
    PAPERWIRE_HOME: folder,
    FETCH_ALLOW_PRIVATE: origin.host,
    LOG_LEVEL: "error",
  });
  const clock = {
    get state() {
      return standingClock(now).state;
    },
    now: () => now,
  };
  const context = await openContext(settings, { clock, poolSize: 24 });
  try {
    await context.db
      .insertInto("sources")
      .values({
        id: "j",
        url: `${origin.url}/j.xml`,
        kind: "feed",
        everyMinutes: 15,
        nextFetchAt: new Date(0),
        createdAt: now,
      })
      .execute();
    await subscribeReader(
      context,
      { email: "ivy@example.org", query: "wombat", cadence: "instant", confirmed: true },
      now,
    );
    const listed: string[] = [];
    for (const [at, title] of [
      [0, "Wombat gaits"],
      [16, "Wombat burrows"],
      [32, "Wombat calls"],
      [48, "Nothing of interest"],
    ] as const) {
      now = minute(at);
      listed.push(title);
      origin.serve("/j.xml", { body: feedOf(listed), type: "application/atom+xml" });
      await context.db
        .updateTable("sources")
        .set({ nextFetchAt: new Date(0), dueFor: null })
        .execute();
      expect((await drain(context)).failedJobs).toBe(0);
    }
    expect(await mailsIn(join(folder, "outbox"))).toEqual({
      "ivy@example.org 2026-06-08": ["Wombat gaits"],
      "ivy@example.org 2026-06-08 again": ["Wombat burrows", "Wombat calls"],
    });
  } finally {
    await context.close();
  }
});
