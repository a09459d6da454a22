import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { stringify } from "csv-stringify";
import { InputFile } from "grammy";

/** A table to send; it is written while it is read, whatever its length. */
export function csvFile(
  name: string,
  columns: readonly string[],
  rows: AsyncIterable<readonly unknown[]> | Iterable<readonly unknown[]>,
): InputFile {
  const table = stringify({
    header: true,
    columns: [...columns],
    // A spreadsheet must not take what a stranger's text begins with for a formula.
    escape_formulas: true,
  });
  // An error ends the table too, and with it the upload that reads it.
  pipeline(Readable.from(rows), table).catch(() => undefined);
  return new InputFile(table, name);
}
