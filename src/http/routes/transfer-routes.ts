import { createRoute, z } from "@hono/zod-openapi";
import { isSupportedCountry } from "libphonenumber-js/max";
import type { ImportOptions } from "../../audience/import/import-people.ts";
import { UnreadableFile } from "../../audience/import/csv-rows.ts";
import { peopleTable } from "../../audience/import/people-table.ts";
import type { RowRead } from "../../audience/import/import-summary.ts";
import { savedByName } from "../../audience/segment/saved-segments.ts";
import type { Segment } from "../../audience/segment/segment.ts";
import { whyUnanswerable } from "../../campaign/segment-reach.ts";
import { segmentFromLine } from "../json/audience-json.ts";
import { checkList, importList } from "../../campaign/actions/import-list.ts";
import { botScope } from "../core/bot-scope.ts";
import { Problem, invalidRequest, problems } from "../core/problem.ts";
import { type Api, type ApiDeps, createRouter } from "../core/router.ts";
import { asCsv, streamed } from "../core/streamed.ts";
import { collectFaults, importReport, withoutDashes } from "../json/import-json.ts";
import { OfBotQuery, json } from "../shapes/common-shapes.ts";
import { ImportQuery, ImportReport } from "../shapes/import-shapes.ts";
import type { Scope } from "../../db/scope.ts";

const tags = ["Recipients"];

const Text = z.string();
const importing = createRoute({
  method: "post",
  path: "/recipients/import",
  operationId: "importRecipients",
  tags,
  summary: "Import people from CSV or NDJSON",
  description:
    "Role `write`. The body is a stream of any length, read by the rules of docs/import.md. It is written in batches of up to " +
    "2,000 people while it arrives: one that breaks off leaves everyone whose line had arrived whole, and importing it again completes it. " +
    "NDJSON has an object on each line: `chat_id`, `language`, `first_name`, `last_name`, `username`, `phone`, `joined_at`, " +
    "`status`, `active`, `unsubscribed`, `blocked`, `is_bot`, `platform`, `tags`; any other name is an attribute.",
  request: {
    query: ImportQuery,
    body: {
      required: true,
      content: {
        "text/csv": { schema: Text.openapi({ example: "chat_id,language\n123456789,en\n" }) },
        "application/x-ndjson": {
          schema: Text.openapi({ example: '{"chat_id":123456789,"language":"en"}\n' }),
        },
      },
    },
  },
  responses: {
    200: json(ImportReport, "It was read to its end"),
    ...problems(400, 401, 403, 415, 422, 429),
  },
});

const ExportQuery = OfBotQuery.extend({
  segment: z
    .string()
    .max(4_000)
    .optional()
    .openapi({
      param: { name: "segment", in: "query" },
      description:
        "only people who meet this line of conditions, also those who cannot be reached: docs/segments.md",
      example: "blocked:<30d",
    }),
});

const exporting = createRoute({
  method: "get",
  path: "/recipients/export",
  operationId: "exportRecipients",
  tags,
  summary: "Export people as CSV",
  description:
    "With the columns that an import reads, tags and attributes among them. People are read while the file is sent, so it is not of one moment: who joins or " +
    "leaves meanwhile may or may not be in it. If something goes wrong, the connection is closed before the end of the body.",
  request: { query: ExportQuery },
  responses: {
    200: { description: "The file", content: { "text/csv": { schema: Text } } },
    ...problems(401, 422, 429),
  },
});

const FORMATS = { "text/csv": "csv", "application/x-ndjson": "ndjson" } as const;

/** The list of people as a whole. Its bodies have any length, so it stands outside of the limits of the others. */
export function transferRoutes({ log, clock, settings }: Pick<ApiDeps, "log" | "clock" | "settings">): Api {
  const routes = createRouter();

  routes.openapi(importing, async (context) => {
    const { scope, actor } = context.var;
    const type = context.req.header("content-type")?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
    if (!isFormat(type))
      throw new Problem(415, "not-a-list", "Send Content-Type: text/csv or application/x-ndjson.");
    const { dry_run, bot, ...query } = context.req.valid("query");
    const of = await botScope(scope, bot);
    const options = { ...optionsOf(query), format: FORMATS[type] };
    const faults = collectFaults();
    const hooks = { onRow: (row: RowRead) => faults.add(row) };
    const input = bytesOf(context.req.raw.body);
    try {
      const read = dry_run ? checkList : importList;
      const summary = await read(of, actor, input, hooks, options);
      return context.json(importReport(summary, faults), 200);
    } catch (error) {
      if (error instanceof UnreadableFile) throw new Problem(422, "unreadable", withoutDashes(error.message));
      if (!(error instanceof BrokenOff)) throw error;
      log.info("an import broke off: its client is gone");
      throw new Problem(400, "broken-off", "The body broke off. What was imported before that stays.");
    }
  });

  routes.openapi(exporting, async (context) => {
    const { scope } = context.var;
    const { bot, segment: line } = context.req.valid("query");
    const of = await botScope(scope, bot);
    const setting = { zone: settings.timezone, saved: await savedByName(of) };
    const segment = line === undefined ? null : segmentFromLine(line, setting, { parameter: "segment" });
    if (segment) await refuseUnanswerable(of, segment);
    const { columns, pages } = await peopleTable(of, segment, clock.now());
    return streamed(context, log, { type: "text/csv", name: "people.csv" }, asCsv(columns, pages));
  });

  return routes;
}

/** A segment that names a campaign or list that cannot answer would export nobody, or everybody. */
async function refuseUnanswerable(of: Scope, segment: Segment): Promise<void> {
  const why = await whyUnanswerable(of, segment);
  if (why !== null) throw invalidRequest([{ parameter: "segment", detail: why }]);
}

function isFormat(type: string): type is keyof typeof FORMATS {
  return Object.hasOwn(FORMATS, type);
}

function optionsOf({
  country,
  dates,
  columns,
  id_column,
  ignore,
  encoding,
}: Omit<z.infer<typeof ImportQuery>, "dry_run" | "bot">): ImportOptions {
  if (country !== undefined && !isSupportedCountry(country))
    throw new Problem(422, "invalid", `There is no country ${country}.`, {
      more: { errors: [{ parameter: "country", detail: "Give two letters, such as DE." }] },
    });
  return {
    ...(country !== undefined && { country }),
    ...(dates && { dates }),
    ...(columns && { columns }),
    ...(id_column !== undefined && { idColumn: id_column }),
    ...(ignore && { ignore }),
    ...(encoding !== undefined && { encoding }),
  };
}

/** The client went away before the end of its body. */
class BrokenOff extends Error {
  override readonly name = "BrokenOff";
}

async function* bytesOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Buffer> {
  // What is not read of a list that is refused is drained by the server: cancelling would take the answer along.
  const reader = body?.getReader();
  for (;;) {
    const piece = await reader?.read().catch((error: unknown) => {
      throw new BrokenOff("the body broke off", { cause: error });
    });
    if (!piece || piece.done) return;
    const { buffer, byteOffset, byteLength } = piece.value;
    yield Buffer.from(buffer, byteOffset, byteLength);
  }
}
