import { closeMaths, isMathElement, type MathFrame, openMaths } from "./mathml.ts";
import { raised } from "./unicode-maths.ts";

/**
 * Removes the tags of known elements (HTML, MathML, JATS and its kin) and leaves every other `<` alone: block
 * elements become a space, scripts and styles go with their content, a power keeps its exponent
 * (`10<sup>5</sup>` → `10⁵`), MathML becomes a line of text. Entities outside of MathML are not touched.
 * Linear in the length of the text.
 */
export function stripMarkup(text: string): string {
  const state: State = { text, out: [], absent: new Set(), maths: [], powers: [] };
  let from = 0;
  let at = text.indexOf("<");
  while (at >= 0) {
    const tag = tagAt(state, at);
    if (tag === undefined) {
      at = text.indexOf("<", at + 1);
      continue;
    }
    put(state, text.slice(from, at));
    from = tag.end;
    place(state, tag);
    at = text.indexOf("<", from);
  }
  put(state, text.slice(from));
  return state.out.join("");
}

interface State {
  readonly text: string;
  readonly out: string[];
  /** Endings that do not come any more (so that nobody looks for them twice). */
  readonly absent: Set<string>;
  readonly maths: MathFrame[];
  /** Where in `out` the open `<sup>` begin. */
  readonly powers: number[];
}

interface Tag {
  /** Where the tag, or what is dropped with it, ends. */
  readonly end: number;
  /** Lower case, without namespace; empty for what is no element. */
  readonly name: string;
  readonly kind: "open" | "close" | "empty";
  /** Stands for the tag. */
  readonly text?: string;
}

/** Text between tags; inside of MathML only what stands in a token element counts. */
function put(state: State, text: string): void {
  if (text === "") return;
  const frame = state.maths.at(-1);
  if (frame === undefined) state.out.push(text);
  else frame.text += text;
}

function place(state: State, { name, kind, text }: Tag): void {
  if (text !== undefined) put(state, text);
  if (isMathElement(name)) {
    if (kind === "open") openMaths(state.maths, name);
    if (kind === "close") put(state, closeMaths(state.maths, name));
    return;
  }
  if (block.has(name)) put(state, " ");
  if (name !== "sup") return;
  if (kind === "open") state.powers.push(state.out.length);
  const start = kind === "close" ? state.powers.pop() : undefined;
  if (start === undefined) return;
  const content = state.out.splice(start).join("");
  const power =
    /^\s*[-−–+]?\d{1,4}\s*$/.test(content) && (/\d$/.test(state.out.at(-1) ?? "") || /[-−–]/.test(content));
  state.out.push(power ? (raised(content.replace("–", "-"), "^") ?? content) : content);
}

/** The tag that begins at `at`, or undefined where the `<` is text. */
function tagAt(state: State, at: number): Tag | undefined {
  const { text } = state;
  const next = text[at + 1] ?? "";
  if (next === "!" || next === "?") return declarationAt(state, at);
  tagPattern.lastIndex = at;
  const match = tagPattern.exec(text);
  if (match === null) return undefined;
  const [whole, slash = "", qualified = "", attributes = ""] = match;
  const name = qualified.slice(qualified.indexOf(":") + 1).toLowerCase();
  if (!known.has(name) && !qualified.includes(":")) return undefined;
  // `<S>` is a mean value, `<s>` a token of a language model and `a <b and c>` an order, unless somebody closes it.
  const bare = name.length === 1 && name !== "p" && slash === "" && !attributes.includes("=");
  if (bare && endOf(state, qualified, at) === undefined) return undefined;
  const end = at + whole.length;
  const kind = slash !== "" ? "close" : whole.endsWith("/>") || empty.has(name) ? "empty" : "open";
  if (kind !== "open" || !dropped.has(name)) return { end, name, kind };
  const closing = endOf(state, qualified, end);
  if (name === "tex-math") return texMath(state, end, closing);
  return { end: closing?.end ?? text.length, name: "", kind: "empty" };
}

