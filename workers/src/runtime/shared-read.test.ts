import { expect, test } from "vitest";
import { sharedRead } from "./shared-read.ts";

test("whoever asks at the same time is answered by one statement, each key once", async () => {
  const asked: (readonly string[])[] = [];
  const read = sharedRead(async (keys) => {
    asked.push(keys);
    return new Map(keys.filter((key) => key !== "none").map((key) => [key, key.toUpperCase()]));
  });
  expect(await Promise.all([read("a"), read("b"), read("a"), read("none")])).toEqual([
    "A",
    "B",
    "A",
    undefined,
  ]);
  expect(asked).toEqual([["a", "b", "none"]]);
  expect(await read("a")).toBe("A");
  expect(asked).toHaveLength(2);
});

test("a statement that fails fails for those who asked, and the next one is made", async () => {
  let calls = 0;
  const read = sharedRead(async (keys) => {
    calls += 1;
    if (calls === 1) throw new Error("no connection");
    return new Map(keys.map((key) => [key, calls]));
  });
  const first = await Promise.allSettled([read("a"), read("b")]);
  expect(first.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(await read("a")).toBe(2);
});

test("more keys than one statement takes are asked for in turn", async () => {
  const sizes: number[] = [];
  const read = sharedRead(async (keys) => {
    sizes.push(keys.length);
    return new Map(keys.map((key) => [key, key]));
  }, 2);
  expect(await Promise.all(["a", "b", "c"].map(read))).toEqual(["a", "b", "c"]);
  expect(sizes).toEqual([2, 1]);
});
