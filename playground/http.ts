import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";

/** What a request is for: its path, and its query without the question mark. */
export function targetOf({ url = "/" }: IncomingMessage): { path: string; query: string } {
  const mark = url.indexOf("?");
  return mark < 0 ? { path: url, query: "" } : { path: url.slice(0, mark), query: url.slice(mark + 1) };
}

/** A path segment without its escapes; one that is malformed stays as it is and is then found nowhere. */
export function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** Whether somebody only wants to see what is there. Node itself leaves out the body for HEAD. */
export function isRead({ method }: IncomingMessage): boolean {
  return method === "GET" || method === "HEAD";
}

/** Answers with a body. Somebody who has gone is answered nothing. */
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
