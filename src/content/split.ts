import type { MessageEntity } from "grammy/types";
import { type Formatted, placesOf } from "./personal.ts";

/** Entities that can be cut in two; the others make sense only as a whole. */
const DIVISIBLE: ReadonlySet<MessageEntity["type"]> = new Set([
  "bold",
  "italic",
  "underline",
  "strikethrough",
  "spoiler",
  "blockquote",
  "expandable_blockquote",
  "code",
  "pre",
  "text_link",
]);

/** The end of a sentence; some scripts have no white space after it. */
const SENTENCE_END = /[.!?…。！？][)\]"'»”’]*$/;
const WIDE_STOP = /[。！？](?!\s)/g;

/** The range that a cut removes, in UTF-16 units. */
interface Gap {
  start: number;
  end: number;
}

/**
 * Cuts a text into two of at most `limit` characters each, as late as possible between paragraphs, else between lines,
 * sentences, words or, finally, letters. White space at the cut is dropped; entities stay correct in both. Null if two
 * are not enough.
 */
export function splitText(formatted: Formatted, limit: number): [Formatted, Formatted] | null {
  const { text, entities = [] } = formatted;
  const gap = gapIn(text, entities, limit);
  if (!gap) return null;
  return [slice(formatted, 0, gap.start), slice(formatted, gap.end, text.length)];
}

function gapIn(text: string, entities: MessageEntity[], limit: number): Gap | undefined {
  const characters = [...text];
  // The first part ends at `latest` at the latest; the second begins at `earliest` at the earliest.
  const latest = characters.slice(0, limit).join("").length;
  const earliest = characters.slice(0, -limit).join("").length;
  const isBorder = bordersOf(text);
  const wholes = [
    ...placesOf(text),
    ...entities
      .filter(({ type }) => !DIVISIBLE.has(type))
      .map(({ offset, length }) => ({ start: offset, end: offset + length })),
  ];
  const fits = ({ start, end }: Gap) =>
    start <= latest &&
    end >= earliest &&
    !wholes.some((whole) => start < whole.end && end > whole.start) &&
    text.slice(0, start).trim() !== "" &&
    text.slice(end).trim() !== "" &&
    isBorder(end);
  const letters = Array.from({ length: latest + 1 }, (_, index) => ({ start: index, end: index }));
  for (const gaps of [...gapsIn(text), letters]) {
    const last = gaps.findLast(fits);
    if (last) return last;
  }
  return undefined;
}

/** Where a text may be cut, the best kind first: between paragraphs, lines, sentences, words. */
function gapsIn(text: string): Gap[][] {
  const kinds: [Gap[], Gap[], Gap[], Gap[]] = [[], [], [], []];
  for (const { index, 0: white } of text.matchAll(/\s+/g)) {
    const lines = white.split("\n").length - 1;
    // A full stop and closing brackets after it.
    const ended = SENTENCE_END.test(text.slice(Math.max(0, index - 8), index));
    const kind = lines > 1 ? 0 : lines === 1 ? 1 : ended ? 2 : 3;
    kinds[kind].push({ start: index, end: index + white.length });
  }
  for (const { index } of text.matchAll(WIDE_STOP)) kinds[2].push({ start: index + 1, end: index + 1 });
  kinds[2].sort((a, b) => a.start - b.start);
  return kinds;
}

/** Tells whether an offset is a grapheme boundary. */
function bordersOf(text: string): (index: number) => boolean {
  // Queried only at the few offsets that matter: segmenting 8,000 letters takes a third of a second.
  const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text);
  return (index) => index === text.length || graphemes.containing(index)?.index === index;
}

/** A part of a text with its entities. */
function slice({ text, entities = [] }: Formatted, from: number, to: number): Formatted {
  const inside = entities
    .map((entity) => {
      const offset = Math.max(entity.offset, from);
      const end = Math.min(entity.offset + entity.length, to);
      return { ...entity, offset: offset - from, length: end - offset };
    })
    .filter(({ length }) => length > 0);
  return { text: text.slice(from, to), ...(inside.length > 0 && { entities: inside }) };
}
