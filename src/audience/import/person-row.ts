import type { CountryCode } from "libphonenumber-js/max";
import { visibleName } from "../../person-name.ts";
import { tidy } from "./csv-rows.ts";
import { toE164 } from "./phone.ts";
import { type AttributeValue, attributeValue } from "../attributes.ts";
import { MOST_TAGS, readTags } from "../tags.ts";
import { type Columns, type Extra, type Field, attributeColumn } from "./columns.ts";
import { type DateOrder, dayIn, readDate } from "./date-cells.ts";
import { readId } from "./id-cells.ts";
import { readLanguage } from "./language-cells.ts";
import { readStanding } from "./standing.ts";

/** Telegram's limit on each name. */
export const LONGEST_NAME = 64;

/** A person as described by a row; fields are named as in the recipients table. */
export interface ImportedPerson {
  chat_id: number;
  language: string | null;
  first_name: string | null;
  last_name: string | null;
  username: string | null;
  phone: string | null;
  joined_at: Date | null;
  tags: string[];
  attributes: Record<string, AttributeValue>;
  /** The file says that they left; they are stored but get nothing. */
  opted_out: boolean;
  blocked: boolean;
}

/**
 * What can be wrong with a row. A row is refused if it cannot be read or does not identify a person; a wrong field
 * loses only that field. Reasons never quote the row, so that no name or number gets into a log.
 */
export const REASONS = {
  "chat-id-missing": "the id is missing",
  "chat-id-exponent":
    "the id is written with an exponent, as in 7E+09, so some of its digits are lost; format the column as a number without decimals and export it again",
  "chat-id-not-whole": "the id is not a whole number",
  "chat-id-zero": "the id is 0",
  "chat-id-negative": "the id is negative: groups and channels are not imported from a file",
  "chat-id-too-large": "the id is larger than any of Telegram's",
  "field-count": "it has more or fewer fields than the header",
  quotes: "a quote is not closed or stands inside a field; quote the whole field and double the quotes in it",
  "not-an-object": "it is not a JSON object whose values are texts, numbers, true, false and null",
  standing:
    "the file does not say clearly whether this person may be written to; use words such as active, unsubscribed or blocked, or leave the column out with --ignore",
  bot: "it is a bot: bots cannot be written to",
  elsewhere: "it belongs to another messenger",
  encoding: "its text is damaged; export the file as CSV UTF-8",
  language: "the language is not known; write it as in en, pt-BR or Russian",
  "first-name": "the first name is longer than 64 characters",
  "last-name": "the last name is longer than 64 characters",
  username: "the username is not valid: only letters, digits and _, at most 32",
  phone:
    "the phone number is not a valid international one such as +79161234567; numbers without a country code need --country, as in --country RU",
  date: "the date has no known format, such as 2024-03-25, 25.03.2024 or 1711324800",
  "date-order": "the date could mean two days; say which part comes first, with --dates dmy or --dates mdy",
  "date-future": "the date lies in the future",
  tag: "a tag is longer than 64 characters",
  "too-many-tags": "it has more than 200 tags",
  attribute: "the value is longer than 500 characters",
  "attribute-kind": "the value is neither a text nor a number",
  "too-many-attributes": "it has more than 100 attributes",
} as const;
export type FaultKind = keyof typeof REASONS;

export interface RowFault {
  kind: FaultKind;
  loses: "row" | Field | Extra | "attributes";
}

/** What the operator says about the values in a file. */
export interface ValueOptions {
  /** The country of phone numbers without a country code. */
  country?: CountryCode;
  dates?: DateOrder;
  /** The current time, in ms: later dates are refused. */
  now: number;
}

