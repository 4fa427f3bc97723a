import { afterEach, describe, expect, test } from "vitest";
import { parseAllowList } from "./address-rules.ts";
import { fetchOwn, type Origin, startOrigin } from "./local-origin.ts";
import { createFetchAgents, type Resolve } from "./pinned-agent.ts";
import { politeFetch } from "./polite-fetch.ts";

const closing: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const it of closing.splice(0).reverse()) await it.close();
});

/** `/301/302/end` redirects once permanently, once for now, and ends. */
async function originOfHops(host = "127.0.0.1"): Promise<Origin> {
  const origin = await startOrigin((request, response) => {
    const [, status, rest] = /^\/(\d{3})(\/.*)$/.exec(request.url ?? "") ?? [];
    if (status === undefined) return void response.end("end");
    response.writeHead(Number(status), { location: rest }).end("moved");
  }, host);
  closing.push(origin);
  return origin;
}

describe("where a source says it has moved", () => {
  test.each([
    ["/301/end", true],
    ["/308/301/end", true],
    ["/302/end", false],
    ["/307/end", false],
    ["/303/end", false],
    ["/301/302/end", false],
    ["/302/301/end", false],
    ["/end", false],
  ])("is believed only when every hop is permanent: %s", async (path, moved) => {
    const { url } = await originOfHops();
    const outcome = await fetchOwn(url + path);
    expect(outcome).toMatchObject({ kind: "fetched", finalUrl: `${url}/end` });
    expect("permanentUrl" in outcome ? outcome.permanentUrl : undefined).toBe(
      moved ? `${url}/end` : undefined,
    );
  });
});

test("five redirects are followed, the sixth is not", async () => {
  const origin = await originOfHops();
  expect(await fetchOwn(`${origin.url}${"/302".repeat(5)}/end`)).toMatchObject({
    kind: "fetched",
    redirects: 5,
  });
  expect(await fetchOwn(`${origin.url}${"/302".repeat(6)}/end`)).toMatchObject({
    kind: "refused",
    reason: "redirects",
  });
});

test.each([302, 301])("a %i without a usable Location is a failure", async (status) => {
  const origin = await startOrigin((request, response) => {
    if (request.url === "/bad") response.setHeader("location", "http://[");
    response.writeHead(status).end();
  });
  closing.push(origin);
  expect(await fetchOwn(origin.url)).toMatchObject({ kind: "failed", cause: "protocol" });
  expect(await fetchOwn(`${origin.url}/bad`)).toMatchObject({ kind: "failed", cause: "protocol" });
});

describe("a redirect into a private network", () => {
  test.each([
    "http://169.254.169.254/latest/meta-data/",
    "http://10.0.0.1/",
    "http://[::ffff:10.0.0.1]/",
    "http://0x0a000001/",
    "//2002:a00:1::1/",
    "file:///etc/passwd",
    "gopher://127.0.0.1/",
  ])("is refused: %s", async (location) => {
    const origin = await startOrigin((_, response) => response.writeHead(302, { location }).end());
    closing.push(origin);
    const outcome = await fetchOwn(origin.url);
    expect(outcome.kind === "refused" || (outcome.kind === "failed" && outcome.cause === "protocol")).toBe(
      true,
    );
  });

  test("may go from one of the operator's own hosts to another of them", async () => {
    const inner = await originOfHops("127.0.0.2");
    const outer = await startOrigin((_, response) =>
      response.writeHead(302, { location: `${inner.url}/x` }).end(),
    );
    closing.push(outer);
    const agents = createFetchAgents({ allowPrivate: parseAllowList("127.0.0.0/30") });
    expect(await fetchOwn(outer.url, {}, agents)).toMatchObject({
      kind: "fetched",
      finalUrl: `${inner.url}/x`,
    });
  });

  test("may not start at a public host, also for a source that the operator added", async () => {
    const inner = await originOfHops("127.0.0.2");
    const outside = await startOrigin((_, response) =>
      response.writeHead(302, { location: `${inner.url}/x` }).end(),
    );
    closing.push(outside);
    // The name's address is not private to the rules of this test: only 127.0.0.2 is on the list.
    const agents = createFetchAgents({
      allowPrivate: parseAllowList(`127.0.0.2, outside.example`),
      resolve: toLoopback,
    });
    closing.push(agents);
    const url = `http://outside.example:${outside.port}/`;
    const asPublic = { ...agents, isOwnHost: (at: URL) => at.hostname !== "outside.example" };
    const outcome = await politeFetch(
      { url, trusted: true, userAgent: "Paperwire/test" },
      { agents: asPublic },
    );
    expect(outcome).toMatchObject({ kind: "refused", reason: "address" });
    expect(outside.asked).toHaveLength(1);
    expect(inner.asked).toHaveLength(0);
  });
});

describe("what belongs to the first origin", () => {
  test("a key and a password stay with it, and neither shows in the outcome", async () => {
    const other = await startOrigin((_, response) => response.end("end"), "127.0.0.2");
    const origin = await startOrigin((request, response) => {
      const location = request.url === "/" ? "/here" : `http://u:p@127.0.0.2:${other.port}/there`;
      response.writeHead(302, { location }).end();
    });
    closing.push(other, origin);
    const agents = createFetchAgents({ allowPrivate: parseAllowList("127.0.0.0/30") });
    const url = `http://ann:s%20e@127.0.0.1:${origin.port}/`;
    const outcome = await fetchOwn(url, { headers: { "x-api-key": "k" } }, agents);
    expect(origin.asked.map(({ headers }) => [headers.authorization, headers["x-api-key"]])).toEqual([
      [`Basic ${btoa("ann:s e")}`, "k"],
      [`Basic ${btoa("ann:s e")}`, "k"],
    ]);
    expect(other.asked[0]?.headers).not.toHaveProperty("authorization");
    expect(other.asked[0]?.headers).not.toHaveProperty("x-api-key");
    expect(outcome).toMatchObject({ kind: "fetched", finalUrl: `http://127.0.0.2:${other.port}/there` });
  });
});

const toLoopback: Resolve = (_, answer) => answer(null, [{ address: "127.0.0.1", family: 4 }]);
