import type { MessageEntity } from "@grammyjs/types";

/** A piece of text: plain, or an entity with the pieces inside it. */
export type Span = string | EntitySpan;
export interface EntitySpan {
  entity: MessageEntity;
  /** Its whole text, without formatting. */
  text: string;
  children: Span[];
}

/** If two entities cross, the one with the higher rank is cut; of equal ones, the later. */
const BLOCK = 0;
const LINK = 1;
const SPOILER = 2;
const STYLE = 3;
const RANKS: Record<MessageEntity["type"], number> = {
  blockquote: BLOCK,
  expandable_blockquote: BLOCK,
  pre: BLOCK,
  text_link: LINK,
  url: LINK,
  email: LINK,
  phone_number: LINK,
  mention: LINK,
  text_mention: LINK,
  hashtag: LINK,
  cashtag: LINK,
  bot_command: LINK,
  date_time: LINK,
  spoiler: SPOILER,
  bold: STYLE,
  italic: STYLE,
  underline: STYLE,
  strikethrough: STYLE,
  code: STYLE,
  custom_emoji: STYLE,
};

/** An entity or a part of one, with its range in UTF-16 units. */
interface Piece {
  entity: MessageEntity;
  rank: number;
  from: number;
  to: number;
}

/** Whether an entity is a block on lines of its own. */
export function isBlock({ type }: MessageEntity): boolean {
  return RANKS[type] === BLOCK;
}

/**
 * Builds a tree from a text and its entities. Offsets are in UTF-16 units, as Telegram counts. Crossing entities are
 * cut where they cross, and everything is cut at the edges of quotes and code blocks, so that these stay in one
 * piece.
 */
export function nested(text: string, entities: readonly MessageEntity[] = []): Span[] {
  const pieces = entities
    .map((entity): Piece => {
      const [from, to] = [entity.offset, entity.offset + entity.length];
      return { entity, rank: RANKS[entity.type], from: Math.max(0, from), to: Math.min(text.length, to) };
    })
    .filter(({ from, to }) => from < to)
    .toSorted((a, b) => a.rank - b.rank || a.from - b.from);
  const kept: Piece[] = [];
  for (const piece of pieces) {
    let parts = [piece];
    for (const other of kept) parts = parts.flatMap((part) => cut(part, other));
    kept.push(...parts);
  }
  kept.sort((a, b) => a.from - b.from || b.to - a.to || a.rank - b.rank);
  return tree(text, kept, 0, text.length);
}

function cut(part: Piece, other: Piece): Piece[] {
  const isWithin = other.from <= part.from && part.to <= other.to;
  // Code contains nothing, and links contain no links: HTML does not allow that, and Telegram has none.
  const isPlain = other.entity.type === "pre" || other.entity.type === "code";
  if (isWithin) return isPlain || (part.rank === LINK && other.rank === LINK) ? [] : [part];
  const isAround = part.from <= other.from && other.to <= part.to;
  if (isAround && other.rank !== BLOCK) return [part];
  const edges = [other.from, other.to].filter((at) => part.from < at && at < part.to);
  return [part.from, ...edges].map((from, index) => ({ ...part, from, to: edges[index] ?? part.to }));
}

/** Nests pieces in order: each contains the following ones that end within it. */
function tree(text: string, pieces: readonly Piece[], from: number, to: number): Span[] {
  const spans: Span[] = [];
  let at = from;
  const plain = (end: number) => {
    const last = spans.at(-1);
    // A block ends its line by itself.
    const start =
      typeof last === "object" && isBlock(last.entity) && text[at] === "\n" && at < end ? at + 1 : at;
    if (start < end) spans.push(text.slice(start, end));
    at = end;
  };
  for (let index = 0; index < pieces.length;) {
    const piece = pieces[index];
    if (piece === undefined) break;
    plain(piece.from);
    let next = index + 1;
    while ((pieces[next]?.from ?? to) < piece.to) next += 1;
    spans.push({
      entity: piece.entity,
      text: text.slice(piece.from, piece.to),
      children: tree(text, pieces.slice(index + 1, next), piece.from, piece.to),
    });
    at = piece.to;
    index = next;
  }
  plain(to);
  return spans;
}

const ONLY_EMOJI =
  /^(?:\p{Extended_Pictographic}(?:\uFE0F|\p{Emoji_Modifier}|\u200D\p{Extended_Pictographic})*\s*){1,3}$/u;

/** Whether Telegram shows a text large: one to three emoji and nothing else. */
export function isOnlyEmoji(text: string): boolean {
  return ONLY_EMOJI.test(text);
}
