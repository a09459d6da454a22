import { StringDecoder } from "node:string_decoder";
import { parse } from "csv-parse/sync";

/*
 * CSV by lines. csv-parse reads the rows that hold quotes; which lines make a row is decided here, because its
 * skip mode swallows, without a word, every row between a stray quote and the next one.
 */

/** The file as a whole is no table of people. The message is a sentence for the operator. */
export class UnreadableFile extends Error {
  override readonly name = "UnreadableFile";
}

/** An unclosed quote would swallow the rest of the file. Beyond so many lines it is a fault of its first one. */
const MOST_LINES_OF_A_ROW = 100;

/** A million characters without a line break are no CSV, and would have to be held whole. */
const LONGEST_LINE = 1_000_000;

/** Line breaks and control characters become a space (PostgreSQL stores no NUL); an empty field becomes null. */
export function tidy(field: string): string | null {
  return field.replace(/[\s\p{Cc}]+/gu, " ").trim() || null;
}

/** A table as its header line describes it. */
export interface Table<Column extends string> {
  /** Where each column stands. */
  at: Partial<Record<Column, number>>;
  width: number;
  ignored: string[];
  /**
   * The rows of these lines; a row whose quotes are still open waits for the next call, unless this is the `last`.
   * `fields` is null when the quotes of a row make no sense. Such a row is one line: those behind it stand for themselves.
   */
  rows(lines: string[], last: boolean): Iterable<{ line: number; fields: string[] | null }>;
}

export interface TableOptions<Column extends string> {
  columns: readonly Column[];
  /** The column that must be there. */
  needed: Column;
  /** Characters of the longest field that makes sense; a longer one over several lines is two unclosed quotes. */
  longestField: number;
}

/** Reads the header line. @throws UnreadableFile when it names no table of people. */
export function readHeader<Column extends string>(
  firstLine: string,
  { columns, needed, longestField }: TableOptions<Column>,
): Table<Column> {
  const header = firstLine.replace(/^\uFEFF/, "");
  if (header.trim() === "") throw new UnreadableFile("The file is empty, or its first line is.");
  const delimiter = delimiterOf(header);
  const names = splitFields(header, delimiter) ?? [];
  while (names.at(-1)?.trim() === "") names.pop();

  const at: Partial<Record<Column, number>> = {};
  const ignored: string[] = [];
  for (const [index, name] of names.entries()) {
    const column = columns.find((column) => column === name.trim().toLowerCase());
    if (!column) ignored.push(tidy(name) ?? `(column ${index + 1})`);
    else if (at[column] === undefined) at[column] = index;
    else throw new UnreadableFile(`The header names ${column} twice. Remove or rename one of the columns.`);
  }
  // The header is not quoted here: without one, it is a person.
  if (at[needed] === undefined)
    throw new UnreadableFile(
      `The first line has no column ${needed}. It must name the columns, as in: ${columns.join(delimiter)}`,
    );

  const width = names.length;
  let waiting: string[] = [];
  let line = 2;
  function* rows(lines: string[], last: boolean) {
    const all = waiting.length > 0 ? [...waiting, ...lines] : lines;
    const start = line;
    let index = 0;
    while (index < all.length) {
      const height = heightOf(all, index);
      if (height === null && !last && all.length - index < MOST_LINES_OF_A_ROW) break;
      const text = all.slice(index, index + (height ?? 1)).join("\n");
      const fields = height === null ? null : splitFields(text, delimiter);
      // Two unclosed quotes some lines apart look like one long field. Its fields or its length give it away.
      const isRow =
        fields &&
        (height === 1 ||
          (fields.length === width &&
            Object.values<number | undefined>(at).every(
              (index) => (fields[index ?? -1] ?? "").length <= longestField,
            )));
      yield { line: start + index, fields: isRow ? fields : null };
      index += isRow ? (height ?? 1) : 1;
    }
    waiting = all.slice(index);
    line = start + index;
  }
  return { at, width, ignored, rows };
}

/** The separator that stands most often in the header outside of quotes; a comma for a single column. */
function delimiterOf(header: string): string {
  const bare = header.replace(/"[^"]*"/g, "");
  const counts = [",", ";", "\t"].map((delimiter) => ({ delimiter, count: bare.split(delimiter).length }));
  return counts.reduce((most, next) => (next.count > most.count ? next : most)).delimiter;
}

/** How many lines a row takes: up to the one that makes its quotes even. Null when that is too far, or not here yet. */
function heightOf(lines: string[], index: number): number | null {
  let open = false;
  for (let height = 1; height <= MOST_LINES_OF_A_ROW; height++) {
    const text = lines[index + height - 1];
    if (text === undefined) return null;
    for (let quote = text.indexOf('"'); quote !== -1; quote = text.indexOf('"', quote + 1)) open = !open;
    if (!open) return height;
  }
  return null;
}

/** The fields of one row; null when its quotes make no sense. */
function splitFields(row: string, delimiter: string): string[] | null {
  if (!row.includes('"')) return row.split(delimiter);
  try {
    const records = parse(row, { delimiter, trim: true, record_delimiter: "\n", relax_column_count: true });
    return records.length === 1 ? (records[0] ?? null) : null;
  } catch {
    return null;
  }
}

/** The lines of a text as they come, whichever way they end, with the number of bytes read so far. */
export async function* linesOf(
  input: AsyncIterable<Buffer>,
): AsyncGenerator<{ lines: string[]; bytes: number; last: boolean }> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  let bytes = 0;
  for await (const chunk of input) {
    if (bytes === 0 && isUtf16(chunk))
      throw new UnreadableFile("The file is not UTF-8 but UTF-16. Save it as CSV UTF-8.");
    bytes += chunk.length;
    const text = rest + decoder.write(chunk);
    // A carriage return at the end may be half of a line break.
    const lines = text.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    if (rest.length > LONGEST_LINE)
      throw new UnreadableFile("A line has more than a million characters. This is no CSV file.");
    if (lines.length > 0) yield { lines, bytes, last: false };
  }
  const text = rest + decoder.end();
  yield { lines: text.replace(/\r$/, "") === "" ? [] : text.split("\r"), bytes, last: true };
}

/** As Excel's "Unicode text" is: a byte order mark, or a NUL beside each Latin letter. */
function isUtf16([first, second]: Buffer): boolean {
  return (
    (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff) || first === 0 || second === 0
  );
}
