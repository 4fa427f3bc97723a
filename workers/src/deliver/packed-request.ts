import { promisify } from "node:util";
import { constants, zstdCompress, zstdCompressSync, zstdDecompress } from "node:zlib";

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);
/** Of every Zstandard frame (RFC 8878 §3.1.1); no request begins like this. */
const magic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/** Below this the way to another thread and back takes longer than the packing. */
const smallBytes = 300_000;

/** A request as it is stored. */
export async function packRequest(bytes: Buffer): Promise<Buffer> {
  const options = {
    pledgedSrcSize: bytes.length,
    params: { [constants.ZSTD_c_compressionLevel]: 1 },
  };
  return bytes.length < smallBytes ? zstdCompressSync(bytes, options) : compress(bytes, options);
}

/** The exact bytes that were stored, packed or not. */
export async function unpackRequest(stored: Buffer): Promise<Buffer> {
  const isPacked = stored.subarray(0, magic.length).equals(magic);
  return isPacked ? decompress(stored) : stored;
}
