import type { Listing } from "@paperwire/core";
import { z } from "zod";

/** Fields of foreign JSON: a value of another type counts as absent, because places change without notice. */
export const text = z.string().optional().catch(undefined);
export const number = z.number().optional().catch(undefined);
export const flag = z.boolean().optional().catch(undefined);

/** A list whose unreadable members are left out; absent and foreign values are an empty list. */
export function list<T>(member: z.ZodType<T>) {
  return z
    .array(z.unknown())
    .catch([])
    .transform((values) =>
      values.flatMap((value) => {
        const result = member.safeParse(value);
        return result.success ? [result.data] : [];
      }),
    );
}

/** A nested object, absent when it is of another type. */
export function object<S extends z.ZodRawShape>(shape: S) {
  return z.object(shape).optional().catch(undefined);
}

/** The digits of an ORCID, however it was written (`https://orcid.org/0000-0002-1825-0097`). */
export function orcidOf(value: string | undefined): string | undefined {
  return /\d{4}-\d{4}-\d{4}-\d{3}[\dX]/i.exec(value ?? "")?.[0]?.toUpperCase();
}

const required = new Set(["key", "title", "authors", "categories"]);

type Loose<T> = { readonly [K in keyof T]: T[K] | undefined };

/**
 * A listing without its absent fields. Undefined and empty values are dropped here, and addresses that are
 * no web address, so that no kind of source can pass on an empty text, a null or a `javascript:` link; the
 * required fields are never undefined by type.
 */
export function toListing(
  fields: Loose<Omit<Listing, "key" | "title" | "authors" | "categories">> &
    Pick<Listing, "key" | "title" | "authors" | "categories">,
): Listing {
  const kept: Record<string, unknown> = {};
  for (const name in fields) {
    const value: unknown = fields[name as keyof typeof fields];
    if (required.has(name) || (name === "url" ? isWebAddress(value) : saysSomething(value)))
      kept[name] = value;
  }
  return kept as unknown as Listing;
}

function isWebAddress(value: unknown): boolean {
  return typeof value === "string" && /^https?:\/\/[^/]/i.test(value);
}

function saysSomething(value: unknown): boolean {
  return (
    value !== undefined && value !== "" && value !== false && !(Array.isArray(value) && value.length === 0)
  );
}
