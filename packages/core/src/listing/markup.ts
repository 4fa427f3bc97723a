/**
 * Removes the tags of known elements (HTML, MathML, JATS and its kin) and leaves every other `<` alone.
 * Linear in the length of the text; entities are not touched.
 */
export function stripMarkup(text: string): string {
  const out: string[] = [];
  let from = 0;
  for (let at = text.indexOf("<"); at >= 0; at = text.indexOf("<", at)) {
    const tag = tagAt(text, at);
    if (tag === undefined) {
      at += 1;
      continue;
    }
    out.push(text.slice(from, at));
    if (tag.block) out.push(" ");
    at = tag.drop === undefined ? tag.end : endOf(text, tag.drop, tag.end);
    from = at;
  }
  if (from === 0) return text;
  out.push(text.slice(from));
  return out.join("");
}

interface Tag {
  readonly end: number;
  readonly block: boolean;
  /** Its content is no text: everything up to its end tag goes too. */
  readonly drop?: string;
}

function tagAt(text: string, at: number): Tag | undefined {
  if (text.startsWith("<!--", at)) {
    const end = text.indexOf("-->", at + 4);
    return end < 0 ? undefined : { end: end + 3, block: false };
  }
  tagPattern.lastIndex = at;
  const match = tagPattern.exec(text);
  if (match === null) return undefined;
  const [whole, slash = "", name = ""] = match;
  const local = name.slice(name.indexOf(":") + 1).toLowerCase();
  if (!known.has(local) && !name.includes(":")) return undefined;
  const end = at + whole.length;
  const opens = slash === "" && !whole.endsWith("/>");
  return { end, block: block.has(local), ...(opens && dropped.has(local) ? { drop: name } : {}) };
}

function endOf(text: string, name: string, from: number): number {
  const end = new RegExp(`</${name}\\s*>`, "gi");
  end.lastIndex = from;
  const match = end.exec(text);
  return match === null ? text.length : match.index + match[0].length;
}

const attribute = `\\s+[a-zA-Z_:][\\w:.-]*(?:\\s*=\\s*(?:"[^"<]*"|'[^'<]*'|[^\\s"'<>=]+))?`;
const tagPattern = new RegExp(`<(/?)([a-zA-Z][\\w.-]*(?::[a-zA-Z][\\w.-]*)?)(?:${attribute})*\\s*/?>`, "y");
const words = (list: string) => new Set(list.trim().split(/\s+/));
const dropped = words(
  "script style template noscript iframe object svg annotation annotation-xml head title-group",
);
const block = words(`
  address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset figcaption figure footer
  form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol option p pre section select summary table tbody td
  tfoot th thead title tr ul sec list list-item disp-formula disp-quote fig abstract abstracttext break
`);
const known = new Set([
  ...dropped,
  ...block,
  ...words(`
  a abbr acronym applet area audio b base basefont bdi bdo big blink button canvas cite code col colgroup command data
  datalist del dfn em embed font frame frameset i img input ins isindex kbd label link map mark marquee meta meter nobr
  optgroup output param picture progress q rb rp rt rtc ruby s samp slot small source span strike strong sub sup
  textarea time track tt u var video wbr xmp
  math mi mn mo ms mtext mrow mfrac msqrt mroot mstyle merror mpadded mphantom mfenced menclose msub msup msubsup munder
  mover munderover mmultiscripts mprescripts none mtable mtr mtd mlabeledtr maligngroup malignmark maction mspace semantics
  italic bold sc scp roman sans-serif monospace underline overline xref ext-link uri named-content styled-content
  inline-formula inline-graphic tex-math alternatives fn fixed-case email
`),
]);
