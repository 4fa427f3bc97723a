import type { DigestView, ItemView } from "./view.ts";

/** The plain-text part: everything the HTML part says, links included. */
export function digestText(view: DigestView): string {
  let number = 0;
  const lines = [`${view.sender} · ${view.date}`, view.heading, ""];
  for (const section of view.sections) {
    lines.push(`== ${section.name} ==`, "");
    for (const item of section.items) lines.push(...itemLines(item, ++number), "");
  }
  if (view.rest !== undefined) lines.push(`${view.rest.text}: ${view.rest.url}`, "");
  if (view.notes.length > 0) lines.push(...view.notes, "");
  lines.push("-- ");
  if (view.schedule !== "") lines.push(view.schedule);
  lines.push(
    `Preferences, pause or weekly: ${view.preferences}`,
    `Unsubscribe: ${view.unsubscribe}`,
    `Read on the web: ${view.web}`,
  );
  if (view.imprint !== undefined) lines.push(view.imprint);
  return `${lines.join("\n")}\n`;
}

function itemLines(item: ItemView, number: number): string[] {
  const authors = item.authors.map(({ name, separator }) => name + separator).join("");
  const homes = item.homes.map(
    ({ before, source, url }) => `${before}${source}${url === undefined ? "" : ` <${url}>`}`,
  );
  return [
    `${number}. ${item.title}`,
    ...[
      item.marks.map((mark) => `[${mark}]`).join(" "),
      authors,
      homes.join("") + item.facts,
      item.abstract ?? "",
      item.reason,
    ]
      .filter((line) => line !== "")
      .map((line) => `   ${line}`),
    `   Read: ${item.url}`,
    `   More like this: ${item.more}`,
    `   Less like this: ${item.less}`,
    `   Save: ${item.save}`,
  ];
}
