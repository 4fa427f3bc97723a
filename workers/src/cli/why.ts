import { missingParts, parseArxivId, parseDoi, parseQuery, UsageError } from "@paperwire/core";
import { explainReasons } from "@paperwire/core/digest/explain.ts";
import { digests, papers, sources, subscriptions, suppressions, trail } from "@paperwire/db";
import type { PaperCard } from "@paperwire/db/digests.ts";
import type { Subscription } from "@paperwire/db/subscriptions.ts";
import { evidenceOf, toQueryPaper } from "../match/evidence.ts";
import { type Answer, type JudgedInterest, whyNot } from "../readers/why-not.ts";
import { type TrailStep, trailSteps } from "../readers/why-trail.ts";
import type { Context } from "../runtime/context.ts";
import { type Output, printable } from "./output.ts";
import { mustFindReader } from "./reader.ts";
import { type Common, withContext } from "./run-command.ts";

/** The whole trail of a paper towards a reader, or the reason why it did not arrive. */
export async function why(email: string, paper: string, options: Common): Promise<void> {
  const keys = keysOf(paper);
  await withContext(options, async (context, output) => {
    const reader = await mustFindReader(context, email);
    const id = await papers.resolve(context.db, keys);
    const [card] = id === undefined ? [] : await digests.cardsOf(context.db, [id]);
    if (card === undefined) return tell(output, reader.email, undefined, await neverSeen(context, paper), []);
    const stored = await trail.trailOf(context.db, card.id, reader.id);
    const suppression = await suppressions.find(context.db, reader.email);
    const facts = {
      reader,
      ...(suppression === undefined ? {} : { suppression }),
      interests: (await subscriptions.ofReader(context.db, reader.id)).map((one) => judged(one, card)),
      trail: stored,
      now: context.clock.now(),
    };
    const shown = {
      id: card.id,
      title: card.title,
      keys: (await papers.keysOf(context.db, [card.id])).get(card.id) ?? [],
    };
    tell(output, reader.email, shown, whyNot(facts), trailSteps(facts));
  });
}

/** @throws UsageError when the text can be no paper's name. */
function keysOf(text: string): string[] {
  const arxiv = parseArxivId(text);
  const doi = parseDoi(text);
  const isId = /^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(text);
  if (!isId && arxiv === undefined && doi === undefined && !/^[a-z0-9]+:\S+$/i.test(text)) {
    throw new UsageError(
      `"${text}" names no paper. Give an id, an arXiv id or a DOI; find one with: paperwire papers search WORDS`,
    );
  }
  return [
    text,
    ...(arxiv === undefined ? [] : [`arxiv:${arxiv.id}`]),
    ...(doi === undefined ? [] : [`doi:${doi}`]),
  ];
}

function judged(one: Subscription, card: PaperCard): JudgedInterest {
  const frame = {
    id: one.id,
    name: one.name,
    queryId: one.queryId,
    cadence: one.cadence,
    changedAt: one.changedAt,
  };
  if (one.query === null) {
    const votes = `${card.votes} votes${card.pickedBy.length > 0 ? ", picked" : ""}`;
    return {
      ...frame,
      matches: card.votes > 0 || card.pickedBy.length > 0,
      detail: `takes the best ${one.trending} of each period; the paper has ${votes}`,
    };
  }
  const evidence = evidenceOf(one.query, card);
  if (evidence.length > 0) {
    const reason = explainReasons([{ subscriptionId: one.id, subscriptionName: one.name, evidence }]);
    return {
      ...frame,
      matches: true,
      detail: `asks for it: ${reason.replace(/^Because /, "because ").replace(/\.$/, "")}`,
    };
  }
  const missing = missingParts(parseQuery(one.query), toQueryPaper(card));
  return {
    ...frame,
    matches: false,
    detail: `does not ask for it; missing is ${missing.map((part) => `‹${part}›`).join(", ")}`,
  };
}

async function neverSeen({ db }: Context, paper: string): Promise<Answer> {
  const all = await sources.list(db);
  const silent = all.filter((one) => one.failures > 0 || one.lastSuccessAt === null);
  const trouble =
    silent.length === 0
      ? ""
      : ` Of the ${all.length} sources these do not answer: ${silent.map(({ id }) => id).join(", ")}.`;
  const none = all.length === 0 ? " There are no sources." : "";
  return { verdict: "never-seen", because: `No source has listed ${paper}.${none}${trouble}` };
}

function tell(
  output: Output,
  reader: string,
  paper: Record<string, unknown> | undefined,
  answer: Answer,
  steps: readonly TrailStep[],
): void {
  output.result({ ...(paper === undefined ? {} : { paper }), reader, ...answer, trail: steps });
  if (paper !== undefined) output.say(printable(String(paper.title)));
  output.say(`${answer.verdict}: ${printable(answer.because)}`);
  output.table(
    steps.map(({ at, what, detail }) => [at.slice(0, 16).replace("T", " "), what, printable(detail)]),
  );
}
