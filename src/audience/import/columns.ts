import { UnreadableFile, tidy } from "./csv-rows.ts";

/** What Herald keeps of a person. */
export const FIELDS = [
  "chat_id",
  "language",
  "first_name",
  "last_name",
  "username",
  "phone",
  "joined_at",
] as const;
export type Field = (typeof FIELDS)[number];

/** What keeps people out; each may stand in several columns. */
export const FILTERS = ["status", "active", "unsubscribed", "blocked", "is_bot", "platform"] as const;
export type Filter = (typeof FILTERS)[number];

/**
 * What other systems call them, the most specific first: if a file has several, the first one counts. Written as
 * `canonical` makes them.
 *
 * Sources: the Bot API's own fields and the tables that bots keep (id, user_id, is_blocked, created_at); the
 * exports of Botmother (full_name, platform_id, platform) and Leeloo (social_id, name), as their manuals describe them.
 */
const NAMES: Record<Field | Filter, string[]> = {
  // More than one is asked about: see IDS.
  chat_id: [],
  language: ["language", "language_code", "lang", "lang_code", "locale", "язык", "код_языка"],
  first_name: ["first_name", "firstname", "имя", "name", "full_name", "fullname"],
  last_name: ["last_name", "lastname", "surname", "фамилия"],
  username: [
    "username",
    "user_name",
    "telegram_username",
    "tg_username",
    "юзернейм",
    "имя_пользователя",
    "никнейм",
    "ник",
  ],
  phone: ["phone", "phone_number", "mobile", "телефон", "номер_телефона"],
  joined_at: [
    "joined_at",
    "joined",
    "date_joined",
    "join_date",
    "subscribed_at",
    "subscription_date",
    "дата_подписки",
    "registered_at",
    "registration_date",
    "дата_регистрации",
    "created_at",
    "created",
    "дата_создания",
    "дата_добавления",
  ],
  status: ["status", "subscription_status", "статус", "статус_подписки"],
  active: ["active", "is_active", "subscribed", "is_subscribed", "активен", "подписан"],
  unsubscribed: [
    "unsubscribed",
    "is_unsubscribed",
    "unsubscribed_at",
    "opted_out",
    "opted_out_at",
    "banned",
    "is_banned",
    "отписан",
    "отписался",
    "дата_отписки",
  ],
  blocked: [
    "blocked",
    "is_blocked",
    "blocked_at",
    "bot_blocked",
    "is_bot_blocked",
    "blocked_bot",
    "has_blocked_bot",
    "deleted",
    "is_deleted",
    "deleted_at",
    "заблокирован",
    "заблокировал",
    "заблокировал_бота",
    "бот_заблокирован",
    "удален",
  ],
  is_bot: ["is_bot"],
  platform: ["platform", "messenger", "мессенджер"],
};

/** Columns that may hold the Telegram id. If a file has two of them, the operator says which. */
const IDS = [
  "chat_id",
  "user_id",
  "telegram_id",
  "tg_id",
  "telegram_user_id",
  "telegram_chat_id",
  "tg_user_id",
  "tg_chat_id",
  "platform_id",
  "social_id",
  "id_чата",
  "id_пользователя",
  "id_подписчика",
  "id_телеграм",
  "id_telegram",
  "телеграм_id",
];
/** Next to one of these, a plain `id` may be the Telegram id as well: `user_id` may be a shop's own. */
const UNSURE_IDS = ["user_id", "id_пользователя", "id_подписчика"];

/** Which column holds what. */
export interface Columns {
  fields: Partial<Record<Field, number>> & { chat_id: number };
  filters: { filter: Filter; index: number }[];
  /** Every column of the file: its name as written, and what it is taken for. */
  recognised: { name: string; as: Field | Filter | null }[];
}

export interface ColumnOptions {
  /** The column that holds the ids, as the file calls it. */
  idColumn?: string;
  /** Columns to leave out, as the file calls them. */
  ignore?: readonly string[];
}

/**
 * Finds the columns by their names; null when none of them holds ids.
 * @throws UnreadableFile when a column stands there twice, several may hold the ids, or a wish names none.
 */
export function findColumns(names: string[], { idColumn, ignore = [] }: ColumnOptions): Columns | null {
  const written = names.map((name, index) => tidy(name) ?? `(column ${index + 1})`);
  const keys = names.map(canonical);
  for (const wish of [...ignore, ...(idColumn === undefined ? [] : [idColumn])])
    if (!keys.includes(canonical(wish))) throw new UnreadableFile(`The first line names no column ${wish}.`);
  const ignored = new Set(ignore.map(canonical));
  const known = keys.map((key) => (ignored.has(key) ? "" : key));
  const chatId = idColumn === undefined ? idColumnOf(known, written) : keys.indexOf(canonical(idColumn));
  if (chatId === null) return null;

  const fields: Columns["fields"] = { chat_id: chatId };
  for (const field of FIELDS) {
    const index = field === "chat_id" ? chatId : firstOf(known, NAMES[field]);
    if (index !== null) fields[field] = index;
  }
  const filters = FILTERS.flatMap((filter) =>
    known.flatMap((key, index) => (NAMES[filter].includes(key) ? [{ filter, index }] : [])),
  );
  const recognised = written.map((name, index) => ({
    name,
    as:
      FIELDS.find((field) => fields[field] === index) ??
      filters.find((filter) => filter.index === index)?.filter ??
      null,
  }));
  return { fields, filters, recognised };
}

/** The place of the first of these names that a file has. */
function firstOf(keys: string[], names: string[]): number | null {
  for (const name of names) {
    const places = keys.flatMap((key, index) => (key === name ? [index] : []));
    if (places.length > 1)
      throw new UnreadableFile(`The header names ${name} twice. Remove or rename one of the columns.`);
    if (places[0] !== undefined) return places[0];
  }
  return null;
}

/** Which column holds the ids; null when none is called so. */
function idColumnOf(keys: string[], written: string[]): number | null {
  const placesOf = (names: string[]) => keys.flatMap((key, index) => (names.includes(key) ? [index] : []));
  const named = placesOf(IDS);
  const plain = placesOf(["id"]);
  const isUnsure = named.length === 0 || placesOf(UNSURE_IDS).length > 0;
  const candidates = isUnsure ? [...named, ...plain] : named;
  if (candidates.length > 1) {
    const names = candidates.map((index) => written[index] ?? "");
    throw new UnreadableFile(
      `Several columns may hold the Telegram ids: ${names.join(", ")}. Say which one, as in --id-column "${names[0]}".`,
    );
  }
  return candidates[0] ?? null;
}

/** A name without case, spaces and punctuation: "Chat ID", "chatId" and "chat-id" are `chat_id`. */
function canonical(name: string): string {
  const words = name
    .normalize("NFKC")
    .replace(/(?<=[\p{Ll}\d])(?=\p{Lu})/gu, "_")
    .toLowerCase()
    .replaceAll("ё", "е")
    .replace(/[^\p{L}\p{N}]+/gu, "_")
    .replace(/^_+|_+$/g, "");
  return ALIASES[words] ?? words;
}

/** Names written in one word, or with "ИД" for "ID". */
const ALIASES: Record<string, string> = {
  chatid: "chat_id",
  userid: "user_id",
  telegramid: "telegram_id",
  tgid: "tg_id",
  ид_чата: "id_чата",
  ид_пользователя: "id_пользователя",
  ид_подписчика: "id_подписчика",
};
