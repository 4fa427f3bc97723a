import { PermanentError } from "@paperwire/core";
import type { SourceKind } from "@paperwire/workers/sources/source.ts";

/** The sentence with which a kind refuses the bytes. */
export function refusalOf(kind: SourceKind, bytes: Uint8Array): string {
  try {
    kind.read({ bytes });
  } catch (error) {
    if (error instanceof PermanentError) return error.message;
    throw error;
  }
  return "nothing was refused";
}
