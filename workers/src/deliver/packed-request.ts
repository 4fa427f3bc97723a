import { promisify } from "node:util";
import { constants, zstdCompress, zstdDecompress } from "node:zlib";

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);
/** Of every Zstandard frame (RFC 8878 §3.1.1); no request begins like this. */
const magic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/** A request as it is stored. */
export function packRequest(request: string): Promise<Buffer> {
  return compress(Buffer.from(request, "utf8"), {
    params: { [constants.ZSTD_c_compressionLevel]: 1 },
  });
}

/** The exact text that was stored, packed or not. */
export async function unpackRequest(stored: Buffer): Promise<string> {
  const isPacked = stored.subarray(0, magic.length).equals(magic);
  return (isPacked ? await decompress(stored) : stored).toString("utf8");
}
