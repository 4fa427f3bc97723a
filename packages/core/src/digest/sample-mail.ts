import type { Digest, DigestItem, Evidence, Reason } from "./digest.ts";
import type { DigestMail } from "./view.ts";

/** A digest that uses everything a mail can show: for tests, benchmarks and the pictures in the docs. */
export function sampleMail(): DigestMail {
  const site = "https://papers.example.org";
  return {
    digestId: "018f6b5a-0000-7000-8000-000000000001",
    kind: "digest",
    digest: sampleDigest(),
    date: "2026-06-08",
    schedule: {
      zone: "Europe/Berlin",
      at: "08:00",
      days: ["mon", "tue", "wed", "thu", "fri"],
      rhythm: "daily",
    },
    links: {
      paper: (id) => `${site}/papers/${id}`,
      more: (id) => `${site}/feedback/${TOKEN}.more.${id}`,
      less: (id) => `${site}/feedback/${TOKEN}.less.${id}`,
      save: (id) => `${site}/feedback/${TOKEN}.save.${id}`,
      web: `${site}/digests/${TOKEN}`,
      preferences: `${site}/preferences/${TOKEN}`,
      unsubscribe: `${site}/unsubscribe/${TOKEN}`,
      unsubscribeMail: `unsubscribe+${TOKEN}@example.org`,
    },
    sender: {
      name: "Paperwire",
      domain: "example.org",
      imprint: "The library, 1 Example Street, 12345 Example Town · papers@example.org",
    },
  };
}

/** As long as a signed token is. */
const TOKEN = "eyJyIjoiMDE4ZjZiNWEifQ.q3J5c2FtcGxlLXRva2VuLXRoYXQtaXMtbm90LXNpZ25lZA";

function sampleDigest(): Digest {
  return {
    sections: [
      {
        subscriptionId: "s1",
        name: "Small and efficient models",
        items: [
          item("p1", 0.95, "Distilling the Knowledge in a Neural Network", {
            authors: ["Geoffrey Hinton", "Oriol Vinyals", "Jeff Dean"],
            topics: ["stat.ML", "cs.LG", "cs.NE"],
            abstract:
              "An ensemble of networks is compressed into a single one that is easy to deploy: the small model learns from the softened output distribution of the large ones, and keeps most of their accuracy on speech recognition at a fraction of the cost.",
            homes: [
              { source: "arXiv", url: "https://arxiv.org/abs/1503.02531" },
              { source: "Hugging Face Daily Papers", url: "https://huggingface.co/papers/1503.02531" },
            ],
            votes: 128,
            picked: true,
            reasons: [
              because("s1", "Small and efficient models", [
                { kind: "category", value: "cs.LG" },
                { kind: "words", value: "distilling knowledge", where: "title" },
              ]),
              because("s2", "Hinton", [{ kind: "author", value: "Geoffrey Hinton" }]),
            ],
          }),
          item("p2", 0.9, "LoRA: Low-Rank Adaptation of Large Language Models", {
            authors: [
              "Edward J. Hu",
              "Yelong Shen",
              "Phillip Wallis",
              "Zeyuan Allen-Zhu",
              "Yuanzhi Li",
              "Shean Wang",
              "Lu Wang",
              "Weizhu Chen",
            ],
            topics: ["cs.CL", "cs.AI", "cs.LG"],
            abstract:
              "Fine-tuning every weight of a very large model is out of reach for most. Here the pre-trained weights stay frozen and each layer gets a trainable product of two thin matrices, which cuts the number of trained parameters ten-thousandfold without added latency.",
            homes: [{ source: "arXiv", url: "https://arxiv.org/abs/2106.09685" }],
            votes: 45,
            reasons: [because("s1", "Small and efficient models", [{ kind: "category", value: "cs.CL" }])],
          }),
          item("p3", 0.7, "Deep Residual Learning for Image Recognition", {
            authors: ["何恺明", "张祥雨", "任少卿", "孙剑"],
            topics: ["cs.CV"],
            abstract:
              "Layers learn residual functions with reference to their inputs, which makes networks of more than a hundred layers trainable and better than shallow ones.",
            homes: [{ source: "arXiv", url: "https://arxiv.org/abs/1512.03385" }],
            late: true,
            reasons: [
              because("s1", "Small and efficient models", [
                { kind: "like", value: "Densely Connected Convolutional Networks" },
              ]),
            ],
          }),
        ],
      },
      {
        subscriptionId: "s3",
        name: "Rare decays and old algebra",
        items: [
          item(
            "p4",
            0.8,
            "Measurement of the $B^0_s\\to\\mu^+\\mu^-$ branching fraction and effective lifetime",
            {
              authors: ["LHCb collaboration"],
              topics: ["hep-ex"],
              abstract:
                "The decay of $B^0_s$ mesons into two muons is seen by a single experiment for the first time, and its rate agrees with the Standard Model at the level of $10^{-9}$; the effective lifetime is measured as well.",
              homes: [
                { source: "arXiv", url: "https://arxiv.org/abs/1703.05747" },
                { source: "Physical Review Letters", url: "https://doi.org/10.1103/PhysRevLett.118.191801" },
              ],
              reasons: [
                because("s3", "Rare decays and old algebra", [
                  { kind: "words", value: "branching fraction", where: "title" },
                ]),
              ],
            },
          ),
          item("p5", 0.6, "الكتاب المختصر في حساب الجبر والمقابلة", {
            authors: ["محمد بن موسى الخوارزمي"],
            topics: ["math.HO"],
            homes: [{ source: "Journal feed" }],
            reasons: [
              because("s3", "Rare decays and old algebra", [
                { kind: "topic", value: "History and Overview" },
              ]),
            ],
          }),
        ],
      },
    ],
    overCap: ["p6", "p7", "p8"],
    notes: [{ source: "bioRxiv", state: "failed", since: "2026-06-07T14:05:00Z" }],
  };
}

type Given = Pick<DigestItem, "topics" | "homes" | "reasons"> &
  Partial<Omit<DigestItem, "authors">> & { readonly authors: readonly string[] };

function item(paperId: string, score: number, title: string, given: Given): DigestItem {
  return {
    firstSeen: "2026-06-06T04:00:00Z",
    late: false,
    picked: false,
    ...given,
    paperId,
    score,
    title,
    authors: given.authors.map((name) => ({ name })),
  };
}

function because(subscriptionId: string, subscriptionName: string, evidence: readonly Evidence[]): Reason {
  return { subscriptionId, subscriptionName, evidence };
}
