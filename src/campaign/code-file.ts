import { storable } from "../storable.ts";
import { LONGEST_CODE, MOST_CODES } from "./code-pattern.ts";

/** What a file of codes holds. Lines count from 1. */
export interface CodesRead {
  codes: string[];
  /** Lines whose code is longer than LONGEST_CODE characters. They are left out. */
  tooLong: number[];
  /** Lines whose code stood further up. */
  repeated: number[];
  /** There are more lines than MOST_CODES; those behind were not read. */
  cut: boolean;
}

/** The header of a table with one column, which is no code. */
const HEADER = /^(?:codes?|promo ?codes?|коды?|промокоды?)$/i;

/** Reads codes, one a line; of a CSV, the first column. */
export function readCodes(text: string): CodesRead {
  const read: CodesRead = { codes: [], tooLong: [], repeated: [], cut: false };
  const known = new Set<string>();
  for (const [index, line] of text
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\r|\n/)
    .entries()) {
    const code = firstCell(line);
    if (code === "" || (index === 0 && HEADER.test(code))) continue;
    if (known.size >= MOST_CODES) return { ...read, cut: true };
    if ([...code].length > LONGEST_CODE) read.tooLong.push(index + 1);
    else if (known.has(code)) read.repeated.push(index + 1);
    else {
      known.add(code);
      read.codes.push(code);
    }
  }
  return read;
}

function firstCell(line: string): string {
  const quoted = /^\s*"(?<cell>(?:[^"]|"")*)"/.exec(line)?.groups?.["cell"];
  const cell = quoted?.replaceAll('""', '"') ?? line.split(/[,;\t]/, 1)[0] ?? "";
  return storable(cell).trim();
}
