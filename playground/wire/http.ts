import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";

/** Serves some paths. Returns false for a request that is not its own. */
export type Routes = (
  path: string,
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
) => boolean;

/** The path of a request, and its query without the question mark. */
export function targetOf({ url = "/" }: IncomingMessage): { path: string; query: string } {
  const mark = url.indexOf("?");
  return mark < 0 ? { path: url, query: "" } : { path: url.slice(0, mark), query: url.slice(mark + 1) };
}

/** A decoded path segment. A malformed one stays as it is, and is then not found. */
export function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** Whether a request only reads. Node itself leaves out the body for HEAD. */
export function isRead({ method }: IncomingMessage): boolean {
  return method === "GET" || method === "HEAD";
}

/** Answers with a body. Does nothing if the client has disconnected. */
export function reply(
  response: ServerResponse,
  status: number,
  type: string,
  body: string | Buffer,
  headers: OutgoingHttpHeaders = {},
): void {
  if (response.destroyed) return;
  response.writeHead(status, {
    "content-type": type,
    "content-length": Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}

export function json(response: ServerResponse, status: number, value: unknown): void {
  reply(response, status, "application/json", `${JSON.stringify(value, undefined, 2)}\n`);
}

export function text(
  response: ServerResponse,
  status: number,
  words: string,
  headers?: OutgoingHttpHeaders,
): void {
  reply(response, status, "text/plain; charset=utf-8", words, headers);
}
