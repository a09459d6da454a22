import { isAscii } from "node:buffer";
import { TextDecoder } from "node:util";
import { UnreadableFile } from "./csv-rows.ts";

/** The first bytes of files that are not text. */
const NOT_TEXT: [magic: string, what: string][] = [
  ["504b0304", "This is an Excel workbook or another zip archive."],
  ["d0cf11e0", "This is an Excel workbook."],
  ["1f8b", "This is a gzip archive."],
  ["25504446", "This is a PDF."],
];

/** Bytes searched for NULs, and then for letters. Names are short, so fewer bytes would not tell. */
const SAMPLE = 65_536;

/** A piece of text, with the number of bytes read so far. */
export interface Piece {
  text: string;
  bytes: number;
}

/**
 * Decodes a file in the encoding `named` (any label that TextDecoder knows), or else detects it. A byte order mark or
 * NULs mean UTF-16. Otherwise the file is ASCII up to its first other byte, and the 64 KB from there on tell UTF-8 from
 * windows-1251.
 * @throws UnreadableFile if the file is not text, or its encoding cannot be detected.
 */
export async function* decode(
  input: AsyncIterable<Buffer>,
  named?: string,
  onEncoding?: (name: string) => void,
): AsyncGenerator<Piece> {
  let held: Buffer = Buffer.alloc(0);
  let bytes = 0;
  let decoder: TextDecoder | null = null;
  let isBegun = false;
  const settle = (encoding: string) => {
    decoder = decoderOf(encoding);
    onEncoding?.(decoder.encoding);
    return decoder;
  };
  /** Decodes what is buffered; null while that is too little to detect the encoding. */
  const read = (isLast: boolean): string | null => {
    if (decoder) return decoder.decode(held, { stream: true });
    if (!isBegun) {
      if (held.length < SAMPLE && !isLast) return null;
      isBegun = true;
      checkMagic(held);
      const encoding = named ?? markOf(held) ?? utf16Of(held);
      if (encoding) return settle(encoding).decode(held, { stream: true });
    }
    if (isAscii(held)) return held.toString("latin1");
    const ascii = held.findIndex((byte) => byte >= 0x80);
    if (held.length - ascii < SAMPLE && !isLast) return null;
    return settle(guess(held.subarray(ascii), isLast)).decode(held, { stream: true });
  };
  for await (const chunk of input) {
    bytes += chunk.length;
    held = held.length > 0 ? Buffer.concat([held, chunk]) : chunk;
    const text = read(false);
    if (text === null) continue;
    held = Buffer.alloc(0);
    yield { text, bytes };
  }
  const rest = read(true) ?? "";
  yield { text: rest + ((decoder as TextDecoder | null)?.decode() ?? ""), bytes };
  if (!decoder) onEncoding?.("utf-8");
}

function decoderOf(encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding);
  } catch {
    throw new UnreadableFile(
      `There is no encoding ${encoding}. Known are utf-8, utf-16le, windows-1251, windows-1252, koi8-r, ibm866 and others.`,
    );
  }
}

function checkMagic(bytes: Buffer): void {
  const begin = bytes.toString("hex", 0, 4);
  const what = NOT_TEXT.find(([magic]) => begin.startsWith(magic))?.[1];
  if (what !== undefined) throw new UnreadableFile(`${what} Save the table as CSV UTF-8.`);
}

function markOf(bytes: Buffer): string | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? "utf-8" : null;
}

/** In UTF-16, digits and separators have a NUL next to them, and any such table has many of them. */
function utf16Of(bytes: Buffer): string | null {
  const sample = bytes.subarray(0, SAMPLE);
  const nuls = [0, 0];
  for (const [index, byte] of sample.entries()) if (byte === 0) nuls[index % 2]! += 1;
  const [even = 0, odd = 0] = nuls.map((count) => count / (sample.length / 2));
  if (Math.max(even, odd) < 0.2) return null;
  if (Math.min(even, odd) > 0.05)
    throw new UnreadableFile("This is not a text file. Save the table as CSV UTF-8.");
  return odd > even ? "utf-16le" : "utf-16be";
}

/** The encoding of bytes that start with a non-ASCII one. */
function guess(bytes: Buffer, isWhole: boolean): string {
  const sample = bytes.subarray(0, SAMPLE);
  const isCut = !isWhole || sample.length < bytes.length;
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(sample, { stream: isCut });
    return "utf-8";
  } catch {
    // Not UTF-8, or damaged.
  }
  if (isRussian(new TextDecoder("windows-1251").decode(sample))) return "windows-1251";
  const damaged = new TextDecoder("utf-8").decode(sample);
  const [letters, holes] = [damaged.match(/[^\0-\x7F\uFFFD]/g), damaged.match(/\uFFFD/g)];
  if ((letters?.length ?? 0) > (holes?.length ?? 0)) return "utf-8";
  throw new UnreadableFile(
    "The text is neither UTF-8 nor windows-1251. Save the file as CSV UTF-8, or name its encoding, as in --encoding windows-1252.",
  );
}

/**
 * True if a text decoded as windows-1251 is plausible in Russian or a related language. Other encodings decode to words
 * in two scripts (windows-1252), words with capitals inside (KOI8-R, ISO 8859-5, Greek), or no capitals (Hebrew).
 * Letter frequencies do not help: chardet detects a short list of Russian names as ISO 8859-1.
 */
function isRussian(text: string): boolean {
  const words = text.match(/\p{L}*[^\0-\x7F\P{L}]\p{L}*/gu) ?? [];
  const good = words.filter((word) => /^(?=\p{Script=Cyrillic}+$)(?:\p{Lu}?\p{Ll}*|\p{Lu}+)$/u.test(word));
  return good.some((word) => /^\p{Lu}./u.test(word)) && good.length >= 0.9 * words.length;
}
