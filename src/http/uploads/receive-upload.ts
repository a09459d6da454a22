import { type TemporaryFile, MOST_FILE_BYTES, UnfitFile, receive } from "../../temporary-file.ts";
import { Problem } from "../core/problem.ts";

/**
 * Writes what a request brought into a temporary file.
 * @throws Problem 413 if it is too large, 422 if it is empty
 */
export async function receiveUpload(source: AsyncIterable<Uint8Array>): Promise<TemporaryFile> {
  try {
    return await receive(source);
  } catch (error) {
    if (!(error instanceof UnfitFile)) throw error;
    if (error.reason === "empty") throw new Problem(422, "invalid", "The file is empty.");
    // The rest of it is not read, so the connection can carry nothing else.
    throw new Problem(413, "too-large", `A file has at most ${MOST_FILE_BYTES} bytes.`, {
      headers: { connection: "close" },
    });
  }
}
