import { decodeHTML } from "entities";
import { isSimple, marked, raised } from "./unicode-maths.ts";

/** An element of MathML that is open. */
export interface MathFrame {
  readonly name: string;
  readonly children: string[];
  /** The text in a token element; between other elements it is white space and does not count. */
  text: string;
}

/** Is it an element that makes a formula (lower case, without namespace)? */
export function isMathElement(name: string): boolean {
  return tokens.has(name) || containers.has(name);
}

/** Opens an element; beyond 100 levels elements are let through, their text belongs to the one around. */
export function openMaths(frames: MathFrame[], name: string): void {
  if (frames.length < DEEPEST) frames.push({ name, children: [], text: "" });
}

/**
 * Closes an element (and what was left open inside) and gives what it says: to the element around, or, when
 * it was the outermost, to the caller; `""` otherwise.
 */
export function closeMaths(frames: MathFrame[], name: string): string {
  if (!frames.some((frame) => frame.name === name)) return "";
  for (;;) {
    const frame = frames.pop();
    if (frame === undefined) return "";
    const text = saidBy(frame);
    const around = frames.at(-1);
    if (around !== undefined) around.children.push(text);
    if (frame.name === name) return around === undefined ? text.replace(/\s+/g, " ").trim() : "";
  }
}

function saidBy({ name, children, text }: MathFrame): string {
  if (tokens.has(name)) return tokenText(name, decodeHTML(text).replace(/\s+/g, " ").trim());
  const [first = "", second = "", third = ""] = children;
  switch (name) {
    case "msup":
      return first + script(second, "^");
    case "msub":
    case "munder":
      return first + script(second, "_");
    case "msubsup":
    case "munderover":
      return first + script(second, "_") + script(third, "^");
    case "mover": {
      const mark = overs.get(second.trim());
      return mark === undefined ? first + script(second, "^") : marked(first, mark);
    }
    case "mfrac":
      return `${bracketed(first)}/${bracketed(second)}`;
    case "msqrt":
      return `√${bracketed(children.join(""))}`;
    case "mroot":
      return `${script(second, "^")}√${bracketed(first)}`;
    case "mfenced":
      return `(${children.join(", ")})`;
    case "mtr":
    case "mtd":
    case "mlabeledtr":
      return `${children.join("")} `;
    case "mphantom":
      return "";
  }
  return children.length === 0 ? decodeHTML(text).trim() : children.join("");
}

function tokenText(name: string, text: string): string {
  if (name === "mspace" || name === "none" || name === "mprescripts") return "";
  if (name === "mo" && /^[=<>≤≥≠≈≃≅∼~≡∈∉⊂⊆→←↔⇒∝≪≫±∓×]$/.test(text)) return ` ${text} `;
  return name === "mo" && text === "-" ? "−" : invisible.has(text) ? "" : text;
}

function script(text: string, kind: "^" | "_"): string {
  const inner = text.trim();
  return inner === "" ? "" : (raised(inner, kind) ?? kind + bracketed(inner));
}

function bracketed(text: string): string {
  const inner = text.trim();
  return isSimple(inner) || /^\([^()]*\)$/.test(inner) ? inner : `(${inner})`;
}

const DEEPEST = 100;
const tokens = new Set(["mi", "mn", "mo", "ms", "mtext", "mspace", "none", "mprescripts"]);
const containers = new Set(
  `math mrow mfrac msqrt mroot mstyle merror mpadded mphantom mfenced menclose msub msup msubsup munder mover munderover
  mmultiscripts mtable mtr mtd mlabeledtr maction semantics`.split(/\s+/),
);
/** Function application, invisible times, separator and plus. */
const invisible = new Set(["\u2061", "\u2062", "\u2063", "\u2064"]);
const overs: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "¯": "\u0304",
    "‾": "\u0304",
    "^": "\u0302",
    ˆ: "\u0302",
    "~": "\u0303",
    "˜": "\u0303",
    "→": "\u20d7",
    "˙": "\u0307",
    "¨": "\u0308",
  }),
);
