import { z } from "@hono/zod-openapi";
import { ORDERS } from "../../audience/import/date-cells.ts";
import { OfBot, inQuery } from "./common-shapes.ts";

const name = z.string().min(1).max(100);
const names = z
  .string()
  .min(1)
  .max(2_000)
  .transform((text) => text.split(",").map((one) => one.trim()))
  .optional();

/** What the caller knows about a file beyond its content; as the options of `npm run recipients:import`. */
export const ImportQuery = z.strictObject({
  bot: OfBot,
  dry_run: z
    .enum(["true", "false"])
    .transform((given) => given === "true")
    .optional()
    .openapi({
      ...inQuery("dry_run"),
      type: "boolean",
      description: "imports nothing, and reports the same",
    }),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, "A country has two capital letters, such as DE.")
    .optional()
    .openapi({
      ...inQuery("country"),
      description: "of phone numbers without a country code",
      example: "DE",
    }),
  dates: z
    .enum(ORDERS)
    .optional()
    .openapi({ ...inQuery("dates"), description: "the order in dates such as 03/04/2024" }),
  columns: names.openapi({
    ...inQuery("columns"),
    type: "string",
    description: "of CSV without a header: its columns in order, separated by commas; _ skips one",
    example: "chat_id,_,first_name",
  }),
  id_column: name.optional().openapi({
    ...inQuery("id_column"),
    description: "of CSV: the column with the Telegram ids, if several look like it",
  }),
  ignore: names.openapi({
    ...inQuery("ignore"),
    type: "string",
    description: "of CSV: columns to skip, separated by commas",
  }),
  encoding: name.optional().openapi({
    ...inQuery("encoding"),
    description: "of CSV, if it cannot be detected",
    example: "windows-1252",
  }),
});

const count = z.int().min(0);

export const ImportReport = z
  .object({
    rows: count.openapi({ description: "without the header and empty lines" }),
    inserted: count,
    updated: count,
    unchanged: count,
    duplicates: count.openapi({ description: "repeated a person shortly before, and were merged" }),
    refused: count.openapi({ description: "were not imported" }),
    forgotten: count.openapi({
      description: "had been erased, and stay off the list until they start the bot anew; 0 in a dry run",
    }),
    incomplete: count.openapi({ description: "were imported without a field that was wrong" }),
    gone: count.openapi({ description: "have left according to the file: they are kept, and get nothing" }),
    faults: z
      .array(
        z.object({
          line: z.int().min(1),
          loses: z.string().openapi({ description: "row, or the field that was left out", example: "phone" }),
          reason: z.string().openapi({ example: "phone" }),
          detail: z.string(),
        }),
      )
      .openapi({ description: "the first 100, in the order of the lines" }),
    faults_omitted: count.openapi({ description: "how many more there were" }),
    encoding: z.string(),
    delimiter: z.string().nullable().openapi({ description: "null for NDJSON" }),
    columns: z
      .array(z.object({ name: z.string(), as: z.string().nullable() }))
      .openapi({ description: "what each column was read as; null was ignored" }),
  })
  .openapi("ImportReport");
export type ImportReportJson = z.infer<typeof ImportReport>;
