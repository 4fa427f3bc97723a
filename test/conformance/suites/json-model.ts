import type { Expectation, Field } from "./expectation.ts";

/** How one suite names a field in its JSON; a string is the reason why it is not counted. */
export type Naming = Readonly<Record<string, Field | string>>;

export interface JsonModel {
  /** Name of the list of entries. */
  readonly entries: string;
  readonly feed: Naming;
  readonly entry: Naming;
  /** Names of texts that the suite stripped of markup itself. */
  readonly stripped?: readonly string[];
  /** A field that is null or empty says that the suite does not read it, not that there is none. */
  readonly isNullSilent?: boolean;
}

const isField = (name: string): name is Field => fieldNames.has(name);
const fieldNames = new Set<string>([
  "title",
  "link",
  "summary",
  "content",
  "language",
  "id",
  "published",
  "updated",
  "rights",
  "author",
  "authors",
  "category",
  "categories",
]);

/** Every value of an expected JSON document as an expectation; fields the naming does not know are not kept. */
export function expectationsOf(file: string, document: unknown, model: JsonModel): Expectation[] {
  if (!isRecord(document)) return [];
  const { [model.entries]: list, ...fields } = document;
  const entries = Array.isArray(list) ? list : [];
  const count: Expectation = {
    file,
    path: `${model.entries}.length`,
    field: "entries",
    expected: entries.length,
  };
  return [
    ...(list === undefined ? [] : [count]),
    ...fieldExpectations(file, "", fields, model, undefined),
    ...entries.flatMap((entry, at) =>
      fieldExpectations(file, `${model.entries}[${at}].`, isRecord(entry) ? entry : {}, model, at),
    ),
  ];
}

function fieldExpectations(
  file: string,
  prefix: string,
  fields: Readonly<Record<string, unknown>>,
  model: JsonModel,
  entry: number | undefined,
): Expectation[] {
  const naming = entry === undefined ? model.feed : model.entry;
  return Object.entries(fields).map(([name, value]) => {
    const path = `${prefix}${name}`;
    const field = naming[name] ?? `\`${name}\` is no field Paperwire keeps`;
    if (!isField(field)) return { file, path, excluded: field };
    const expected = expectedOf(field, value);
    if (model.isNullSilent === true && (expected === null || expected.length === 0)) {
      return { file, path, excluded: "null: the suite does not read the field" };
    }
    if (/\ufffd|ï¿½/.test(JSON.stringify(expected)))
      return { file, path, excluded: "the suite read the file in the wrong encoding" };
    return {
      file,
      path,
      field,
      expected,
      ...(entry !== undefined && { entry }),
      ...(model.stripped?.includes(name) === true && { isStripped: true }),
    };
  });
}

/** A text, a list of texts, or `null` for "there is none"; objects are reduced to the text that names them. */
function expectedOf(
  field: Field,
  value: unknown,
): Expectation["expected"] & (string | null | readonly string[]) {
  if (Array.isArray(value)) {
    const texts = value.map(textOf).filter((text) => text !== "");
    return field === "authors" || field === "categories" ? texts : (texts[0] ?? null);
  }
  const text = textOf(value);
  if (field === "authors" || field === "categories") return text === "" ? [] : [text];
  return text === "" ? null : text;
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (!isRecord(value)) return String(value);
  for (const name of [
    "value",
    "name",
    "term",
    "_",
    "text",
    "email",
    "$text",
    "label",
    "href",
    "url",
    "uri",
  ]) {
    const inner = value[name];
    if (typeof inner === "string" && inner !== "") return inner;
  }
  return "";
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
