import { MOST_ATTRIBUTES, attributeName } from "../attributes.ts";
import { UnreadableFile, tidy } from "./csv-rows.ts";

/** What Herald stores about a person. */
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

/** What else is kept of a person: `tags`, and any other column, as an attribute of its name. */
export type Extra = "tags" | `attributes.${string}`;

/** Columns that exclude people; a file may have several of each. */
export const FILTERS = ["status", "active", "unsubscribed", "blocked", "is_bot", "platform"] as const;
export type Filter = (typeof FILTERS)[number];

/**
 * Other systems' names for them, as `canonical` spells them, the most specific first: if a file has several, the first
 * one counts.
 *
 * Sources: the Bot API's own fields and the tables that bots keep (id, user_id, is_blocked, created_at); the
 * exports of Botmother (full_name, platform_id, platform) and Leeloo (social_id, name), as their manuals describe them.
 */
const NAMES: Record<Field | Filter | "tags", string[]> = {
  // See IDS: if a file has several, the operator is asked.
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
  tags: ["tags", "tag", "labels", "теги", "тег", "метки", "метка"],
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

/** Columns that may hold the Telegram id. If a file has two of them, the operator has to choose. */
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
/** Next to one of these, a plain `id` may also be the Telegram id, because `user_id` may be a shop's own number. */
const UNSURE_IDS = ["user_id", "id_пользователя", "id_подписчика"];

/** Which column holds what. */
export interface Columns {
  fields: Partial<Record<Field, number>> & { chat_id: number };
  filters: { filter: Filter; index: number }[];
  tags?: number;
  /** By the names of the attributes. */
  attributes: { name: string; index: number }[];
  /** Every column of the file: its name as written, and what it is read as. */
  recognised: { name: string; as: Field | Filter | Extra | null }[];
}

export interface ColumnOptions {
  /** The name of the id column in the file. */
  idColumn?: string;
  /** The names of columns in the file to skip. */
  ignore?: readonly string[];
}

/**
 * Finds the columns by their names; null if none holds ids.
 * @throws UnreadableFile if a column occurs twice, if several may hold the ids, or if an option names an unknown
 *   column.
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
  const tags = firstOf(known, NAMES.tags);
  const attributes = attributesIn(names, known);
  const recognised = written.map((name, index) => ({
    name,
    as:
      FIELDS.find((field) => fields[field] === index) ??
      filters.find((filter) => filter.index === index)?.filter ??
      (index === tags ? ("tags" as const) : null) ??
      attributes.filter((one) => one.index === index).map((one) => attributeColumn(one.name))[0] ??
      null,
  }));
  return { fields, filters, ...(tags !== null && { tags }), attributes, recognised };
}

export function attributeColumn(name: string): Extra {
  return `attributes.${name}`;
}

/** Names that mean something already, also where another column of the file has the better one. */
const MEANT: ReadonlySet<string> = new Set([...Object.values(NAMES).flat(), ...IDS, "id"]);

/** The columns that become attributes: all that have a name which means nothing else. `known` is empty for those to skip. */
function attributesIn(names: readonly string[], known: readonly string[]): Columns["attributes"] {
  const found = known.flatMap((key, index) => {
    const name = key === "" || MEANT.has(key) ? null : attributeName(names[index] ?? "");
    return name === null ? [] : [{ name, index }];
  });
  const twice = found.find(({ name }, index) => found.findIndex((one) => one.name === name) !== index);
  if (twice)
    throw new UnreadableFile(
      `The header names ${twice.name} twice. Rename one of the columns, or skip both: --ignore "${twice.name}".`,
    );
  if (found.length > MOST_ATTRIBUTES)
    throw new UnreadableFile(
      `${found.length} columns would become attributes, and a person gets at most ${MOST_ATTRIBUTES} from a file. Skip some with --ignore.`,
    );
  return found;
}

/** The index of the first of these names that the file has. */
function firstOf(keys: string[], names: string[]): number | null {
  for (const name of names) {
    const places = keys.flatMap((key, index) => (key === name ? [index] : []));
    if (places.length > 1)
      throw new UnreadableFile(`The header names ${name} twice. Remove or rename one of the columns.`);
    if (places[0] !== undefined) return places[0];
  }
  return null;
}

/** The index of the id column; null if no name fits. */
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

/** Spellings in one word, or with "ИД" for "ID". */
const ALIASES: Record<string, string> = {
  chatid: "chat_id",
  userid: "user_id",
  telegramid: "telegram_id",
  tgid: "tg_id",
  ид_чата: "id_чата",
  ид_пользователя: "id_пользователя",
  ид_подписчика: "id_подписчика",
};
