import { expect, test } from "vitest";
import { packRequest, unpackRequest } from "./packed-request.ts";

test.for([0, 1, 70_000, 2_000_000])("a request of %i letters comes back as it was", async (length) => {
  const request = Buffer.from(JSON.stringify({ html: "é<td>".repeat(length / 5 + 1).slice(0, length) }));
  const packed = await packRequest(request);
  expect(await unpackRequest(packed)).toEqual(request);
  if (length > 1000) expect(packed.length).toBeLessThan(request.length / 10);
});

test("a request that an older release stored unpacked is read as it is", async () => {
  const stored = Buffer.from('[{"to":"é"}]');
  expect(await unpackRequest(stored)).toEqual(stored);
});
