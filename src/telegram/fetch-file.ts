import { createReadStream } from "node:fs";
import { constants, access, stat } from "node:fs/promises";
import { basename, isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { Api, GrammyError, HttpError } from "grammy";
import { withoutToken } from "../log.ts";
import { MOST_FILE_BYTES, UnfitFile, receive } from "../temporary-file.ts";
import type { FileSource } from "./carry-file.ts";
import { type DownloadFile, createDownload } from "./download-file.ts";
import { classify, ProxyAnswer } from "./outcome.ts";
import type { Proxy } from "./proxy.ts";

/** A file of a bot, ready to be uploaded by others. */
export interface FetchedFile {
  source: FileSource;
  /** As the server calls it: `file_12.tgs`. */
  name: string;
  close(): Promise<void>;
}

export type Fetching =
  | { type: "fetched"; file: FetchedFile }
  /** Telegram's own server gives bots files of up to 20 MB; nothing is uploaded above 50 MB. */
  | { type: "too-large" }
  /** It may work later. `description` is Telegram's, or the network's. */
  | { type: "not-fetched"; description: string };

/** Fetches files by the file_ids of one bot. */
export type FetchFile = (fileId: string) => Promise<Fetching>;

/** For getFile, which a Bot API server answers once it has the file itself, and for the download. */
const PATIENCE_MS = 300_000;
/** A download that breaks off is tried once more, because nothing is lost by it. */
const ATTEMPTS = 2;
const PAUSE_MS = 500;

/** How a bot's files are fetched: `api` is that of the bot. */
export function createFetchFile(
  { token, options }: Pick<Api, "token" | "options">,
  proxy: Proxy | null = null,
  patienceMs = PATIENCE_MS,
): FetchFile {
  const apiRoot = options?.apiRoot ?? "https://api.telegram.org";
  const api = new Api(token, { ...options, timeoutSeconds: patienceMs / 1_000 });
  const download = createDownload(apiRoot, proxy);

  return async (fileId) => {
    for (let attempt = 1; ; attempt += 1) {
      const fetching = await fetchOnce(api, download, fileId, AbortSignal.timeout(patienceMs));
      if (fetching.type !== "not-fetched" || attempt >= ATTEMPTS) return fetching;
      await sleep(PAUSE_MS);
    }
  };
}

async function fetchOnce(
  api: Api,
  download: DownloadFile,
  fileId: string,
  signal: AbortSignal,
): Promise<Fetching> {
  try {
    const { file_path: path = "", file_size: size } = await api.getFile(fileId);
    if (path === "") return { type: "not-fetched", description: "Telegram does not say where the file is" };
    if (isAbsolute(path)) return fromDisk(path);
    const at = path.split("/").map(encodeURIComponent).join("/");
    const { bytes, size: announced } = await download(`/file/bot${api.token}/${at}`, signal);
    if ((announced ?? 0) > MOST_FILE_BYTES) {
      bytes.destroy();
      return { type: "too-large" };
    }
    const file = await receive(bytes);
    // Without a length, an answer that breaks off looks like one that has ended.
    if (announced === null && size !== undefined && file.size < size) {
      await file.close();
      return { type: "not-fetched", description: "the download broke off" };
    }
    return { type: "fetched", file: { source: file.read, name: basename(path), close: file.close } };
  } catch (error) {
    return failureOf(error);
  }
}

/**
 * A Bot API server in --local mode gives the file's place on its disk. If that is another machine's, or another container's,
 * the server reads it itself when it is to be uploaded.
 */
async function fromDisk(path: string): Promise<Fetching> {
  const isHere = await access(path, constants.R_OK).then(
    async () => (await stat(path)).isFile(),
    () => false,
  );
  const source: FileSource = isHere ? () => createReadStream(path) : pathToFileURL(path).href;
  return { type: "fetched", file: { source, name: basename(path), close: async () => undefined } };
}

function failureOf(error: unknown): Fetching {
  if (error instanceof UnfitFile)
    return error.reason === "too-large"
      ? { type: "too-large" }
      : { type: "not-fetched", description: "the file arrived empty" };
  if (error instanceof GrammyError && /file is too big/i.test(error.description))
    return { type: "too-large" };
  if (error instanceof GrammyError || error instanceof HttpError) {
    const outcome = classify(error);
    return {
      type: "not-fetched",
      description: "description" in outcome ? outcome.description : error.message,
    };
  }
  if (error instanceof ProxyAnswer)
    return { type: "not-fetched", description: `the file's address answered ${error.status}` };
  return {
    type: "not-fetched",
    description: withoutToken(error instanceof Error ? error.message : String(error)),
  };
}
