/**
 * Measures the identity decision and prints what it found, a baseline beside it in the same run.
 *
 *   node test/bench/identity.ts                           the validation splits, the silver set, blocking, speed
 *   node test/bench/identity.ts --pairs FILE --set dblp-acm|dblp-scholar [--dirty]     another split
 *   node test/bench/identity.ts --silver FILE             another file of venue and arXiv pairs
 *
 * FILE holds one pair a line, gzipped or not: {a: {title, authors, venue, year?}, b: {…}, match: 0|1}, or the
 * columns of `SilverRow`. How rows become records, and what the sets' own label rules are, is written in
 * identity/labelled-sets.ts, identity/label-rules.ts and identity/silver.ts.
 */
import { parseArgs } from "node:util";
import { printBlocking } from "./identity/report-blocking.ts";
import { printPairs, printSilver, printSpeed } from "./identity/report-decisions.ts";
import { dataFolder, requireData } from "./identity/shared-data.ts";

const { values } = parseArgs({
  options: {
    pairs: { type: "string" },
    set: { type: "string" },
    dirty: { type: "boolean", default: false },
    silver: { type: "string" },
  },
});
requireData();
const folder = `${dataFolder}/entity-resolution`;
if (values.pairs !== undefined) {
  if (values.set !== "dblp-acm" && values.set !== "dblp-scholar") {
    console.error("--pairs needs --set dblp-acm or --set dblp-scholar, which say whose label rules apply.");
    process.exit(2);
  }
  printPairs(values.pairs, values.set, values.dirty);
} else if (values.silver !== undefined) printSilver(values.silver);
else {
  printPairs(`${folder}/structured-dblp-acm-valid.ndjson.gz`, "dblp-acm", false, 0.985);
  printPairs(`${folder}/structured-dblp-googlescholar-valid.ndjson.gz`, "dblp-scholar", false, 0.945);
  printPairs(`${folder}/dirty-dblp-acm-valid.ndjson.gz`, "dblp-acm", true, 0.96);
  printPairs(`${folder}/dirty-dblp-googlescholar-valid.ndjson.gz`, "dblp-scholar", true, 0.92);
  printSilver(`${folder}/venue-arxiv-silver.ndjson.gz`);
  printBlocking();
  printSpeed();
}
