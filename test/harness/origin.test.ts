import { describe, expect } from "vitest";
import { test } from "./fixtures.ts";

describe("the scriptable origin", () => {
  test("answers a known body with 304, by tag and by date", async ({ origin }) => {
    origin.serve("/feed", { body: "<rss/>", lastModified: "2026-06-08T00:00:00.500Z" });
    const first = await fetch(`${origin.url}/feed`);
    expect([first.status, await first.text()]).toEqual([200, "<rss/>"]);
    const etag = first.headers.get("etag") ?? "";
    const since = first.headers.get("last-modified") ?? "";
    const status = async (headers: Record<string, string>) =>
      (await fetch(`${origin.url}/feed`, { headers })).status;
    expect(await status({ "if-none-match": etag })).toBe(304);
    expect(await status({ "if-none-match": '"other"', "if-modified-since": since })).toBe(200);
    expect(await status({ "if-modified-since": since })).toBe(304);
    expect(origin.to("/feed").map((request) => request.status)).toEqual([200, 304, 200, 304]);
  });

  test("answers each simulated day with what was set for it", async ({ origin }) => {
    origin.serve("/feed", { body: "monday" }, "2026-06-08");
    origin.serve("/feed", { body: "wednesday" }, "2026-06-10");
    const read = async () => (await fetch(`${origin.url}/feed?x=1`)).text();
    expect(await read()).toBe("Not here.");
    const said: string[] = [];
    for (const day of ["2026-06-07", "2026-06-08", "2026-06-09", "2026-06-11"]) {
      origin.setDay(day);
      said.push(await read());
    }
    expect(said).toEqual(["Not here.", "monday", "monday", "wednesday"]);
    expect(origin.requests.at(-1)).toMatchObject({ path: "/feed?x=1", day: "2026-06-11", status: 200 });
  });

  test("asks for patience once, then answers", async ({ origin }) => {
    origin.serve("/api", [{ status: 429, retryAfter: 7 }, { body: "ok" }]);
    const first = await fetch(`${origin.url}/api`);
    expect([first.status, first.headers.get("retry-after")]).toEqual([429, "7"]);
    expect(await (await fetch(`${origin.url}/api`)).text()).toBe("ok");
    expect(await (await fetch(`${origin.url}/api`)).text()).toBe("ok");
  });

  test("redirects, cuts bodies, sends them slowly and falls silent", async ({ origin }) => {
    origin.serve("/old", { redirect: "/new" });
    origin.serve("/new", { body: "moved" });
    origin.serve("/cut", { body: "x".repeat(1000), cutAfter: 10 });
    origin.serve("/slow", { body: "abcdef", trickle: 2 });
    origin.serve("/silent", { outage: "silence" });
    expect(await (await fetch(`${origin.url}/old`)).text()).toBe("moved");
    await expect(fetch(`${origin.url}/cut`).then((response) => response.text())).rejects.toThrow();
    expect(await (await fetch(`${origin.url}/slow`)).text()).toBe("abcdef");
    await expect(fetch(`${origin.url}/silent`, { signal: AbortSignal.timeout(50) })).rejects.toThrow();
    origin.fail({ outage: "reset" });
    await expect(fetch(`${origin.url}/new`)).rejects.toThrow();
    origin.fail();
    expect((await fetch(`${origin.url}/new`)).status).toBe(200);
    expect(origin.requests.map((request) => request.status)).toEqual([
      302,
      200,
      200,
      200,
      undefined,
      undefined,
      200,
    ]);
  });

  test("remembers what was sent", async ({ origin }) => {
    origin.serve("/hook", (request) => ({ status: request.method === "POST" ? 202 : 405 }));
    await fetch(`${origin.url}/hook`, { method: "POST", body: "héllo", headers: { "x-a": "1" } });
    const [request] = origin.requests;
    expect(request).toMatchObject({ method: "POST", status: 202, headers: { "x-a": "1" } });
    expect(request?.body.toString()).toBe("héllo");
  });
});
