import { gunzipSync } from "node:zlib";
import { PermanentError } from "@paperwire/core";
import type { Payload } from "./source.ts";

/** Bytes of one payload after decompression; arXiv's largest feeds have 4 MB. */
export const maxPayloadBytes = 16 * 1024 * 1024;

/**
 * A payload with gzip undone (seen by its first bytes, whatever the headers say; twice at most, because
 * some servers compress a compressed file).
 *
 * @throws PermanentError when it is damaged, or larger than `maxPayloadBytes` once unpacked
 */
export function unpack(payload: Payload): Payload {
  let { bytes } = payload;
  for (let pass = 0; pass < 2 && bytes[0] === 0x1f && bytes[1] === 0x8b; pass++) bytes = gunzip(bytes);
  if (bytes.length > maxPayloadBytes) throw new PermanentError(tooLarge);
  return bytes === payload.bytes ? payload : { ...payload, bytes };
}

const tooLarge = `The document has more than ${maxPayloadBytes / 1024 / 1024} MB and is not read.`;

function gunzip(bytes: Uint8Array): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: maxPayloadBytes });
  } catch (cause) {
    const isBomb =
      cause instanceof RangeError || (cause instanceof Error && /larger than|too large/i.test(cause.message));
    if (isBomb) throw new PermanentError(tooLarge, { cause });
    throw new PermanentError("The document is compressed with gzip, and damaged or cut off.", { cause });
  }
}
