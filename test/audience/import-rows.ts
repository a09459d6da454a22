import { Readable } from "node:stream";
import type { ImportSummary, RowRead } from "../../src/audience/import/import-summary.ts";

/** The text as a stream of small pieces, so that lines, letters and line breaks are cut apart. */
export function pieces(text: string | Buffer, size = 7): Readable {
  const bytes = Buffer.from(text);
  const count = Math.ceil(bytes.length / size);
  return Readable.from(
    Array.from({ length: count }, (_, index) => bytes.subarray(index * size, (index + 1) * size)),
  );
}

export function faultsOf(rows: RowRead[]): [number, string][] {
  return rows.flatMap(({ line, faults }) => faults.map(({ kind }): [number, string] => [line, kind]));
}

/** What a file leaves out of its columns. */
export function leftOut({ shape }: ImportSummary): string[] {
  return (shape?.columns ?? []).flatMap(({ name, as }) => (as === null ? [name] : []));
}
