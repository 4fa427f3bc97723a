/**
 * Cosine from which a paper counts as close to a phrase. Measured with `test/bench/closeness-bound.ts` on 396 key
 * phrases and 37,505 recent papers of computer science: it takes 2.3 % of them (about one in a hundred for phrases
 * as people write them), reaches 78 % of those that have the phrase in their title and 48 % when its words are taken
 * out of them; nine in ten of what it takes are in a category the phrase is at home in.
 */
export const closeFrom = 0.4;

/**
 * The same between two papers with title and abstract; whole texts lie closer together than a phrase and a text. It
 * takes 0.28 % of the papers, about two a day of computer science.
 */
export const closeToPaperFrom = 0.6;