/** Comments, CDATA marks, processing instructions and document types. */
function declarationAt(state: State, at: number): Tag | undefined {
  const { text } = state;
  if (text.startsWith("<![CDATA[", at)) {
    const end = find(state, "]]>", at);
    if (end === undefined) return { end: at + 9, name: "", kind: "empty" };
    return { end: end + 3, name: "", kind: "empty", text: text.slice(at + 9, end) };
  }
  const comment = text.startsWith("<!--", at);
  if (!comment && !/^<(?:!doctype|\?xml)/i.test(text.slice(at, at + 9))) return undefined;
  const end = find(state, comment ? "-->" : ">", at);
  return end === undefined ? undefined : { end: end + (comment ? 3 : 1), name: "", kind: "empty" };
}

/** TeX beside MathML says the same again; alone it becomes `$…$` (JATS wraps a whole document around it). */
function texMath(
  state: State,
  start: number,
  closing: { readonly start: number; readonly end: number } | undefined,
): Tag {
  const source = state.text.slice(start, closing?.start ?? state.text.length);
  const tag: Tag = { end: closing?.end ?? state.text.length, name: "", kind: "empty" };
  const around = state.text.slice(Math.max(0, start - ALTERNATIVES), tag.end + ALTERNATIVES);
  if (/<alternatives|:alternatives/.test(around) && /<(?:\w+:)?math\b/.test(around)) return tag;
  const body = /\\begin\{document\}([\s\S]*?)(?:\\end\{document\}|$)/.exec(source)?.[1] ?? source;
  const maths = body.replace(/^[\s$]+|[\s$]+$/g, "");
  return maths === "" ? tag : { ...tag, text: `$${maths}$` };
}

function find(state: State, what: string, from: number): number | undefined {
  const at = state.absent.has(what) ? -1 : state.text.indexOf(what, from);
  if (at < 0) state.absent.add(what);
  return at < 0 ? undefined : at;
}

/** The next end tag of an element. */
function endOf(
  state: State,
  name: string,
  from: number,
): { readonly start: number; readonly end: number } | undefined {
  const what = `</${name.toLowerCase()}`;
  if (state.absent.has(what)) return undefined;
  const pattern = new RegExp(`</${name}\\s*>`, "gi");
  pattern.lastIndex = from;
  const match = pattern.exec(state.text);
  if (match === null) {
    state.absent.add(what);
    return undefined;
  }
  return { start: match.index, end: match.index + match[0].length };
}

const ALTERNATIVES = 2000;
const attribute = `\\s+[a-zA-Z_:][\\w:.-]*(?:\\s*=\\s*(?:"[^"<]*"|'[^'<]*'|[^\\s"'<>=]+))?`;
const tagPattern = new RegExp(`<(/?)([a-zA-Z][\\w.-]*(?::[a-zA-Z][\\w.-]*)?)((?:${attribute})*)\\s*/?>`, "y");
const words = (list: string) => new Set(list.trim().split(/\s+/));
/** Elements whose content is no text. */
const dropped = words("script style template noscript svg head annotation annotation-xml tex-math alt-text");
const empty = words("br hr img input wbr meta link base area col embed source track param keygen");
const block = words(`
  address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset figcaption figure footer
  form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol option p pre section select summary table tbody td
  tfoot th thead title tr ul sec list list-item disp-formula disp-quote fig abstract abstracttext break textarea
`);
const known = new Set([
  ...dropped,
  ...empty,
  ...block,
  ...words(`
    a abbr acronym applet audio b basefont bdi bdo big blink button canvas cite code colgroup command data datalist del dfn em
    font frame frameset i iframe ins isindex kbd label map mark marquee meter nobr object optgroup output picture progress q rb rp rt rtc
    ruby s samp slot small span strike strong sub sup time tt u var video xmp
    math mi mn mo ms mtext mrow mfrac msqrt mroot mstyle merror mpadded mphantom mfenced menclose msub msup msubsup munder
    mover munderover mmultiscripts mprescripts none mtable mtr mtd mlabeledtr maligngroup malignmark maction mspace semantics
    italic bold sc scp roman sans-serif monospace underline overline xref ext-link uri named-content styled-content
    inline-formula inline-graphic alternatives fn fixed-case email graphic article-title alt-title title-group trans-abstract
    table-wrap given-names pub-id object-id related-article
  `),
]);
