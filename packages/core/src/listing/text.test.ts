import { expect, test } from "vitest";
import { foldSpace, plainText } from "./text.ts";
import { titleKey } from "./title-key.ts";

test.each([
  ["<p>One</p><p>Two</p>", "One Two"],
  ["a<br>b<br/>c", "a b c"],
  ["in<b>line</b> stays together", "inline stays together"],
  ["<div><script>alert(1)</script>x<style>p{}</style><!-- c -->y</div>", "xy"],
  ["<![CDATA[kept]]> text", "kept text"],
  ['<img src="x" alt="y>z">after', "after"],
  ["cut <em>off", "cut off"],
])("%j loses its markup", (html, text) => {
  expect(plainText(html)).toBe(text);
});

test.each([
  ["p < 0.05 and a<b", "p < 0.05 and a<b"],
  ["the <think> token and List<int>", "the <think> token and List<int>"],
  ["a mean value <S> and a token <s>", "a mean value <S> and a token <s>"],
  ["a <b and c> d", "a <b and c> d"],
  ["x < y > z", "x < y > z"],
])("%j keeps what is no tag", (text, kept) => {
  expect(plainText(text)).toBe(kept);
});

test.each([
  ["AT&amp;T &eacute; &#8211; &#x3b1;", "AT&T é – α"],
  ["AT&amp;amp;T", "AT&T"],
  ["p &amp;lt; 0.05", "p < 0.05"],
  ["&lt;i&gt;Drosophila&lt;/i&gt;", "Drosophila"],
  ["&amp;lt;p&amp;gt;x&amp;lt;/p&amp;gt;", "x"],
  ["&unknown; & alone &", "&unknown; & alone &"],
  ["&#0;&#xD800;", "\ufffd\ufffd"],
])("%j resolves its entities", (html, text) => {
  expect(plainText(html)).toBe(text);
});

test("a power keeps its exponent, an index becomes part of the word", () => {
  expect(plainText("10<sup>5</sup> cells, 3 cm<sup>-1</sup>")).toBe("10⁵ cells, 3 cm⁻¹");
  expect(plainText("CO<sub>2</sub>, the 1<sup>st</sup>, R<sup>2</sup>")).toBe("CO2, the 1st, R2");
});

test("MathML becomes one line of text, said once", () => {
  const fraction =
    "<mml:math><mml:mi>a</mml:mi><mml:mo>&lt;</mml:mo><mml:mfrac><mml:mrow><mml:mi>b</mml:mi><mml:mo>+</mml:mo><mml:mn>1</mml:mn></mml:mrow><mml:mn>2</mml:mn></mml:mfrac></mml:math>";
  expect(plainText(`where ${fraction} holds`)).toBe("where a < (b+1)/2 holds");
  const twice =
    "<inline-formula><alternatives><tex-math>\\begin{document}$$x^2$$\\end{document}</tex-math><math><msup><mi>x</mi><mn>2</mn></msup></math></alternatives></inline-formula>";
  expect(plainText(`that ${twice} grows`)).toBe("that x² grows");
  expect(plainText("<tex-math>\\alpha</tex-math>-entmax")).toBe("$\\alpha$-entmax");
  const root =
    "<math><msqrt><msubsup><mi>x</mi><mn>1</mn><mn>2</mn></msubsup></msqrt><annotation encoding='TeX'>\\sqrt{}</annotation></math>";
  expect(plainText(root)).toBe("√(x₁²)");
});

test("white space is folded and what cannot be seen is dropped", () => {
  expect(foldSpace("  a\u00a0\n\tb\u3000c \u2028d  ")).toBe("a b c d");
  expect(foldSpace("a\u0000b\u0007c\u00ad\u200bd\u202ee\ufeff")).toBe("abcde");
  expect(foldSpace("a\ud800b\udc00 😀")).toBe("ab 😀");
  expect(foldSpace("\r\n \t")).toBe("");
});

test("maths is left as it is", () => {
  expect(plainText("for $x<y$ and $\\alpha$")).toBe("for $x<y$ and $\\alpha$");
});

test.each([
  ["Poincar\\'e's Conjecture: Part~II", "Poincaré’s conjecture – part II."],
  ["The $\\alpha$-stable <i>Process</i>", "The α-Stable Process"],
  ["Læring &amp; {\\O}konomi", "Laering & Økonomi"],
  ["$\\mathcal{O}(n^2)$ bounds", "O(n2) Bounds"],
])("%j and %j are one title", (one, other) => {
  expect(titleKey(one)).toBe(titleKey(other));
});

test("a title key is words of letters and digits", () => {
  expect(titleKey("  Attention -- is all, you NEED?! ")).toBe("attention is all you need");
  expect(titleKey("深度学习: 综述")).toBe("深度学习 综述");
  expect(titleKey("?!")).toBe("");
});

test("text that nests, opens or repeats without end is read in one pass", () => {
  for (const unit of [
    "<",
    "&",
    "<!--",
    "<a ",
    '<a b="',
    "<i>",
    "<sup>",
    "<mrow>",
    "<script>",
    "<![CDATA[",
    "&amp;",
    "\ud800",
    " ",
  ]) {
    expect(plainText(unit.repeat(200_000)).length).toBeLessThanOrEqual(unit.length * 200_000);
  }
});