/** What database dumps and pandas write for missing values. Case matters: Null and Nan are names. */
const NOTHING = /^(?:None|null|NULL|nan|NaN|nil|undefined|<null>|\(null\)|\\N|N\/A|#N\/A)$/;

/** A trimmed cell; null for an empty one. */
function cellOf(field: string | undefined): string | null {
  // Spreadsheets keep ="…" as text. Here the quotes are part of the CSV field. An export writes an apostrophe before
  // what a spreadsheet would take for a formula.
  const text = tidy(field ?? "")?.replace(/^="(.*)"$|^'(?=[=+\-@＝＋－＠])/, "$1") ?? "";
  return text === "" || NOTHING.test(text) ? null : text;
}

/** What is wrong with the text of a field. */
export class Flaw {
  readonly kind: FaultKind;

  constructor(kind: FaultKind) {
    this.kind = kind;
  }
}

/** The result of reading a row. Without a person, the row is refused. */
export interface PersonRead {
  person: ImportedPerson | null;
  faults: RowFault[];
}

export function refused(kind: FaultKind): PersonRead {
  return { person: null, faults: [{ kind, loses: "row" }] };
}

/** Reads a row, with its faults. */
export function readPerson(columns: Columns, row: string[], options: ValueOptions): PersonRead {
  const { fields: at, filters } = columns;
  const id = readId(cellOf(row[at.chat_id]));
  if (typeof id === "string") return refused(id);
  const standings = filters.map(({ filter, index }) => readStanding(filter, cellOf(row[index])));
  for (const kind of ["bot", "elsewhere"] as const) if (standings.includes(kind)) return refused(kind);
  const [opted_out, blocked] = [standings.includes("opted-out"), standings.includes("blocked")];
  // If one column says that they have left, the others do not matter.
  if (standings.includes("unclear") && !opted_out && !blocked) return refused("standing");

  const faults: RowFault[] = [];
  const read = <F extends TextField>(field: F): ImportedPerson[F] | null => {
    const text = cellOf(row[at[field] ?? -1]);
    if (text === null) return null;
    const value = readField(field, text, options);
    if (!(value instanceof Flaw)) return value;
    faults.push({ kind: value.kind, loses: field });
    return null;
  };
  const person = {
    chat_id: id,
    language: read("language"),
    first_name: read("first_name"),
    last_name: read("last_name"),
    username: read("username"),
    phone: read("phone"),
    joined_at: read("joined_at"),
    tags: tagsOf(columns, row, faults),
    attributes: attributesOf(columns, row, options, faults),
    opted_out,
    blocked,
  };
  return { person, faults };
}

function tagsOf({ tags: at = -1 }: Columns, row: string[], faults: RowFault[]): string[] {
  const text = cellOf(row[at]);
  if (text === null) return [];
  const { tags, refused } = text.includes("\uFFFD") ? { tags: [], refused: [] } : readTags(text);
  if (text.includes("\uFFFD")) faults.push({ kind: "encoding", loses: "tags" });
  if (refused.length > 0) faults.push({ kind: "tag", loses: "tags" });
  if (tags.length > MOST_TAGS) faults.push({ kind: "too-many-tags", loses: "tags" });
  return tags.slice(0, MOST_TAGS);
}

function attributesOf(
  { attributes }: Columns,
  row: string[],
  options: Pick<ValueOptions, "dates">,
  faults: RowFault[],
): Record<string, AttributeValue> {
  const found = attributes.flatMap(({ name, index }) => {
    const text = cellOf(row[index]);
    if (text === null) return [];
    const value = readAttribute(text, options);
    if (!(value instanceof Flaw)) return [[name, value] as const];
    faults.push({ kind: value.kind, loses: attributeColumn(name) });
    return [];
  });
  return Object.fromEntries(found);
}

/** The value of an attribute as it is stored: a day as `2024-03-25`, a number, or the text; or what is wrong with the text. */
export function readAttribute(text: string, { dates }: Pick<ValueOptions, "dates">): AttributeValue | Flaw {
  if (text.includes("\uFFFD")) return new Flaw("encoding");
  const read = dayIn(text, dates);
  if (read === "date-order") return new Flaw(read);
  return read?.day ?? attributeValue(text) ?? new Flaw("attribute");
}

/** The fields of a person that are read from a text. */
export type TextField = Exclude<Field, "chat_id">;

const READERS: { [F in TextField]: (text: string, options: ValueOptions) => ImportedPerson[F] | Flaw } = {
  language: (text) => readLanguage(text) ?? new Flaw("language"),
  first_name: (text) => readName(text, "first-name"),
  last_name: (text) => readName(text, "last-name"),
  username: (text) => readUsername(text) ?? new Flaw("username"),
  phone: (text, { country }) => toE164(text.replace(/^'/, ""), country) ?? new Flaw("phone"),
  joined_at: (text, { dates, now }) => {
    const date = readDate(text, dates, now);
    return typeof date === "string" ? new Flaw(date) : date;
  },
};

/** The value of a field as it is stored, or what is wrong with its text, which is not empty. */
export function readField<F extends TextField>(
  field: F,
  text: string,
  options: ValueOptions,
): ImportedPerson[F] | Flaw {
  return text.includes("\uFFFD") ? new Flaw("encoding") : READERS[field](text, options);
}

function readName(text: string, kind: FaultKind): string | null | Flaw {
  const name = visibleName(text);
  return name === null || [...name].length <= LONGEST_NAME ? name : new Flaw(kind);
}

/** `ada` for ada, @ada and links to t.me/ada. */
function readUsername(text: string): string | null {
  const bare = text
    .replace(/^'?(?:@|(?:https?:\/\/)?(?:www\.)?(?:t|telegram)\.me\/)?/i, "")
    .replace(/[/?].*$/, "");
  return /^\w{1,32}$/.test(bare) ? bare : null;
}
