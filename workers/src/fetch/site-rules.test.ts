import { expect, test } from "vitest";
import { loopbackAllowed, startOrigin } from "./local-origin.ts";
import { createFetchAgents } from "./pinned-agent.ts";
import { askSiteRules } from "./site-rules.ts";

test.each([
  [200, "User-agent: *\nDisallow: /private", "/a", true],
  [200, "User-agent: Paperwire\nDisallow: /", "/a", false],
  [404, "", "/a", true],
  [403, "", "/a", true],
  [410, "", "/a", true],
  [500, "", "/a", false],
  [429, "", "/a", false],
])("a site that answers %i with %j lets us read %s: %s", async (status, body, path, allowed) => {
  const origin = await startOrigin((_, response) => response.writeHead(status).end(body));
  const agents = createFetchAgents({ allowPrivate: loopbackAllowed });
  const request = { trusted: true, userAgent: "Paperwire/test" };
  expect(await askSiteRules(`${origin.url}${path}`, request, { agents })).toMatchObject({ allowed });
  expect(origin.asked[0]?.url).toBe("/robots.txt");
  await agents.close();
  await origin.close();
});
