import { UnreadableFile, createRowReader, delimiterOf, splitFields, tidy } from "./csv-rows.ts";
import { type ColumnOptions, type Columns, FIELDS, FILTERS, findColumns } from "./columns.ts";
import { readId } from "./id-cells.ts";
import { LONGEST_NAME } from "./person-row.ts";
import type { FileShape } from "./import-summary.ts";

/** A table of people, as recognised from its first lines. */
export interface Table {
  columns: Columns;
  /** How many fields a row has. */
  width: number;
  shape: Omit<FileShape, "encoding">;
  /** Reads more lines; see `createRowReader`. */
  rows: ReturnType<typeof createRowReader>;
}

export interface TableOptions extends ColumnOptions {
  /** The columns of a file without a header; `_` skips one. */
  columns?: readonly string[];
}

/**
 * Recognises a table by its first lines, and returns those of them that are rows; null while the lines do not suffice.
 * Empty lines and the `sep=;` that spreadsheets write are skipped.
 * @throws UnreadableFile if this is not a table of people, or if it is unclear which column holds the ids.
 */
export function openTable(lines: string[], options: TableOptions): { table: Table; rows: string[] } | null {
  let delimiter: string | undefined;
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "") continue;
    if (/^\s*[[{]/.test(line)) throw new UnreadableFile("This is JSON. Export the table as CSV.");
    const separator = /^"?sep=(?<separator>.)"?\k<separator>*$/i.exec(line.replace(/[\r ]+$/, ""))?.groups?.[
      "separator"
    ];
    if (separator !== undefined && delimiter === undefined) {
      delimiter = separator;
      continue;
    }
    const used = delimiter ?? delimiterOf(line);
    const { columns, hasHeader, width } = describe(splitFields(line, used) ?? [], used, options);
    const first = hasHeader ? index + 1 : index;
    const indexes = [...Object.values(columns.fields), ...columns.filters.map((filter) => filter.index)];
    const rows = createRowReader(
      { delimiter: used, width, used: indexes, longestField: 2 * LONGEST_NAME },
      first + 1,
    );
    const shape = { delimiter: used, hasHeader, columns: columns.recognised };
    return { table: { columns, width, shape, rows }, rows: lines.slice(first) };
  }
  return null;
}

function describe(
  fields: string[],
  delimiter: string,
  options: TableOptions,
): { columns: Columns; hasHeader: boolean; width: number } {
  if (options.columns) {
    const columns = findColumns(
      options.columns.map((name) => (name === "_" ? "" : name)),
      options,
    );
    if (!columns) throw new UnreadableFile("--columns names none that holds the ids, such as chat_id.");
    return { columns, hasHeader: false, width: options.columns.length };
  }
  const names = [...fields];
  while (names.at(-1)?.trim() === "") names.pop();
  const columns = findColumns(names, options);
  if (columns) return { columns, hasHeader: true, width: names.length };
  return { columns: withoutHeader(names, delimiter), hasHeader: false, width: names.length };
}

/** The columns of a file whose first line is a person. Only the id can be recognised: the only number in that line. */
function withoutHeader(fields: string[], delimiter: string): Columns {
  const ids = fields.flatMap((field, index) => (isId(field) ? [index] : []));
  // The message does not quote the line: it may be a person.
  if (ids.length > 1)
    throw new UnreadableFile(
      `The first line names no columns, and several of its fields may be the id. Name the columns, as in --columns ${sample(fields)}`,
    );
  const [id] = ids;
  if (id === undefined)
    throw new UnreadableFile(
      `The first line has no column chat_id. It must name the columns, as in: ${[...FIELDS, FILTERS[0]].join(delimiter)}\n` +
        `If the column with the ids has another name, give it with --id-column.`,
    );
  const recognised = fields.map((_, index) => ({
    name: `column ${index + 1}`,
    as: index === id ? ("chat_id" as const) : null,
  }));
  return { fields: { chat_id: id }, filters: [], attributes: [], recognised };
}

/** A number that does not look like a phone number. */
function isId(field: string): boolean {
  const read = readId(tidy(field));
  return !field.trim().startsWith("+") && (typeof read === "number" || read === "chat-id-negative");
}

function sample(fields: string[]): string {
  return fields.map((_, index) => ["chat_id", "first_name"][index] ?? "_").join(",");
}
