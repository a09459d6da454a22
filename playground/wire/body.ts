import type { IncomingMessage } from "node:http";
import { parseMultipart } from "./multipart.ts";
import { checkEncoding, isRecord, Params } from "./params.ts";
import { badRequest } from "./refusal.ts";

/** Telegram accepts uploads of up to 50 MB; the rest is for the other fields. */
const MAX_BODY_BYTES = 51 * 1024 * 1024;

/**
 * Reads a whole request body. Resolves with undefined if the client disconnects, and with "too large" if it sends too
 * much.
 */
export function readBody(request: IncomingMessage): Promise<Buffer | "too large" | undefined> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let size = 0;
    request.on("data", (part: Buffer) => {
      size += part.length;
      if (size > MAX_BODY_BYTES) {
        parts.length = 0;
        resolve("too large");
      } else {
        parts.push(part);
      }
    });
    request.on("end", () => resolve(parts.length === 1 ? parts[0] : Buffer.concat(parts)));
    request.on("error", () => resolve(undefined));
    request.on("close", () => resolve(undefined));
  });
}

/**
 * Parses query and body into parameters. Accepts JSON, urlencoded and multipart bodies (Bot API, "Making requests").
 * Throws a Refusal (400) for a body that cannot be parsed.
 */
export function parseParams(query: string, type: string, body: Buffer): Params {
  const values: Record<string, unknown> = {};
  if (query !== "") for (const [name, value] of new URLSearchParams(query)) values[name] = value;
  if (body.length === 0) return new Params(values);
  if (type.startsWith("application/json")) return new Params(Object.assign(values, parseJson(body)));
  if (type.startsWith("multipart/form-data")) return parseMultipart(values, type, body);
  if (type.startsWith("application/x-www-form-urlencoded")) {
    for (const [name, value] of new URLSearchParams(body.toString("utf8"))) values[name] = value;
  }
  return new Params(values);
}

function parseJson(body: Buffer): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString("utf8"));
  } catch {
    throw badRequest("can't parse JSON object");
  }
  if (!isRecord(parsed)) throw badRequest("JSON object expected");
  checkEncoding(parsed);
  return parsed;
}
