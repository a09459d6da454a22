import { sql } from "drizzle-orm";
import type { CountryCode } from "libphonenumber-js/max";
import { query } from "../../db/connect.ts";
import type { Scope } from "../../db/scope.ts";
import { storable } from "../../storable.ts";
import { delimiterOf, linesOf, splitFields, tidy, UnreadableFile } from "./csv-rows.ts";
import { decode } from "./encoding.ts";
import { toE164 } from "./phone.ts";

/*
 * A file of people to be put on a list: ids, usernames or phone numbers, one of them a line, or a table of which one column is
 * enough. Nobody is added to the bot's people by it.
 */

/** The most lines: all of them are matched at once. */
export const MOST_LINES = 200_000;

/** A line that names a person: by what, as far as it can be read. */
export interface Named {
  /** The line of the file, from 1. */
  line: number;
  /** As it stands there. */
  text: string;
  id: number | null;
  phone: string | null;
  /** In lower case. */
  username: string | null;
}

/** What a column, or a text, names a person by. */
type Kind = "id" | "phone" | "username";

interface Column {
  /** Null for what each line has to tell by itself. */
  kind: Kind | null;
  index: number;
}

/** Why somebody is not on the list: the bot does not know them, or the line names nobody. */
export type Miss = "unknown" | "unreadable";

export interface Matched {
  /** The people whom the bot knows, each once. */
  chatIds: number[];
  /** How many lines named somebody, or were to. */
  lines: number;
  missed: { line: number; text: string; why: Miss }[];
}

/** Columns that name people, the surest first. */
const HEADERS: readonly (readonly [Kind, readonly string[]])[] = [
  ["id", ["chat_id", "telegram_id", "tg_id", "user_id", "id", "id_чата", "id_пользователя"]],
  ["phone", ["phone", "phone_number", "mobile", "телефон", "номер_телефона", "номер"]],
  ["username", ["username", "telegram_username", "юзернейм", "ник", "никнейм"]],
];

/**
 * The people of a file. The columns of a table are told by their names; without a header, the first field of each line counts.
 * @throws UnreadableFile if it is not text, or has more than 200,000 lines
 */
export async function readListFile(input: AsyncIterable<Buffer>, country?: CountryCode): Promise<Named[]> {
  const found: Named[] = [];
  let table: { delimiter: string; columns: Column[] } | null = null;
  let at = 0;
  for await (const { lines } of linesOf(decode(input, undefined, () => undefined)))
    for (const written of lines) {
      at += 1;
      if (written.trim() === "") continue;
      const delimiter: string = table?.delimiter ?? delimiterOf(written);
      const fields = splitFields(written, delimiter) ?? [written];
      if (!table) {
        const columns = columnsOf(fields);
        table = { delimiter, columns: columns.length > 0 ? columns : [{ kind: null, index: 0 }] };
        if (columns.length > 0) continue;
      }
      if (found.length === MOST_LINES)
        throw new UnreadableFile(
          `The file has more than ${MOST_LINES.toLocaleString("en-US")} lines. Split it.`,
        );
      found.push(namedBy(at, fields, table.columns, country));
    }
  return found;
}

function columnsOf(fields: readonly string[]): Column[] {
  const names = fields.map((field) =>
    field
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, "_")
      .replace(/^_+|_+$/g, ""),
  );
  return HEADERS.flatMap(([kind, known]) => {
    const index = names.findIndex((name) => known.includes(name));
    return index === -1 ? [] : [{ kind, index }];
  });
}

function namedBy(line: number, fields: string[], columns: readonly Column[], country?: CountryCode): Named {
  const cells = columns.flatMap(({ kind, index }) => {
    const text = tidy(storable(fields[index] ?? ""));
    return text === null ? [] : [{ kind, text }];
  });
  const read = cells.map(({ kind, text }) => readName(text, kind, country));
  return {
    line,
    text: cells[0]?.text ?? tidy(storable(fields.join(" "))) ?? "",
    id: read.find(({ id }) => id !== null)?.id ?? null,
    phone: read.find(({ phone }) => phone !== null)?.phone ?? null,
    username: read.find(({ username }) => username !== null)?.username ?? null,
  };
}

/** Digits of an id. Telegram has given out ids of 10 digits so far, and phone numbers with their country mostly have more. */
const MOST_DIGITS = 10;

/**
 * What a text means; without a `kind`, digits are an id or a phone number by their number, and never both: of a thousand short
 * phone numbers, one would be the id of a stranger whom the bot knows.
 */
export function readName(
  text: string,
  kind: Kind | null,
  country?: CountryCode,
): Pick<Named, "id" | "phone" | "username"> {
  const nobody = { id: null, phone: null, username: null };
  const bare = text.replace(/^'/, "").replace(/^(\d+)\.0$/, "$1");
  const isId = /^[1-9]\d{0,15}$/.test(bare) && Number(bare) <= 2 ** 52;
  const phone = toE164(bare, country);
  const isShort = bare.length <= MOST_DIGITS && !(country && phone !== null);
  if (isId && (kind === "id" || (kind === null && isShort))) return { ...nobody, id: Number(bare) };
  if (phone !== null && (kind === "phone" || kind === null)) return { ...nobody, phone };
  if (kind === "id" || kind === "phone") return nobody;
  const username =
    /^(?:@|(?:https?:\/\/)?(?:www\.)?(?:t|telegram)\.me\/)?([a-z]\w{2,31})$/i
      .exec(bare)?.[1]
      ?.toLowerCase() ?? null;
  return { ...nobody, username };
}

/** Those of the people whom the bot knows. One statement: phone numbers and usernames are in no index. */
export async function matchPeople({ db, botId }: Scope, people: readonly Named[]): Promise<Matched> {
  const given = people.map(({ id, phone, username }, n) => ({ n, id, phone, username }));
  const found = await query<{ n: number; chat_id: number }>(
    db,
    sql`with given as materialized (
          select * from jsonb_to_recordset(${JSON.stringify(given)}::text::jsonb) as g(n int, id bigint, phone text, username text)
        ), known as (
          select g.n, r.chat_id from given g join recipients r on r.bot_id = ${botId} and r.chat_id = g.id and r.kind = 'person'
          union
          select g.n, r.chat_id from given g join recipients r on r.bot_id = ${botId} and r.phone = g.phone and r.kind = 'person'
          union
          select g.n, r.chat_id from given g
            join recipients r on r.bot_id = ${botId} and lower(r.username) = g.username and r.kind = 'person'
        )
        select n, chat_id::float8 as chat_id from known`,
  );
  const matched = new Set(found.map(({ n }) => n));
  const missed = people.flatMap(({ line, text, ...names }, n) => {
    if (matched.has(n)) return [];
    const isNamed = names.id !== null || names.phone !== null || names.username !== null;
    return [{ line, text, why: isNamed ? ("unknown" as const) : ("unreadable" as const) }];
  });
  return { chatIds: [...new Set(found.map(({ chat_id }) => chat_id))], lines: people.length, missed };
}
