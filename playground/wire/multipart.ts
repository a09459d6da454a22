import { Params, type Upload } from "./params.ts";
import { badRequest } from "./refusal.ts";

const BREAK = Buffer.from("\r\n\r\n");

/**
 * Parses a multipart/form-data body (RFC 7578) into parameters and uploads. Node's own parser (`Response.formData()`)
 * rejects what grammY sends: it wants a space after each semicolon and quoted file names. Throws a Refusal (400) if
 * the boundary is missing.
 */
export function parseMultipart(values: Record<string, unknown>, type: string, body: Buffer): Params {
  const found = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(type);
  const boundary = found?.[1] ?? found?.[2];
  if (boundary === undefined) throw badRequest("can't parse multipart/form-data body: no boundary");
  const uploads = new Map<string, Upload>();
  for (const part of parts(body, Buffer.from(`--${boundary}`))) {
    const end = part.indexOf(BREAK);
    if (end < 0) continue;
    const headers = part.subarray(0, end).toString("utf8");
    const content = part.subarray(end + BREAK.length);
    const name = parameter(headers, "name");
    if (name === undefined) continue;
    const file = parameter(headers, "filename");
    if (file === undefined) values[name] = content.toString("utf8");
    // A copy, so that a small file does not keep the whole body in memory.
    else uploads.set(name, { name: file, mime: mimeOf(headers), content: Buffer.from(content) });
  }
  return new Params(values, uploads);
}

/** The parts between the boundaries, without the line breaks that belong to the boundaries. */
function* parts(body: Buffer, delimiter: Buffer): Generator<Buffer> {
  let from = body.indexOf(delimiter);
  while (from >= 0) {
    const start = from + delimiter.length + 2;
    const next = body.indexOf(Buffer.concat([Buffer.from("\r\n"), delimiter]), start - 2);
    if (next < 0) return;
    if (next > start) yield body.subarray(start, next);
    from = next + 2;
  }
}

function parameter(headers: string, name: string): string | undefined {
  const line = /^content-disposition:(.*)$/im.exec(headers)?.[1] ?? "";
  const found = new RegExp(`(?:^|;)\\s*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\r\\n]*))`, "i").exec(line);
  return found === null ? undefined : (found[1]?.replaceAll(/\\(.)/g, "$1") ?? found[2]?.trim());
}

function mimeOf(headers: string): string {
  return /^content-type:\s*([^\r\n]*)/im.exec(headers)?.[1]?.trim() ?? "";
}
