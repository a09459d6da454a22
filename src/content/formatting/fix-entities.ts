import type { MessageEntity } from "grammy/types";

/*
 * How Telegram resolves overlapping entities (TDLib, MessageEntity.cpp, `fix_entities`). `bench/tdlib` compares this
 * with TDLib itself.
 */

type Type = MessageEntity["type"];

/** Styles can be cut anywhere, and touching styles of one type are merged. Listed in TDLib's sort order. */
const STYLES = ["bold", "italic", "underline", "strikethrough", "spoiler"] as const satisfies readonly Type[];
type Style = (typeof STYLES)[number];
const QUOTES: readonly Type[] = ["blockquote", "expandable_blockquote"];
/** What Telegram finds in a text by itself, outside of other entities. */
export const FOUND = [
  "mention",
  "hashtag",
  "cashtag",
  "bot_command",
  "url",
  "email",
  "phone_number",
] as const;
/** Text inside these has no style. */
const UNSTYLED: readonly Type[] = ["code", "pre", "date_time"];

/** Among entities with the same offset and length, the lower number comes first. */
function priority(entity: MessageEntity): number {
  const { type } = entity;
  if (isQuote(entity)) return 0;
  if (type === "pre") return entity.language === undefined ? 11 : 10;
  if (type === "code") return 20;
  if (type === "date_time") return 30;
  if (type === "text_link" || type === "text_mention") return 49;
  if (type === "custom_emoji") return 99;
  const style = STYLES.indexOf(type as Style);
  return style < 0 ? 50 : 90 + style;
}

/** In TDLib's order: by offset, longer ones first. */
export function sorted(entities: MessageEntity[]): MessageEntity[] {
  return entities.toSorted((a, b) => a.offset - b.offset || b.length - a.length || priority(a) - priority(b));
}

const endOf = ({ offset, length }: Place) => offset + length;
type Place = Pick<MessageEntity, "offset" | "length">;

/**
 * Returns entities that do not cross. Among overlapping links, code, mentions and the like the first one wins; the
 * same goes for quotes. Styles are cut where other entities begin and end, and dropped inside code and dates.
 */
export function fixEntities(entities: MessageEntity[]): MessageEntity[] {
  if (entities.length < 2) return entities;
  const all = sorted(entities);
  const styles = all.filter(isStyle);
  const quotes = withoutOverlaps(all.filter(isQuote));
  const given = withoutOverlaps(all.filter((one) => !isStyle(one) && !isQuote(one) && !isFound(one)));
  const found = withoutOverlaps(all.filter(isFound));
  const solid = [...given, ...found.filter((one) => given.every((other) => apart(one, other)))];
  const others = sorted([
    ...quotes,
    ...solid.filter((entity) => quotes.every((quote) => apart(entity, quote) || contains(quote, entity))),
  ]);
  return sorted([...others, ...split(styles, others)]);
}

function isStyle(entity: MessageEntity): entity is MessageEntity & { type: Style } {
  return STYLES.some((style) => style === entity.type);
}

function isQuote({ type }: MessageEntity): boolean {
  return QUOTES.includes(type);
}

function isFound({ type }: MessageEntity): boolean {
  return FOUND.some((found) => found === type);
}

function withoutOverlaps(entities: MessageEntity[]): MessageEntity[] {
  let end = 0;
  return entities.filter((entity) => {
    if (entity.offset < end) return false;
    end = endOf(entity);
    return true;
  });
}

function apart(a: Place, b: Place): boolean {
  return endOf(a) <= b.offset || endOf(b) <= a.offset;
}

function contains(outer: Place, inner: Place): boolean {
  return outer.offset <= inner.offset && endOf(inner) <= endOf(outer);
}

/** Cuts the styles so that each piece lies within or around every other entity. */
function split(styles: (MessageEntity & { type: Style })[], others: MessageEntity[]): MessageEntity[] {
  const pieces: MessageEntity[] = [];
  /** The styles that are still open, with their ranges. */
  const runs = new Map<Style, { start: number; end: number }>();
  const cutAt = (offset: number) => {
    for (const type of STYLES) {
      const run = runs.get(type);
      if (!run || run.start >= offset) continue;
      pieces.push({ type, offset: run.start, length: Math.min(run.end, offset) - run.start });
      if (run.end <= offset) runs.delete(type);
      else run.start = offset;
    }
  };
  const bounds = others.flatMap((other) => [other.offset, endOf(other)]).toSorted((a, b) => a - b);
  let next = 0;
  const cutUpTo = (offset: number) => {
    for (; next < bounds.length && (bounds[next] ?? Infinity) <= offset; next += 1) cutAt(bounds[next] ?? 0);
  };
  for (const style of styles) {
    cutUpTo(style.offset);
    const run = runs.get(style.type);
    if (run && style.offset <= run.end) {
      run.end = Math.max(run.end, endOf(style));
    } else {
      cutAt(style.offset);
      runs.set(style.type, { start: style.offset, end: endOf(style) });
    }
  }
  cutUpTo(Infinity);
  cutAt(Infinity);
  const unstyled = others.filter(({ type }) => UNSTYLED.includes(type));
  return pieces.filter((piece) => !unstyled.some((other) => contains(other, piece)));
}
