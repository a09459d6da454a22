import { parse } from "csv-parse/sync";

/*
 * Reads CSV line by line. csv-parse reads the rows with quotes; which lines form a row is decided here, because its
 * skip mode silently swallows every row between a stray quote and the next one.
 */

/** The file as a whole is not a table of people. The message is a sentence for the operator. */
export class UnreadableFile extends Error {
  override readonly name = "UnreadableFile";
}

/** An unclosed quote would swallow the rest of the file. Beyond this many lines, its first line is faulty. */
const MOST_LINES_OF_A_ROW = 100;

/** A million characters without a line break are not CSV, and would all have to be kept in memory. */
const LONGEST_LINE = 1_000_000;

const DELIMITERS = [",", ";", "\t", "|"];

/** Line breaks and control characters become a space (PostgreSQL stores no NUL); an empty field becomes null. */
export function tidy(field: string): string | null {
  return field.replace(/[\s\p{Cc}]+/gu, " ").trim() || null;
}

/** How to read the rows of a file. */
export interface Shape {
  delimiter: string;
  /** How many fields a row has. */
  width: number;
  /**
   * The fields that are read. If one of them is longer than `longestField` and spans lines, it is two unclosed quotes.
   */
  used: readonly number[];
  longestField: number;
}

/**
 * Creates a reader of rows; the first begins on line `first`. A row whose quotes are still open waits for the next
 * call, unless that call is the `last`. `fields` is null if the quotes of a row are malformed; such a row is one line,
 * and reading continues with the next.
 */
export function createRowReader({ delimiter, width, used, longestField }: Shape, first: number) {
  let waiting: string[] = [];
  let line = first;
  return function* rows(
    lines: string[],
    last: boolean,
  ): Generator<{ line: number; fields: string[] | null }> {
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
          (fields.length === width && used.every((index) => (fields[index] ?? "").length <= longestField)));
      yield { line: start + index, fields: isRow ? fields : null };
      index += isRow ? (height ?? 1) : 1;
    }
    waiting = all.slice(index);
    line = start + index;
  };
}

/** The separator that occurs most often in a line outside of quotes; a comma for a single column. */
export function delimiterOf(line: string): string {
  const bare = line.replace(/"[^"]*"/g, "");
  const counts = DELIMITERS.map((delimiter) => ({ delimiter, count: bare.split(delimiter).length }));
  return counts.reduce((most, next) => (next.count > most.count ? next : most)).delimiter;
}

/** How many lines a row spans: up to the one that closes its quotes. Null if that is too far, or not read yet. */
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

/** The fields of one row; null if its quotes are malformed. */
export function splitFields(row: string, delimiter: string): string[] | null {
  if (!row.includes('"')) return row.split(delimiter);
  try {
    // Spreadsheets keep ="123" as text; the equals sign belongs to the quotes.
    const text = row.replace(/(?<=^|[,;\t|])\s*="/g, '"');
    const records = parse(text, { delimiter, trim: true, record_delimiter: "\n", relax_column_count: true });
    return records.length === 1 ? (records[0] ?? null) : null;
  } catch {
    return null;
  }
}

/** Streams the lines of a text, with any line endings, and the number of bytes read so far. */
export async function* linesOf(
  pieces: AsyncIterable<{ text: string; bytes: number }>,
): AsyncGenerator<{ lines: string[]; bytes: number; last: boolean }> {
  let rest = "";
  let total = 0;
  for await (const { text, bytes } of pieces) {
    total = bytes;
    // A carriage return at the end may be half of a line break.
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    if (rest.length > LONGEST_LINE)
      throw new UnreadableFile("A line has more than a million characters. This is not a CSV file.");
    if (lines.length > 0) yield { lines, bytes, last: false };
  }
  yield { lines: rest.replace(/\r$/, "") === "" ? [] : rest.split("\r"), bytes: total, last: true };
}
