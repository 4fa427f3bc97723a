import { expect, test } from "vitest";
import { mathToText, texToUnicode } from "./tex.ts";
import { arxivTexToUnicode } from "./tex-arxiv.ts";

const tex = String.raw;

test.each([
  [tex`Schr\"odinger, Schr\"{o}dinger, Schr{\"o}dinger`, "Schrödinger, Schrödinger, Schrödinger"],
  [tex`Erd\H os, Erd\H{o}s, Erd{\H o}s`, "Erdős, Erdős, Erdős"],
  [tex`na\"\i ve, na\"{\i}ve, \v{\i}`, "naïve, naïve, ǐ"],
  [tex`Nguy\~{\^e}n`, "Nguyễn"],
  [tex`\L{}ukasz, Bj\o rn, F{\o}lner, \ss`, "Łukasz, Bjørn, Følner, ß"],
  [tex`\c{C}a\u{g}lar, Petr\' ik, Jer\'{a}bek`, "Çağlar, Petrík, Jerábek"],
  [tex`\d{t}\b{d}\.{y}`, "ṭḏẏ"],
])("%s has its accents", (source, text) => {
  expect(texToUnicode(source)).toBe(text);
});

test.each([
  [tex`\emph{in vivo} and {\it in vitro}, \textbf{\textsc{Name}}`, "in vivo and in vitro, Name"],
  [tex`\href{https://example.org/a_b}{our code}`, "our code"],
  [tex`Fig.~3 of Smith \& Jones, 5\% off, \#1`, "Fig. 3 of Smith & Jones, 5% off, #1"],
  ["the ``quick'' and `slow' ones, a ``mixed\" pair", "the “quick” and ‘slow’ ones, a “mixed” pair"],
  ["Kolmogorov--Smirnov --- a test", "Kolmogorov–Smirnov — a test"],
  [tex`\alpha-stable, 360{\deg}, 20 {\mu}m, h\approx 5`, "α-stable, 360°, 20 μm, h≈5"],
  [tex`{B}ayesian {\bf 35}, {{ACM}}`, "Bayesian 35, ACM"],
  [tex`10^{-6}, 3{,}050, L^{1/2}`, "10⁻⁶, 3,050, L^{1/2}"],
  [tex`as in \cite{A13,B14} and \cite[Thm 2]{C}`, "as in [A13, B14] and [C, Thm 2]"],
  [tex`bound\\A lower, \ldots{} end`, "bound A lower, … end"],
  [tex`over \mathbb{R}^d`, "over ℝ^d"],
])("%s reads as text", (source, text) => {
  expect(texToUnicode(source)).toBe(text);
});

test.each([
  tex`maths $\alpha {x}_1$ and $$\"{o}$$`,
  tex`we propose \method, a \foo{bar}, \constructor{x} and \toString`,
  "the set {1, 2} and ~10 of 4X~12X",
  "run it with --lr, see https://a.edu/~me",
  "`code` and it's 5''",
])("%s stays", (source) => {
  expect(texToUnicode(source)).toBe(source);
});

test("escaped quotes of other formats are no accents", () => {
  expect(texToUnicode(tex`don\'t`)).toBe("don't");
});

test("displayed maths becomes inline maths", () => {
  expect(texToUnicode(tex`let \(x_1\) and \[y\] and \begin{equation*} z = 1 \end{equation*} be`)).toBe(
    "let $x_1$ and $y$ and $z = 1$ be",
  );
});

test.each([
  [tex`$\alpha_1^2 \leq 10^{-3}$`, "α₁² ≤ 10⁻³"],
  [tex`$\mathcal{O}(n \log n)$`, "𝒪(n log n)"],
  ["$x\\in\\mathbb{R}^d$, $\\Bbb Z$, $ {\\cal L}$, $\\mathfrak{g}$", "x ∈ ℝᵈ, ℤ, ℒ, 𝔤"],
  ["$\\frac{a+b}{2}$, $ {a \\over b}$, $\\binom{n}{k}$", "(a+b)/2, a/b, (n choose k)"],
  [tex`$\sqrt{x}$, $\sqrt[3]{x+1}$`, "√x, ∛(x+1)"],
  [tex`$\hat{x}_{ij}$, $\bar B$, $\vec{v}$`, "x̂ᵢⱼ, B̄, v⃗"],
  [tex`$\text{CO}_2$ and $\mathrm{H_2O}$`, "CO₂ and H₂O"],
  [tex`$^{13}$C, CD8$^+$, $C^*$, $90^\circ$`, "¹³C, CD8⁺, C*, 90°"],
  [tex`$3 \times 10^{5}\,\mathrm{km}$, $3\times3$`, "3 × 10⁵ km, 3×3"],
  [tex`$SU(2)_L \to D^{(a/b)}$`, "SU(2)_L → D^(a/b)"],
  [tex`$\R^n$, $\Hom(A,B)$, $a \not= b$`, "ℝⁿ, Hom(A,B), a ≠ b"],
  [tex`$$\left\{ x \right\}$$`, "{x}"],
  [tex`$\sim$10 and $\pm$ 3`, "∼10 and ± 3"],
])("%s can be read", (source, text) => {
  expect(mathToText(source)).toBe(text);
});

test("a lone dollar and prices are no maths", () => {
  expect(mathToText("costs $5 and $10, or US$ alone")).toBe("costs $5 and $10, or US$ alone");
  expect(mathToText(tex`\$x\$`)).toBe(tex`\$x\$`);
});

test("arXiv's own rule keeps braces, drops what it does not know, and reads maths too", () => {
  expect(arxivTexToUnicode(tex`Schr{\"o}dinger \'g {\H o} $\alpha$ {{\'e}}`)).toBe(
    "Schr{ö}dinger g {\\H o} $α$ {é}",
  );
});

test("text that nests, opens or repeats without end is read in one pass", () => {
  const units = [
    "{",
    "}",
    "$",
    "\\",
    tex`\'`,
    tex`\'{`,
    tex`{\'`,
    tex`\frac`,
    "$$",
    tex`$\frac{`,
    tex`\(`,
    tex`\begin{`,
    "`",
    "~a",
    "--",
    "^{",
    tex`$a\$`,
  ];
  for (const unit of units) {
    const text = unit.repeat(100_000);
    expect(mathToText(texToUnicode(text)).length).toBeLessThanOrEqual(text.length * 2);
    expect(arxivTexToUnicode(text).length).toBeLessThanOrEqual(text.length);
  }
});
