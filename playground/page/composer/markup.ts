import type { MessageEntity } from "@grammyjs/types";

/** A text and its formatting as in a message. Offsets and lengths are in UTF-16 units. */
export interface Marked {
  text: string;
  entities: MessageEntity[];
}

interface Place {
  offset: number;
  length: number;
}

/** A formatted part of the source: its content, and where the rest begins. */
interface Span {
  inner: string;
  end: number;
  /** Whether marks inside are plain text. */
  isCode: boolean;
  entity: (place: Place) => MessageEntity;
}

const MARKS = {
  "**": "bold",
  __: "italic",
  "++": "underline",
  "~~": "strikethrough",
  "||": "spoiler",
} as const;
type Mark = keyof typeof MARKS;

/** These do not count next to a letter or digit on their outer side: "snake__case__name", "C++ or D++". */
const APART: readonly string[] = ["__", "++"] satisfies Mark[];

const PRE = /```(?:([\w+#.-]+)\n|\n)?([\s\S]*?)\n?```/g;
/** Code comes first: a ">" inside it is plain text. */
const BLOCKS = new RegExp(`${PRE.source}|^> .*(?:\\n>(?: .*|$))*`, "gm");
const CODE = /`([^`\n]+)`/y;
/** Addresses may contain pairs of parentheses, as Wikipedia's do. */
const LINK = /\[([^[\]\n]+)\]\(((?:https?|tg):\/\/(?:[^\s()]|\([^\s()]*\))+)\)/y;

/**
 * Parses the marks that Telegram's apps accept while typing: `**bold**`, `__italic__`, `~~strike~~`, `||spoiler||`,
 * `` `code` ``, ```` ```language ```` blocks, `[text](https://…)`, lines with `> `; and `++underline++`, which no app
 * has. They nest, and unclosed marks stay as they are. The text is trimmed, as Telegram's servers do.
 */
export function parseMarkup(source: string): Marked {
  const out: Marked = { text: "", entities: [] };
  writeBlocks(source, out, BLOCKS);
  return besideCode(trimmed(out));
}

function writeBlocks(source: string, out: Marked, pattern: RegExp): void {
  let at = 0;
  for (const found of source.matchAll(pattern)) {
    const [whole, language, code] = found;
    const quoted = code === undefined ? whole.replaceAll(/^> ?/gm, "") : undefined;
    if ((code ?? quoted ?? "").trim() === "") continue;
    writeInline(source.slice(at, found.index), out);
    if (quoted === undefined)
      enclose(
        out,
        () => (out.text += code),
        (place) => ({ type: "pre", ...place, ...(language !== undefined && { language }) }),
      );
    else
      enclose(
        out,
        () => writeBlocks(quoted, out, PRE),
        (place) => ({ type: "blockquote", ...place }),
      );
    at = found.index + whole.length;
  }
  writeInline(source.slice(at), out);
}

function writeInline(source: string, out: Marked): void {
  let at = 0;
  while (at < source.length) {
    const span = atomAt(source, at) ?? markedAt(source, at);
    if (span === undefined) {
      out.text += source.charAt(at);
      at += 1;
    } else {
      const { inner, isCode, entity, end } = span;
      enclose(out, () => (isCode ? (out.text += inner) : writeInline(inner, out)), entity);
      at = end;
    }
  }
}

/** Writes something and an entity around it, which goes before those inside it, as Telegram sorts them. */
function enclose(out: Marked, write: () => void, entity: Span["entity"]): void {
  const [offset, before] = [out.text.length, out.entities.length];
  write();
  out.entities.splice(before, 0, entity({ offset, length: out.text.length - offset }));
}

/** Code or a link that begins here. Other marks do not end inside them. */
function atomAt(source: string, at: number): Span | undefined {
  CODE.lastIndex = at;
  const [code, inner] = CODE.exec(source) ?? [];
  if (code !== undefined && inner !== undefined)
    return { inner, end: at + code.length, isCode: true, entity: (place) => ({ type: "code", ...place }) };
  LINK.lastIndex = at;
  const [link, shown, url] = LINK.exec(source) ?? [];
  if (link === undefined || shown === undefined || url === undefined) return undefined;
  const end = at + link.length;
  return { inner: shown, end, isCode: false, entity: (place) => ({ type: "text_link", ...place, url }) };
}

/** The span between a mark that begins here and its closing mark. */
function markedAt(source: string, at: number): Span | undefined {
  const mark = source.slice(at, at + 2);
  if (!isMark(mark)) return undefined;
  const start = at + mark.length;
  if (isBlank(source.charAt(start)) || touchesWord(mark, source.charAt(at - 1))) return undefined;
  let end = start + 1;
  while (end < source.length) {
    const closes =
      source.startsWith(mark, end) &&
      !isBlank(source.charAt(end - 1)) &&
      !touchesWord(mark, source.charAt(end + mark.length));
    if (closes) {
      const inner = source.slice(start, end);
      const type = MARKS[mark];
      return { inner, end: end + mark.length, isCode: false, entity: (place) => ({ type, ...place }) };
    }
    end = atomAt(source, end)?.end ?? end + 1;
  }
  return undefined;
}

function isMark(text: string): text is Mark {
  return Object.hasOwn(MARKS, text);
}

function isBlank(character: string): boolean {
  return character.trim() === "";
}

function touchesWord(mark: Mark, character: string): boolean {
  return APART.includes(mark) && /[\p{L}\p{N}]/u.test(character);
}

function trimmed({ text, entities }: Marked): Marked {
  const kept = text.trim();
  const gone = text.length - text.trimStart().length;
  const moved = entities.map((entity) => {
    const offset = Math.max(entity.offset - gone, 0);
    const end = Math.min(entity.offset + entity.length - gone, kept.length);
    return { ...entity, offset, length: end - offset };
  });
  return { text: kept, entities: moved.filter(({ length }) => length > 0) };
}

/**
 * Cuts styles where there is code: Telegram has no styles inside it (Bot API, "MessageEntity"), and they go on after
 * it.
 */
function besideCode({ text, entities }: Marked): Marked {
  const codes = entities.filter(({ type }) => type === "code" || type === "pre");
  const cut = entities.flatMap((entity) => {
    if (!Object.values<string>(MARKS).includes(entity.type)) return [entity];
    const pieces: MessageEntity[] = [];
    const stop = entity.offset + entity.length;
    let at = entity.offset;
    for (const { offset, length } of [...codes, { offset: stop, length: 0 }]) {
      if (offset < at || offset > stop) continue;
      if (text.slice(at, offset).trim() !== "") pieces.push({ ...entity, offset: at, length: offset - at });
      at = offset + length;
    }
    return pieces;
  });
  return { text, entities: cut.toSorted((a, b) => a.offset - b.offset || b.length - a.length) };
}
