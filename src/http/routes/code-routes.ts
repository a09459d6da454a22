import { createRoute, z } from "@hono/zod-openapi";
import { bodyLimit } from "hono/body-limit";
import { accepts } from "hono/accepts";
import { addCodesTo } from "../../campaign/actions/change-codes.ts";
import { readCodes } from "../../campaign/code-file.ts";
import { countPool } from "../../campaign/code-pool.ts";
import { getCampaign, getWithDetails } from "../../campaign/queries.ts";
import { CODE_COLUMNS, codeRows } from "../../campaign/report/code-rows.ts";
import { scopeOf } from "../../db/scope.ts";
import { MOST_FILE_BYTES } from "../../temporary-file.ts";
import { Problem, problems } from "../core/problem.ts";
import { type Api, type ApiDeps, createRouter } from "../core/router.ts";
import { asCsv, streamed } from "../core/streamed.ts";
import { Pattern } from "../shapes/code-shapes.ts";
import { NumberInPath, json } from "../shapes/common-shapes.ts";
import { readUpload } from "../uploads/upload.ts";

const tags = ["Codes"];
const Text = z.string();
const Count = z.int().nonnegative();

const pool = {
  all: Count.openapi({ description: "how many codes there are" }),
  free: Count.openapi({ description: "how many can be given" }),
  withheld: Count.openapi({
    description:
      "how many nobody had when the backup was made from which the database was restored; they are not given",
  }),
};
const Pool = z.object(pool).openapi("CodePool");

const Added = z
  .object({
    ...pool,
    added: Count.openapi({ description: "how many of them are new" }),
    too_long: z.array(z.int()).openapi({ description: "lines that were left out, at most 100 of them" }),
    repeated: z
      .array(z.int())
      .openapi({ description: "lines whose code stood further up, at most 100 of them" }),
  })
  .openapi("CodesAdded");

const adding = createRoute({
  method: "post",
  path: "/campaigns/{number}/codes",
  operationId: "addCodes",
  tags,
  summary: "Add personal codes to a campaign",
  description:
    "Role `write`. As text, one code a line (of a CSV, the first column), or made by Herald by a pattern. `{code}` in the post " +
    "stands for the person's own. A draft gets its pool with the first codes; a campaign that is scheduled, running or paused has " +
    "to have one. Codes that are there already stay as they are, so the same file may be sent again; a pattern makes more each time.",
  request: {
    params: NumberInPath,
    body: {
      // If it were, a text would be read as JSON as well.
      required: false,
      content: {
        "application/json": { schema: Pattern },
        "text/plain": { schema: Text.openapi({ example: "SPRING-A7KD\nSPRING-X3MP\n" }) },
        "text/csv": { schema: Text.openapi({ example: "code\nSPRING-A7KD\nSPRING-X3MP\n" }) },
      },
    },
  },
  responses: {
    200: json(Added, "They are in the pool"),
    ...problems(400, 401, 403, 404, 409, 413, 415, 422, 429),
  },
});

const reading = createRoute({
  method: "get",
  path: "/campaigns/{number}/codes",
  operationId: "readCodes",
  tags,
  summary: "How many codes are left, and who got which",
  description:
    "As JSON, the numbers. With `Accept: text/csv`, a line for each person: their id, their code, and what became of their copy. " +
    "If something goes wrong, the connection is closed before the end of the body.",
  request: { params: NumberInPath },
  responses: {
    200: {
      description: "The numbers, or all of it",
      content: { ...json(Pool, "").content, "text/csv": { schema: Text } },
    },
    ...problems(401, 404, 409, 410, 422, 429),
  },
});

const TYPES = ["application/json", "text/csv"] as const;
const TEXTS: ReadonlySet<string> = new Set(["text/plain", "text/csv"]);
const MOST_LINES = 100;

/** Personal codes. A file of them may be larger than a JSON body, so it stands outside of the limits of the others. */
export function codeRoutes({ log }: Pick<ApiDeps, "log">): Api {
  const routes = createRouter();

  routes.use(
    "/campaigns/:number/codes",
    bodyLimit({
      maxSize: MOST_FILE_BYTES,
      onError: () => {
        throw new Problem(413, "too-large", `A file has at most ${MOST_FILE_BYTES} bytes: send it in parts.`);
      },
    }),
  );

  routes.openapi(adding, async (context) => {
    const { scope, actor } = context.var;
    const { number } = context.req.valid("param");
    const type = context.req.header("content-type")?.split(";", 1)[0]?.trim().toLowerCase() ?? "";
    const isText = TEXTS.has(type);
    if (!isText && type !== "application/json")
      throw new Problem(
        415,
        "not-codes",
        "Send text/plain or text/csv with a code on each line, or JSON with a pattern.",
      );
    const read = isText ? readCodes(await textOf(context.req.raw)) : null;
    const added = await addCodesTo(
      scope,
      actor,
      number,
      read ? read.codes : patternIn(context.req.valid("json")),
    );
    const counts = await poolOf(scope, number);
    return context.json(
      {
        ...counts,
        added,
        too_long: read?.tooLong.slice(0, MOST_LINES) ?? [],
        repeated: read?.repeated.slice(0, MOST_LINES) ?? [],
      },
      200,
    );
  });

  routes.openapi(reading, async (context) => {
    const { scope } = context.var;
    const { number } = context.req.valid("param");
    const type = accepts(context, { header: "Accept", supports: [...TYPES], default: TYPES[0] });
    if (type === "application/json") return context.json(await poolOf(scope, number), 200);
    const campaign = await getWithDetails(scope, number);
    const name = `campaign-${number}-codes.csv`;
    const rows = codeRows(scopeOf(scope, campaign), campaign);
    return streamed(context, log, { type: "text/csv", name }, asCsv(CODE_COLUMNS, rows));
  });

  return routes;
}

/** The body is JSON, so it was read by that shape. */
function patternIn(body: unknown): z.infer<typeof Pattern> {
  return Pattern.parse(body);
}

async function poolOf(scope: Parameters<typeof getCampaign>[0], number: number) {
  const { codePool } = await getCampaign(scope, number);
  const { all, free, withheld } = (await countPool(scope, codePool)) ?? { all: 0, free: 0, withheld: 0 };
  return { all, free, withheld };
}

async function textOf(request: Request): Promise<string> {
  const { file } = await readUpload(request);
  try {
    const pieces: Uint8Array[] = [];
    for await (const piece of file.read()) pieces.push(piece);
    return Buffer.concat(pieces).toString("utf8");
  } finally {
    await file.close();
  }
}
