const secret = /^(api[-_]?key|key|(access[-_]?)?token|secret|password)$/i;

/** A source's address as people and logs may see it: without user, password and the values of key parameters. */
export function shownUrl(text: string): string {
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") url.username = url.password = "";
  const kept = url.search
    .slice(1)
    .split("&")
    .map((pair) => (secret.test(pair.split("=")[0] ?? "") ? `${pair.split("=")[0]}=…` : pair));
  return kept.some((pair) => pair.endsWith("=…"))
    ? `${url.origin}${url.pathname}?${kept.join("&")}${url.hash}`
    : url.href;
}
