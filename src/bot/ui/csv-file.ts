import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { stringify } from "csv-stringify";
import { InputFile } from "grammy";

/** A table to send. It is streamed, so its length does not matter. */
export function csvFile(
  name: string,
  columns: readonly string[],
  rows: AsyncIterable<readonly unknown[]> | Iterable<readonly unknown[]>,
): InputFile {
  const table = stringify({
    header: true,
    columns: [...columns],
    // A spreadsheet must not read a stranger's text as a formula.
    escape_formulas: true,
  });
  // An error also ends the table, and with it the upload that reads it.
  pipeline(Readable.from(rows), table).catch(() => undefined);
  return new InputFile(table, name);
}
