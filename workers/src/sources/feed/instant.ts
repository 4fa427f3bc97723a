import { isoUtc, parseDate } from "@paperwire/core";

/** A date as a feed writes it → ISO 8601 UTC, or undefined when it is none. */
export function instantText(written: string): string | undefined {
  const date = parseDate(written);
  return date === undefined ? undefined : isoUtc(date);
}
