import { setImmediate } from "node:timers/promises";

interface Asker<V> {
  readonly resolve: (value: V | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * One statement for everybody who asks meanwhile: `load` is given the keys that were asked for while the one
 * before ran, each once, at most `most` of them. Resolves to undefined where it has nothing for a key.
 */
export function sharedRead<V>(
  load: (keys: readonly string[]) => Promise<ReadonlyMap<string, V>>,
  most = 100,
): (key: string) => Promise<V | undefined> {
  const waiting = new Map<string, Asker<V>[]>();
  let isMoving = false;
  const move = async () => {
    isMoving = true;
    await setImmediate();
    while (waiting.size > 0) {
      const group = [...waiting].slice(0, most);
      for (const [key] of group) waiting.delete(key);
      try {
        const found = await load(group.map(([key]) => key));
        for (const [key, askers] of group) for (const asker of askers) asker.resolve(found.get(key));
      } catch (error) {
        for (const [, askers] of group) for (const asker of askers) asker.reject(error);
      }
    }
    isMoving = false;
  };
  return (key) =>
    new Promise((resolve, reject) => {
      const asker = { resolve, reject };
      const there = waiting.get(key);
      if (there === undefined) waiting.set(key, [asker]);
      else there.push(asker);
      if (!isMoving) move().catch(reject);
    });
}
