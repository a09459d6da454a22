import { createHash, randomUUID } from "node:crypto";
import { open, unlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Bot API, "Sending files": up to 50 MB by upload. */
export const MOST_FILE_BYTES = 50 * 1_048_576;

/** A file on disk that is gone once it is closed. */
export interface TemporaryFile {
  readonly size: number;
  /** SHA-256 of its bytes. */
  readonly digest: string;
  /** Its bytes, from the first on; as often as wanted. */
  read(): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/** What arrived cannot be used. */
export class UnfitFile extends Error {
  override readonly name = "UnfitFile";
  readonly reason: "too-large" | "empty";

  constructor(reason: "too-large" | "empty") {
    super(reason === "empty" ? "the file is empty" : `the file has more than ${MOST_FILE_BYTES} bytes`);
    this.reason = reason;
  }
}

/**
 * Writes what arrives into the system's temporary folder. The file has no name there, so that it is gone with this process
 * even after a kill -9.
 * @throws UnfitFile if it is too large or empty
 */
export async function receive(source: AsyncIterable<Uint8Array>): Promise<TemporaryFile> {
  const path = join(tmpdir(), `herald-${randomUUID()}`);
  const file = await open(path, "wx+", 0o600);
  try {
    await unlink(path);
    const hash = createHash("sha256");
    let size = 0;
    for await (const part of source) {
      size += part.length;
      if (size > MOST_FILE_BYTES) throw new UnfitFile("too-large");
      hash.update(part);
      await file.writeFile(part);
    }
    if (size === 0) throw new UnfitFile("empty");
    return {
      size,
      digest: hash.digest("base64url"),
      read: () => file.createReadStream({ start: 0, autoClose: false }),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}
