import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import { isIP } from "node:net";
import { PrivateAddress, checkedLookup, isPublicAddress } from "../../public-address.ts";
import { withoutBrackets } from "../../telegram/proxy.ts";
import { Problem } from "../core/problem.ts";
import { VERSION } from "../../version.ts";
import { type TemporaryFile, MOST_FILE_BYTES } from "../../temporary-file.ts";
import { receiveUpload } from "./receive-upload.ts";

const PATIENCE_MS = 60_000;
const MOST_REDIRECTS = 5;

export interface Download {
  file: TemporaryFile;
  /** The last part of its address; null if that is no name. */
  name: string | null;
  contentType: string;
}

/**
 * Fetches a file from the public internet. Each connection is refused that would lead into a private network or to this
 * machine, whatever the name of the host says, and at each redirect again. `allowed` lists addresses that are fine
 * nevertheless.
 * @throws Problem 422 with what to do, 413 if the file is too large
 */
export async function download(url: string, allowed: readonly string[] = []): Promise<Download> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  try {
    let at = addressOf(url);
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
      const answer = await get(at, allowed, signal);
      const { statusCode = 0, headers } = answer;
      if (statusCode >= 300 && statusCode < 400 && headers.location !== undefined) {
        answer.destroy();
        at = addressOf(headers.location, at);
        continue;
      }
      if (statusCode !== 200) {
        answer.destroy();
        throw notFetched(`it answers ${statusCode}`);
      }
      if (Number(headers["content-length"] ?? 0) > MOST_FILE_BYTES) {
        answer.destroy();
        throw new Problem(413, "too-large", `A file has at most ${MOST_FILE_BYTES} bytes.`);
      }
      const contentType = (headers["content-type"] ?? "").split(";", 1)[0] ?? "";
      return {
        file: await receiveUpload(answer),
        name: nameIn(at),
        contentType: contentType.trim().toLowerCase(),
      };
    }
    throw notFetched(`it redirects more than ${MOST_REDIRECTS} times`);
  } catch (error) {
    if (error instanceof Problem) throw error;
    if (signal.aborted) throw notFetched(`it took more than ${PATIENCE_MS / 1_000} s`);
    const isPrivate = error instanceof PrivateAddress;
    throw notFetched(
      isPrivate ? "it leads into a private network or to this machine" : (error as Error).message,
    );
  }
}

async function get(url: URL, allowed: readonly string[], signal: AbortSignal): Promise<IncomingMessage> {
  const { request } = url.protocol === "https:" ? https : http;
  const isAllowed = (address: string) => isPublicAddress(address) || allowed.includes(address);
  const host = withoutBrackets(url.hostname);
  // A name is looked at when it is resolved; for an address nothing is.
  if (isIP(host) && !isAllowed(host)) throw new PrivateAddress(host);
  return new Promise((resolve, reject) => {
    const call = request(url, {
      agent: false,
      lookup: checkedLookup(isAllowed),
      headers: { "user-agent": `Herald/${VERSION}`, accept: "*/*" },
      signal,
    });
    call.on("response", resolve);
    call.on("error", reject);
    call.end();
  });
}

function addressOf(address: string, base?: URL): URL {
  if (!URL.canParse(address, base?.href)) throw notFetched("it is not an address");
  const url = new URL(address, base?.href);
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw notFetched("only http and https are fetched");
  return url;
}

function nameIn({ pathname }: URL): string | null {
  const last = pathname.split("/").at(-1) ?? "";
  try {
    return decodeURIComponent(last) || null;
  } catch {
    return last; // not encoded in UTF-8
  }
}

function notFetched(why: string): Problem {
  return new Problem(422, "not-fetched", `The file cannot be fetched: ${why}.`, {
    more: { errors: [{ pointer: "/url", detail: why }] },
  });
}
