/**
 * Cosine from which a paper counts as close to a phrase. Measured with `test/bench/closeness-bound.ts` on 396 phrases
 * and 37,505 recent papers: this bound takes 1.5 % of them (about ten a day of computer science), reaches 70 % of
 * those that have the phrase in their title and 37 % when its words are taken out of them; nine in ten of what it
 * takes are in a category the phrase is at home in.
 */
export const closeFrom = 0.45;

/** The same between two papers with title and abstract; whole texts lie closer together than a phrase and a text. */
export const closeToPaperFrom = 0.6;
