import type { Context } from "hono";
import { stringify } from "csv-stringify/sync";
import type { ApiEnv } from "./router.ts";
import type { Log } from "../../log.ts";

/** What a streamed body is. */
export interface Streamed {
  type: "text/csv" | "application/x-ndjson";
  /** The name of the file, for those who save it. */
  name: string;
}

/**
 * Answers with pieces that are made while the client takes them: one at a time, so the length of a table is nobody's
 * memory, and none once the client has gone. One that takes nothing for a minute is cut off (http-door.ts). What goes wrong
 * before the first piece is thrown; after it, the connection is closed before the end of the body, so that no client takes
 * a part for the whole.
 */
export async function streamed(
  context: Context<ApiEnv>,
  log: Log,
  { type, name }: Streamed,
  pieces: AsyncGenerator<string>,
): Promise<Response> {
  const encoder = new TextEncoder();
  let first: IteratorResult<string> | null = await pieces.next();
  let isGone = false;
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = first ?? (await pieces.next());
          first = null;
          if (isGone) return;
          if (done) controller.close();
          else controller.enqueue(encoder.encode(value));
        } catch (error) {
          log.error({ err: error }, "an answer broke off half-way");
          context.env.outgoing.destroy();
        }
      },
      async cancel() {
        isGone = true;
        await pieces.return(undefined);
      },
    },
    // Nothing is made ahead of the client.
    { highWaterMark: 0 },
  );
  return new Response(body, {
    headers: {
      "content-type": `${type}; charset=utf-8`,
      "content-disposition": `attachment; filename="${name}"`,
      "cache-control": "no-store",
      // nginx would take all of it from here, and keep what a slow client does not on its disk.
      "x-accel-buffering": "no",
    },
  });
}

/** A table as CSV, a piece for each page of its rows. */
export async function* asCsv(
  columns: readonly string[],
  pages: AsyncIterable<readonly (readonly unknown[])[]>,
): AsyncGenerator<string> {
  yield stringify([[...columns]]);
  // A spreadsheet must not read a stranger's text as a formula.
  for await (const rows of pages) if (rows.length > 0) yield stringify([...rows], { escape_formulas: true });
}

/** A list as NDJSON, a piece for each of its pages. */
export async function* asNdjson(pages: AsyncIterable<readonly object[]>): AsyncGenerator<string> {
  for await (const items of pages) yield items.map((item) => `${JSON.stringify(item)}\n`).join("");
}
