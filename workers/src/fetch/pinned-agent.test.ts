import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { parseAllowList } from "./address-rules.ts";
import { fetchOwn, type Origin, startOrigin } from "./local-origin.ts";
import { createFetchAgents, type FetchAgents, type Resolve } from "./pinned-agent.ts";
import { politeFetch } from "./polite-fetch.ts";

const closing: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const it of closing.splice(0).reverse()) await it.close();
});

async function originAt(host: string, body = "feed"): Promise<Origin> {
  const origin = await startOrigin((_, response) => response.end(body), host);
  closing.push(origin);
  return origin;
}

function agentsWith(resolve: Resolve, allow: string): FetchAgents {
  const agents = createFetchAgents({ allowPrivate: parseAllowList(allow), resolve });
  closing.push(agents);
  return agents;
}

/** Answers each look-up with the next list of addresses, and counts. */
function scripted(...answers: readonly string[][]): Resolve & { readonly asked: string[] } {
  const asked: string[] = [];
  const resolve: Resolve = (host, answer) => {
    const addresses = answers[Math.min(asked.length, answers.length - 1)] ?? [];
    asked.push(host);
    answer(
      null,
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })),
    );
  };
  return Object.assign(resolve, { asked });
}

function ask(url: string, agents: FetchAgents, trusted = true) {
  return politeFetch({ url, trusted, userAgent: "Paperwire/test" }, { agents });
}

describe("a name that leads to a forbidden address", () => {
  test("is refused although it is the operator's, when the address is not on the list", async () => {
    const origin = await originAt("127.0.0.1");
    const agents = agentsWith(scripted(["127.0.0.1"]), "10.0.0.0/8");
    expect(await ask(`http://feeds.example:${origin.port}/`, agents)).toMatchObject({
      kind: "refused",
      reason: "address",
      sentence:
        "feeds.example leads to 127.0.0.1, a loopback address. Only public addresses are fetched; if it is yours, name it in FETCH_ALLOW_PRIVATE.",
    });
    expect(origin.asked).toHaveLength(0);
  });

  test("is refused for a stranger although the list has it", async () => {
    const agents = agentsWith(scripted(["127.0.0.1"]), "127.0.0.0/8");
    expect(await ask("http://feeds.example/", agents, false)).toMatchObject({
      kind: "refused",
      reason: "address",
    });
  });

  test.each([
    [["127.0.0.1", "10.0.0.1"]],
    [["10.0.0.1", "127.0.0.1"]],
    [["127.0.0.1", "::1"]],
    [["127.0.0.1", "64:ff9b::a00:1"]],
  ])("is refused when only one of its addresses is forbidden: %j", async (addresses) => {
    const origin = await originAt("127.0.0.1");
    const agents = agentsWith(scripted(addresses), "127.0.0.1");
    expect(await ask(`http://feeds.example:${origin.port}/`, agents)).toMatchObject({ kind: "refused" });
    expect(origin.asked).toHaveLength(0);
  });
});

describe("a name that answers differently the second time (rebinding)", () => {
  test("is looked up once per connection, and the socket goes to the address that was checked", async () => {
    const checked = await originAt("127.0.0.2", "checked");
    const resolve = scripted(["127.0.0.2"], ["127.0.0.3"]);
    const agents = agentsWith(resolve, "127.0.0.2");
    const url = `http://feeds.example:${checked.port}/`;
    expect(await ask(url, agents)).toMatchObject({ kind: "fetched", bytes: Buffer.from("checked") });
    expect(resolve.asked).toEqual(["feeds.example"]);
    expect(await ask(url, agents)).toMatchObject({ kind: "refused", reason: "address" });
    expect(checked.asked).toHaveLength(1);
  });

  test("is checked again at a redirect to itself", async () => {
    const origin = await startOrigin(
      (_, response) => response.writeHead(302, { location: "/next" }).end(),
      "127.0.0.2",
    );
    closing.push(origin);
    const agents = agentsWith(scripted(["127.0.0.2"], ["169.254.169.254"]), "127.0.0.2");
    expect(await ask(`http://feeds.example:${origin.port}/`, agents)).toMatchObject({
      kind: "refused",
      sentence: expect.stringContaining("a link-local address"),
    });
  });
});

describe("an address instead of a name", () => {
  test("is checked although nothing is looked up", async () => {
    const origin = await originAt("127.0.0.1");
    expect(await fetchOwn(origin.url, {}, createFetchAgents())).toMatchObject({
      kind: "refused",
      reason: "address",
    });
    expect(origin.asked).toHaveLength(0);
  });

  test("is checked by the agent itself, for callers that come without politeFetch", async () => {
    const origin = await originAt("127.0.0.1");
    const agents = agentsWith(scripted(["127.0.0.1"]), "127.0.0.1");
    await expect(
      agents.agentFor(false).request({ origin: origin.url, path: "/", method: "GET" }),
    ).rejects.toThrow("a loopback address");
    expect(origin.asked).toHaveLength(0);
  });

  test("that is mapped into IPv6 is the IPv4 address", async () => {
    const origin = await originAt("127.0.0.1");
    expect(
      await fetchOwn(`http://[::ffff:127.0.0.1]:${origin.port}/`, {}, createFetchAgents()),
    ).toMatchObject({
      kind: "refused",
      sentence: expect.stringContaining("a loopback address"),
    });
  });
});

test("a stranger's request does not ride on a connection that was opened for the operator", async () => {
  const origin = await originAt("127.0.0.1");
  const agents = agentsWith(scripted(["127.0.0.1"]), "127.0.0.1");
  expect(await ask(origin.url, agents)).toMatchObject({ kind: "fetched" });
  await expect(
    agents.agentFor(false).request({ origin: origin.url, path: "/", method: "GET" }),
  ).rejects.toThrow();
  expect(origin.asked).toHaveLength(1);
});

test("proxy settings of the environment are not used, so they cannot carry a request past the check", async () => {
  const proxy = await originAt("127.0.0.1", "from the proxy");
  const names = ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "NODE_USE_ENV_PROXY"];
  const before = names.map((name) => [name, process.env[name]] as const);
  for (const name of names) process.env[name] = name === "NODE_USE_ENV_PROXY" ? "1" : proxy.url;
  try {
    const agents = agentsWith(scripted(["10.0.0.1"]), "127.0.0.1");
    expect(await ask("http://feeds.example/", agents)).toMatchObject({ kind: "refused" });
    expect(await ask("http://10.0.0.1/", agents)).toMatchObject({ kind: "refused" });
    expect(proxy.asked).toHaveLength(0);
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
});

test("a connection that is never made ends with a sentence", async () => {
  const agents = createFetchAgents({ resolve: () => {}, connectTimeoutMs: 100 });
  closing.push(agents);
  expect(await ask("http://feeds.example/", agents)).toMatchObject({
    kind: "failed",
    cause: "timeout",
    unreachable: true,
    networkDown: false,
    sentence: "feeds.example did not accept the connection in time.",
  });
});

test("an encryption that is never agreed on counts as a connection that is never made", async () => {
  const silent = createTcpServer((socket) => socket.on("error", () => {}).resume());
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  closing.push({ close: () => new Promise((resolve) => silent.close(resolve)) });
  const agents = createFetchAgents({ allowPrivate: parseAllowList("127.0.0.1"), connectTimeoutMs: 100 });
  closing.push(agents);
  const { port } = silent.address() as AddressInfo;
  expect(await ask(`https://127.0.0.1:${port}/`, agents)).toMatchObject({ kind: "failed", cause: "timeout" });
});
