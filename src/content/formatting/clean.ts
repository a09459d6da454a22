import type { MessageEntity } from "grammy/types";
import { FormattingError } from "./formatting-error.ts";

/*
 * What Telegram does to the characters of every text (TDLib, `clean_input_string`). `bench/tdlib` compares this with
 * TDLib itself.
 */

// Control characters become spaces. Carriage returns, line separators, embeddings and three combining marks vanish.
const SPACED = /[^\P{Cc}\n\r\x7F-\x9F]/gu;
const DROPPED = /[\r\u2028-\u202E]|\u030A|\u0333|\u033F/g;
/** In a run of direction marks only the last one counts. */
const MARKS = /[\u200E\u200F]+(?=[\u200E\u200F])/g;

/** The text as Telegram keeps it. */
export function clean(text: string): string {
  return text
    .replace(SPACED, " ")
    .replace(DROPPED, "")
    .replace(MARKS, (run) => "\u200C".repeat(run.length));
}

/** Spaces and invisible characters. A text of nothing else counts as empty (TDLib, `is_empty_string`). */
const EMPTY =
  /^[ \n\xA0\u1680\u180E\u2000-\u200F\u202E\u202F\u205F\u2800\u3000\uFEFF\uFFFC\u{E0000}-\u{E007F}]*$/u;

export function isEmpty(text: string): boolean {
  return EMPTY.test(text);
}

/**
 * The text as Telegram keeps it, with its entities moved to where their words are now. The entities must be in
 * TDLib's order and must not cross.
 */
export function cleanFormatted(
  text: string,
  entities: MessageEntity[],
): { text: string; entities: MessageEntity[] } {
  if (entities.length === 0) return { text: clean(text), entities };
  checkPlaces(text, entities);
  const dropped = [...text.matchAll(DROPPED)].map(({ index }) => index);
  const moved = (offset: number) => offset - dropped.filter((index) => index < offset).length;
  const kept = entities.map((entity) => {
    const offset = moved(entity.offset);
    return { ...entity, offset, length: moved(entity.offset + entity.length) - offset };
  });
  return { text: clean(text), entities: kept.filter(({ length }) => length > 0) };
}

/** Throws TDLib's error for the first entity that begins or ends inside a character, or beyond the text. */
function checkPlaces(text: string, entities: MessageEntity[]): void {
  const faults = entities.flatMap(({ offset, length }, index) => [
    ...(splitsPair(text, offset + length) ? [{ at: offset + length, ends: true, index }] : []),
    ...(splitsPair(text, offset) ? [{ at: offset, ends: false, index }] : []),
  ]);
  // At one place, ends are checked before beginnings, and the innermost end first.
  const [first] = faults.toSorted(
    (a, b) =>
      a.at - b.at || Number(b.ends) - Number(a.ends) || (a.ends ? b.index - a.index : a.index - b.index),
  );
  if (first) {
    const byte = Buffer.byteLength(text.slice(0, first.at + 1));
    const within = `in a middle of a UTF-16 symbol at byte offset ${byte}`;
    const begins = entities[first.index]?.offset;
    throw new FormattingError(
      first.ends ? `entity beginning at UTF-16 offset ${begins} ends ${within}` : `entity begins ${within}`,
    );
  }
  const behind = entities.find(({ offset }) => offset > text.length);
  if (behind)
    throw new FormattingError(`entity begins after the end of the text at UTF-16 offset ${behind.offset}`);
  const beyond = entities.findLast(({ offset, length }) => offset + length > text.length);
  if (beyond)
    throw new FormattingError(
      `entity beginning at UTF-16 offset ${beyond.offset} ends after the end of the text at UTF-16 offset ${beyond.offset + beyond.length}`,
    );
}

function splitsPair(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return at > 0 && at < text.length && unit >= 0xdc00 && unit <= 0xdfff;
}
