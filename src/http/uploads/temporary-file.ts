import { createHash, randomUUID } from "node:crypto";
import { open, unlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Problem } from "../core/problem.ts";

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

/**
 * Writes what arrives into the system's temporary folder. The file has no name there, so that it is gone with this process
 * even after a kill -9.
 * @throws Problem 413 if it is too large, 422 if it is empty
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
      if (size > MOST_FILE_BYTES)
        // The rest of it is not read, so the connection can carry nothing else.
        throw new Problem(413, "too-large", `A file has at most ${MOST_FILE_BYTES} bytes.`, {
          headers: { connection: "close" },
        });
      hash.update(part);
      await file.writeFile(part);
    }
    if (size === 0) throw new Problem(422, "invalid", "The file is empty.");
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
