import type { ServerResponse } from "node:http";
import { basename } from "node:path";
import type { FileStore, StoredFile } from "../content/files.ts";
import { decoded, isRead, reply, text, type Routes } from "../wire/http.ts";
import { draws, picture } from "./drawing.ts";

/** Headers that keep uploaded SVG or HTML from running or fetching anything. */
const HARMLESS = {
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
  "x-content-type-options": "nosniff",
  // Another playground on this port has other files under the same ids.
  "cache-control": "no-cache",
};

/**
 * Serves GET /playground/pictures/<file_id>, a picture of a file (its own bytes if they are an image, otherwise a
 * drawing), and GET /playground/files/<file_id>, the file itself for download.
 */
export function pictureRoutes(files: FileStore): Routes {
  return (path, request, _body, response) => {
    const [, what, id = ""] = /^\/playground\/(pictures|files)\/([^/]+)$/.exec(path) ?? [];
    if (what === undefined || !isRead(request)) return false;
    const file = files.get(decoded(id));
    if (file === undefined) missing(response);
    else if (what === "files") serveFile(file, files.content(file), response);
    else servePicture(file, response);
    return true;
  };
}

function servePicture(file: StoredFile, response: ServerResponse): void {
  const type = file.content && imageType(file.content);
  if (file.content !== undefined && type !== undefined) return serve(response, type, file.content);
  if (!draws(file.kind)) return missing(response);
  serve(response, "image/svg+xml", Buffer.from(picture(file)));
}

function serveFile(file: StoredFile, content: Buffer, response: ServerResponse): void {
  const { media } = file;
  const name = ("file_name" in media ? media.file_name : undefined) ?? basename(file.path);
  const type = ("mime_type" in media ? media.mime_type : undefined) ?? "application/octet-stream";
  // RFC 6266: an ASCII name that any client can read, then the real one.
  const plain = name.replaceAll(/[^\w.() -]/g, "_");
  serve(response, /^[\w.+-]+\/[\w.+-]+$/.test(type) ? type : "application/octet-stream", content, {
    "content-disposition": `attachment; filename="${plain}"; filename*=UTF-8''${encodeName(name)}`,
  });
}

/** The image type of these bytes, by their first ones; undefined for anything else. */
function imageType(content: Buffer): string | undefined {
  const start = content.subarray(0, 512).toString("latin1");
  if (start.startsWith("\x89PNG\r\n\x1A\n")) return "image/png";
  if (start.startsWith("\xFF\xD8\xFF")) return "image/jpeg";
  if (/^GIF8[79]a/.test(start)) return "image/gif";
  if (/^RIFF[^]{4}WEBP/.test(start)) return "image/webp";
  if (/^(\xEF\xBB\xBF)?\s*(<\?xml[^>]*>\s*)?(<!--[^]*?-->\s*)*<svg[\s>]/i.test(start)) return "image/svg+xml";
  return undefined;
}

function serve(
  response: ServerResponse,
  type: string,
  body: Buffer,
  headers: Record<string, string> = {},
): void {
  reply(response, 200, type, body, { ...HARMLESS, ...headers });
}

function missing(response: ServerResponse): void {
  text(response, 404, "There is no such picture or file.\n", HARMLESS);
}

/** RFC 8187, "attr-char": encodeURIComponent leaves a few characters that are not allowed. */
function encodeName(name: string): string {
  return encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
