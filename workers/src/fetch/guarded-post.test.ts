import { afterEach, expect, test } from "vitest";
import { guardedPost } from "./guarded-post.ts";
import { loopbackAllowed, startOrigin } from "./local-origin.ts";
import { createFetchAgents } from "./pinned-agent.ts";

const closing: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const it of closing.splice(0).reverse()) await it.close();
});

const agents = () => {
  const made = createFetchAgents({ allowPrivate: loopbackAllowed });
  closing.push(made);
  return made;
};
const post = { body: "{}", headers: { "content-type": "application/json" } };

test("what is posted arrives as it is, and the answer's status and patience come back", async () => {
  let body = "";
  const origin = await startOrigin(async (request, response) => {
    for await (const chunk of request) body += chunk;
    response.writeHead(429, { "retry-after": "7" }).end("busy");
  });
  closing.push(origin);
  expect(await guardedPost({ ...post, url: origin.url, trusted: true }, agents())).toEqual({
    kind: "answered",
    status: 429,
    retryAfterMs: 7_000,
  });
  expect(body).toBe("{}");
  expect(origin.asked[0]).toMatchObject({ method: "POST" });
});

test("a redirect is an answer and is not followed", async () => {
  const origin = await startOrigin((_, response) =>
    response.writeHead(307, { location: "/elsewhere" }).end(),
  );
  closing.push(origin);
  expect(await guardedPost({ ...post, url: origin.url, trusted: true }, agents())).toMatchObject({
    status: 307,
  });
  expect(origin.asked).toHaveLength(1);
});

test("a stranger's address must be public, whatever the operator's list says", async () => {
  const origin = await startOrigin((_, response) => response.end());
  closing.push(origin);
  expect(await guardedPost({ ...post, url: origin.url, trusted: false }, agents())).toMatchObject({
    kind: "refused",
  });
  expect(await guardedPost({ ...post, url: "http://127.0.0.1/", trusted: false }, agents())).toMatchObject({
    kind: "refused",
    sentence: expect.stringContaining("loopback"),
  });
  expect(origin.asked).toHaveLength(0);
});

test("silence ends in time, a cut connection at once, and a stop with its own reason", async () => {
  const stop = new AbortController();
  const origin = await startOrigin((request) => {
    if (request.url === "/cut") request.socket.destroy();
    if (request.url === "/stop") stop.abort(new Error("shutting down"));
  });
  closing.push(origin);
  const to = (path: string) => ({ ...post, url: `${origin.url}${path}`, trusted: true, timeoutMs: 100 });
  expect(await guardedPost(to("/silent"), agents())).toMatchObject({ kind: "failed", cause: "timeout" });
  expect(await guardedPost(to("/cut"), agents())).toMatchObject({ kind: "failed", cause: "protocol" });
  const stopped = guardedPost({ ...to("/stop"), timeoutMs: 10_000, signal: stop.signal }, agents());
  await expect(stopped).rejects.toThrow("shutting down");
});
