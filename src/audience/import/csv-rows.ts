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

const DELIMITERS = [",", ";", "\t", "|"];

/** Line breaks and control characters become a space (PostgreSQL stores no NUL); an empty field becomes null. */
export function tidy(field: string): string | null {
  return field.replace(/[\s\p{Cc}]+/gu, " ").trim() || null;
}

/** How the rows of a file are to be read. */
export interface Shape {
  delimiter: string;
  /** How many fields a row has. */
  width: number;
  /** The fields that matter, and how long they can be: a longer one over several lines is two unclosed quotes. */
  used: readonly number[];
  longestField: number;
}

/**
 * A reader of rows, of which the first begins on line `first`. A row whose quotes are still open waits for the next
 * call, unless it is the `last`. `fields` is null when the quotes of a row make no sense. Such a row is one line: those
 * behind it stand for themselves.
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

/** The separator that stands most often in a line outside of quotes; a comma for a single column. */
export function delimiterOf(line: string): string {
  const bare = line.replace(/"[^"]*"/g, "");
  const counts = DELIMITERS.map((delimiter) => ({ delimiter, count: bare.split(delimiter).length }));
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
export function splitFields(row: string, delimiter: string): string[] | null {
  if (!row.includes('"')) return row.split(delimiter);
  try {
    // ="123" keeps a spreadsheet from taking a number for one; the equals sign belongs to the quotes.
    const text = row.replace(/(?<=^|[,;\t|])\s*="/g, '"');
    const records = parse(text, { delimiter, trim: true, record_delimiter: "\n", relax_column_count: true });
    return records.length === 1 ? (records[0] ?? null) : null;
  } catch {
    return null;
  }
}

/** The lines of a text as they come, whichever way they end, with the number of bytes read so far. */
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
      throw new UnreadableFile("A line has more than a million characters. This is no CSV file.");
    if (lines.length > 0) yield { lines, bytes, last: false };
  }
  yield { lines: rest.replace(/\r$/, "") === "" ? [] : rest.split("\r"), bytes: total, last: true };
}
