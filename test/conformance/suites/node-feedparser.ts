import { oracleExpectations } from "./oracle.ts";
import type { Suite } from "./suite.ts";

/** node-feedparser: its feeds, with Python feedparser's reading of them as the expectation. */
export const nodeFeedparser: Suite = {
  id: "node-feedparser",
  root: "node-feedparser",
  expectations: (suites) => oracleExpectations(`${suites}/node-feedparser/feedparser-oracle.json.gz`),
};
