import { UnreadableFile } from "./csv-rows.ts";
import type { PeopleReader } from "./people-reader.ts";
import { type PersonRead, type ValueOptions, readPerson, refused } from "./person-row.ts";
import { type Table, type TableOptions, openTable } from "./table.ts";

/** Reads CSV as other systems write it; docs/import.md describes it. */
export function createCsvReader(options: TableOptions, values: ValueOptions): PeopleReader {
  let table: Table | null = null;
  let head: string[] = [];

  return {
    *rows(lines, last) {
      let fresh = lines;
      if (!table) {
        head = [...head, ...lines];
        const opened = openTable(head, options);
        if (!opened && last) throw new UnreadableFile("The file is empty.");
        if (!opened) return;
        table = opened.table;
        fresh = opened.rows;
      }
      for (const { line, fields } of table.rows(fresh, last)) {
        if (fields?.every((field) => field.trim() === "")) continue;
        yield { line, ...understand(table, fields, values) };
      }
    },
    get shape() {
      return table && table.shape;
    },
  };
}

function understand({ columns, width }: Table, fields: string[] | null, values: ValueOptions): PersonRead {
  if (!fields) return refused("quotes");
  // A spreadsheet may end every line with the same number of separators.
  const isWhole = fields.length >= width && fields.slice(width).every((field) => field.trim() === "");
  return isWhole ? readPerson(columns, fields, values) : refused("field-count");
}
