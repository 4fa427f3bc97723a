import { type Work, worksWithAbstracts } from "./works.ts";

let pool: Work[] | undefined;

/**
 * Works of one step, none the same as in another. There are fewer recorded papers than a large archive holds, so
 * later steps recombine them: half of one title with half of another's, the authors of a third, the abstract of a
 * fourth. Words stay as common as they are.
 */
export function growingWorks(step: number, count: number): Work[] {
  pool ??= worksWithAbstracts();
  const real = pool;
  return Array.from({ length: count }, (_, at) => {
    const one = real[at % real.length] as Work;
    if (step === 0 && at < real.length) return one;
    const other = pick(real, at, step * 7919 + 1);
    const number = step * count + at;
    return {
      ...one,
      arxivId: `20${String(1 + Math.floor(number / 100_000)).padStart(2, "0")}.${String(number % 100_000).padStart(5, "0")}`,
      title: joined(one.title, other.title),
      authors: pick(real, at, step * 104_729 + 3).authors,
      abstract: pick(real, at, step * 1_299_709 + 7).abstract,
      doi: one.doi === undefined ? undefined : `10.5557/${number}`,
    };
  });
}

function pick(works: readonly Work[], at: number, stride: number): Work {
  return works[(at * 31 + stride) % works.length] as Work;
}

function joined(one: string, other: string): string {
  const [first, second] = [one.split(" "), other.split(" ")];
  return [
    ...first.slice(0, Math.ceil(first.length / 2)),
    ...second.slice(Math.floor(second.length / 2)),
  ].join(" ");
}
