import type { PaperRecord } from "../../../packages/core/src/identity/record.ts";

/**
 * The same work as another catalogue might list it: the title in another spelling, shortened or changed, the
 * authors abbreviated, reordered or cut, another year, venue and abstract. Positive examples for training.
 */
export function asListedElsewhere(
  paper: PaperRecord,
  otherWords: () => string,
  random: () => number,
): PaperRecord {
  const chance = (share: number) => random() < share;
  let title = chance(0.5) ? paper.title : changedTitle(paper, otherWords, random);
  if (chance(0.25)) title = title.toLowerCase();
  if (chance(0.1)) title = title.replaceAll("$", "").replaceAll("\\", "");
  if (chance(0.15)) title = title.replace(/-/g, chance(0.5) ? " " : "");
  const authors = changedAuthors(paper.authors, random);
  const isNameless = authors.length === 0 && chance(0.6);
  if (isNameless && chance(0.3)) title = `${title}, by ${paper.authors.slice(0, 6).join(", ")}`;
  const gap = [0, 0, 0, 0, 0, 1, 1, 1, 2, 3][Math.floor(random() * 10)] ?? 0;
  const venue = chance(0.5) ? venues[Math.floor(random() * venues.length)] : undefined;
  const credits = `${paper.authors.join(", ")}<br/>${venue ?? "Journal"}, vol. ${Math.floor(random() * 90)}, pp. 1-20`;
  const kept =
    paper.abstract !== undefined && chance(0.4) ? changedAbstract(paper.abstract, random) : undefined;
  const abstract = isNameless ? credits : kept;
  return {
    title,
    authors,
    ...(paper.year !== undefined && chance(0.6) ? { year: paper.year + gap } : {}),
    ...(venue === undefined ? {} : { venue }),
    ...(abstract === undefined ? {} : { abstract }),
  };
}

function changedTitle(paper: PaperRecord, otherWord: () => string, random: () => number): string {
  const words = paper.title.split(" ");
  const at = () => Math.floor(random() * words.length);
  const colon = paper.title.indexOf(":");
  const kind = random();
  if (kind < 0.12 && colon > 0) return paper.title.slice(colon + 1).trim();
  if (kind < 0.24 && colon > 8) return paper.title.slice(0, colon);
  if (kind < 0.32 && colon < 0) return `${otherWord()}${random() < 0.5 ? "Net" : ""}: ${paper.title}`;
  if (kind < 0.4 && colon < 0) return `${paper.title}: ${otherWord()} ${otherWord()} ${otherWord()}`;
  if (kind < 0.46)
    return words.slice(0, Math.max(4, Math.ceil(words.length * (0.5 + random() / 2)))).join(" ");
  if (kind < 0.52)
    return words
      .map((word, index) => (index === at() && word.length > 4 ? word.slice(0, 2) + word.slice(3) : word))
      .join(" ");
  if (kind < 0.9) {
    for (let edits = 1 + Math.floor(random() * 3); edits > 0 && words.length > 3; edits -= 1) {
      const move = random();
      if (move < 0.4) words.splice(at(), 1, otherWord());
      else if (move < 0.7) words.splice(at(), 1);
      else words.splice(at(), 0, otherWord());
    }
    return words.join(" ");
  }
  const fromAbstract = (paper.abstract ?? "").split(/\s+/).filter((word) => /^[A-Za-z-]{5,}$/.test(word));
  return words
    .map((word) =>
      random() < 0.5 ? word : (fromAbstract[Math.floor(random() * fromAbstract.length)] ?? otherWord()),
    )
    .join(" ");
}

function changedAuthors(authors: readonly string[], random: () => number): string[] {
  const chance = (share: number) => random() < share;
  let changed = [...authors];
  if (chance(0.1) && changed.length > 2) changed.splice(Math.floor(random() * changed.length), 1);
  if (chance(0.08)) changed.push("A. N. Other");
  if (chance(0.1)) changed.sort(() => random() - 0.5);
  if (chance(0.06)) changed = changed.map(withoutAccents);
  const style = random();
  if (style < 0.15) changed = changed.map((name) => abbreviated(name));
  else if (style < 0.22) changed = changed.map((name) => abbreviated(name).replaceAll(".", "").toLowerCase());
  else if (style < 0.3)
    changed = changed.map((name) => `${name.split(" ").at(-1)}, ${name.split(" ").slice(0, -1).join(" ")}`);
  else if (style < 0.38) changed = changed.map((name) => name.replace(/ [A-Z]\.? /, " "));
  if (chance(0.07) && changed.length > 3)
    changed = [...changed.slice(0, 1 + Math.floor(random() * 3)), "et al."];
  if (chance(0.05)) changed = [];
  return changed;
}

function abbreviated(name: string): string {
  const parts = name.split(" ");
  return [...parts.slice(0, -1).map((part) => `${part.slice(0, 1)}.`), parts.at(-1) ?? ""].join(" ");
}

function withoutAccents(name: string): string {
  return name.normalize("NFKD").replace(/\p{M}/gu, "");
}

function changedAbstract(abstract: string, random: () => number): string {
  const sentences = abstract.split(/(?<=\.)\s+/).filter(() => random() > 0.15);
  return random() < 0.5 ? abstract : sentences.join(" ");
}

const venues = [
  "NeurIPS",
  "Proceedings of the International Conference on Machine Learning",
  "ACL",
  "Physical Review Letters",
  "Journal of Machine Learning Research",
  "Proc. VLDB Endow.",
  "IEEE Transactions on Pattern Analysis and Machine Intelligence",
  "ICLR 2026",
  "Communications in Mathematical Physics",
  "CVPR",
  "Phys. Rev. D",
  "Annals of Statistics",
  "bioRxiv",
  "OpenReview",
  "arXiv",
  "SIGMOD Conference",
  "Nature Communications",
  "Workshop on Representation Learning",
] as const;
