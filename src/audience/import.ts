import type { Readable } from "node:stream";
import { sql } from "drizzle-orm";
import { type Scope, query } from "../db/connect.ts";
import { recipients } from "../db/schema.ts";
import { rootCause } from "../log.ts";
import { type Table, linesOf, readHeader, tidy } from "./csv.ts";
import { toE164 } from "./phone.ts";
import { primaryLanguage } from "./recipient.ts";

/** What a file may tell of a person. Any order, any case; only `chat_id` must be there. */
export const COLUMNS = ["chat_id", "language", "first_name", "last_name", "username", "phone"] as const;
type Column = (typeof COLUMNS)[number];

/**
 * What can be wrong with a row. A row is lost only when it does not say whom it means, or cannot be read;
 * a person with a wrong phone number is still a person: they are imported without it.
 * A reason never quotes the row, so that no name or number gets onto a screen or into a log.
 */
export const FAULTS = {
  "chat-id-missing": { loses: "row", reason: "chat_id is missing" },
  "chat-id-not-whole": { loses: "row", reason: "chat_id is not a whole number" },
  "chat-id-zero": { loses: "row", reason: "chat_id is 0" },
  "chat-id-negative": {
    loses: "row",
    reason: "chat_id is negative: groups and channels are not imported from a file",
  },
  "chat-id-too-large": { loses: "row", reason: "chat_id is larger than any of Telegram's" },
  "field-count": { loses: "row", reason: "it has more or fewer fields than the header" },
  quotes: {
    loses: "row",
    reason:
      "a quote is not closed or stands inside a field; quote the whole field and double the quotes in it",
  },
  encoding: { loses: "row", reason: "its text is not UTF-8; save the file as CSV UTF-8" },
  language: { loses: "language", reason: "language is no tag such as en or pt-BR" },
  "first-name": { loses: "first_name", reason: "first_name is longer than 64 characters" },
  "last-name": { loses: "last_name", reason: "last_name is longer than 64 characters" },
  username: { loses: "username", reason: "username is none: letters, digits and _ only, 32 at most" },
  phone: { loses: "phone", reason: "phone is no valid international number such as +79161234567" },
} as const satisfies Record<string, { loses: "row" | Column; reason: string }>;
export type FaultKind = keyof typeof FAULTS;

export interface Fault {
  /** Line of the file on which the row begins; the header is line 1. */
  line: number;
  kind: FaultKind;
}

/** Every row is in exactly one of `inserted`, `updated`, `unchanged`, `duplicates` and `refused`. */
export interface ImportSummary {
  /** Rows of the file without its header and its empty lines. */
  rows: number;
  inserted: number;
  updated: number;
  unchanged: number;
  /** Rows whose chat_id came again within one batch; they were merged, the later one's fields first. */
  duplicates: number;
  /** Rows that were not imported. */
  refused: number;
  /** Rows that were imported without a field that was wrong; also counted by what became of them. */
  incomplete: number;
  /** Columns of the header that Herald does not know. */
  ignoredColumns: string[];
}

export interface ImportProgress {
  /** Bytes of the input that are read. */
  bytes: number;
  rows: number;
}

export interface ImportHooks {
  /** Called about once for each 64 KB that were read. */
  onProgress?: (progress: ImportProgress) => void;
  /** Called for each fault, in the order of the lines. */
  onFault?: (fault: Fault) => void;
  /** Ends the import behind the batch in work; what was imported stays, and the summary tells it. */
  signal?: AbortSignal;
}

/**
 * Rows in one statement. With 500 to 20,000 a million rows took 16 to 19 s on a server, in no order:
 * what speaks for fewer is that a statement locks its rows for some 30 ms only.
 */
const BATCH_SIZE = 2_000;

/** Telegram's limit on each name. */
const LONGEST_NAME = 64;

/** Telegram's ids have at most 52 significant bits: https://core.telegram.org/bots/api#chat */
const LARGEST_ID = 2 ** 52;

type Person = { chat_id: number } & Record<Exclude<Column, "chat_id">, string | null>;

/**
 * Imports people from CSV (UTF-8; `,` `;` or tab, as the header line has it) in constant memory.
 * An import completes what is known and takes nothing away: an empty field overwrites nothing, who blocked the
 * bot or opted out stays so, and a language that the person chose stays. The same file again changes nothing,
 * so an import that was cut off is simply run again.
 * @throws UnreadableFile when the header has no chat_id or the input is no text. Batches written before that stay.
 */
export async function importRecipients(
  scope: Scope,
  input: Readable | AsyncIterable<Buffer>,
  hooks: ImportHooks = {},
): Promise<ImportSummary> {
  return run(input, hooks, (batch) => save(scope, batch));
}

/** Reads a file as `importRecipients` does, with the same faults, and imports nothing. Needs no database. */
export async function checkRecipients(
  input: Readable | AsyncIterable<Buffer>,
  hooks: ImportHooks = {},
): Promise<ImportSummary> {
  return run(input, hooks, async () => ({ inserted: 0, updated: 0 }), { counts: false });
}

interface Saved {
  inserted: number;
  updated: number;
}

async function run(
  input: AsyncIterable<Buffer>,
  { onProgress, onFault, signal }: ImportHooks,
  write: (batch: Person[]) => Promise<Saved>,
  { counts } = { counts: true },
): Promise<ImportSummary> {
  const summary: ImportSummary = {
    rows: 0,
    inserted: 0,
    updated: 0,
    unchanged: 0,
    duplicates: 0,
    refused: 0,
    incomplete: 0,
    ignoredColumns: [],
  };
  let batch = new Map<number, Person>();
  const flush = async () => {
    if (batch.size === 0) return;
    const { inserted, updated } = await write([...batch.values()]);
    summary.inserted += inserted;
    summary.updated += updated;
    if (counts) summary.unchanged += batch.size - inserted - updated;
    batch = new Map();
  };

  let table: Table<Column> | null = null;
  const progress: ImportProgress = { bytes: 0, rows: 0 };
  for await (const { lines, bytes, last } of linesOf(input)) {
    if (signal?.aborted) break;
    const fresh = table ? lines : lines.slice(1);
    if (!table) {
      table = readHeader(lines[0] ?? "", {
        columns: COLUMNS,
        needed: "chat_id",
        longestField: 2 * LONGEST_NAME,
      });
      summary.ignoredColumns = table.ignored;
    }
    for (const { line, fields } of table.rows(fresh, last)) {
      if (fields?.every((field) => field.trim() === "")) continue;
      summary.rows += 1;
      const { person, faults } = fields
        ? readPerson(table, fields)
        : { person: null, faults: ["quotes"] as const };
      for (const kind of faults) onFault?.({ line, kind });
      if (!person) {
        summary.refused += 1;
        continue;
      }
      if (faults.length > 0) summary.incomplete += 1;
      const earlier = batch.get(person.chat_id);
      if (earlier) summary.duplicates += 1;
      batch.set(person.chat_id, earlier ? merge(earlier, person) : person);
      if (batch.size === BATCH_SIZE) await flush();
    }
    progress.bytes = bytes;
    progress.rows = summary.rows;
    onProgress?.(progress);
  }
  await flush();
  return summary;
}

/** As two rows in different batches would come out: a later field wins unless it is empty. */
function merge(earlier: Person, later: Person): Person {
  const merged = { ...later };
  for (const column of COLUMNS) if (column !== "chat_id") merged[column] ??= earlier[column];
  return merged;
}

/** Somebody may hold a row that is wanted; then this statement gives way and is tried again, for 8 s at least. */
const MOST_ATTEMPTS = 20;
const GAVE_WAY = ["55P03" /* lock_not_available */, "40P01" /* deadlock_detected */];

/**
 * Writes a batch; what already is as the file has it is left alone.
 * The dispatcher updates the same rows in an order of its own. A deadlock would be found after 1 s, and either
 * side might be ended; giving way after 400 ms, it is always the import that waits and never a delivery.
 */
async function save({ db, botId }: Scope, batch: Person[]): Promise<Saved> {
  const people = JSON.stringify(batch);
  for (let attempt = 1; ; attempt++)
    try {
      return await db.transaction(async (tx) => {
        await tx.execute(sql`set local lock_timeout = 400`);
        // `updated_at` stays: it says when the person was last heard of, and outdates a failure before it.
        const [saved] = await query<Saved>(
          tx,
          sql`with written as (
            insert into ${recipients} as r (bot_id, chat_id, language, first_name, last_name, username, phone)
            select ${botId}::bigint, p.*
            from jsonb_to_recordset(${people}::text::jsonb)
              as p(chat_id bigint, language text, first_name text, last_name text, username text, phone text)
            order by p.chat_id
            on conflict (bot_id, chat_id) do update set
              language = case when r.language_chosen then r.language else coalesce(excluded.language, r.language) end,
              first_name = coalesce(excluded.first_name, r.first_name),
              last_name = coalesce(excluded.last_name, r.last_name),
              username = coalesce(excluded.username, r.username),
              phone = coalesce(excluded.phone, r.phone)
            where (not r.language_chosen and r.language is distinct from coalesce(excluded.language, r.language))
              or (r.first_name, r.last_name, r.username, r.phone) is distinct from
                (coalesce(excluded.first_name, r.first_name), coalesce(excluded.last_name, r.last_name),
                 coalesce(excluded.username, r.username), coalesce(excluded.phone, r.phone))
            returning (xmax = 0) as inserted
          )
          select count(*) filter (where inserted)::float8 as inserted,
            count(*) filter (where not inserted)::float8 as updated
          from written`,
        );
        return saved ?? { inserted: 0, updated: 0 };
      });
    } catch (error) {
      const { code } = (error instanceof Error ? rootCause(error) : {}) as { code?: unknown };
      if (!GAVE_WAY.some((known) => known === code) || attempt === MOST_ATTEMPTS) throw error;
    }
}

/** What a row says, and what is wrong with it. No person: the row is lost. */
function readPerson(
  table: Table<Column>,
  fields: string[],
): { person: Person | null; faults: readonly FaultKind[] } {
  // A spreadsheet may end every line with the same number of separators.
  if (fields.length < table.width || fields.slice(table.width).some((field) => field.trim() !== ""))
    return { person: null, faults: ["field-count"] };
  const read = (column: Column): string | null => tidy(fields[table.at[column] ?? -1] ?? "");
  const id = readChatId(read("chat_id"));
  if (typeof id === "string") return { person: null, faults: [id] };

  const faults: FaultKind[] = [];
  const check = (column: Column, fault: FaultKind, accept: (text: string) => string | null) => {
    const text = read(column);
    if (text === null) return null;
    const accepted = accept(text);
    if (accepted === null) faults.push(fault);
    return accepted;
  };
  const person = {
    chat_id: id,
    language: check("language", "language", primaryLanguage),
    first_name: check("first_name", "first-name", shortEnough),
    last_name: check("last_name", "last-name", shortEnough),
    username: check("username", "username", (text) => /^@?(\w{1,32})$/.exec(text)?.[1] ?? null),
    phone: check("phone", "phone", toE164),
  };
  const isDamaged = Object.values(table.at).some((index) => fields[index]?.includes("\uFFFD"));
  return isDamaged ? { person: null, faults: ["encoding"] } : { person, faults };
}

function readChatId(text: string | null): number | FaultKind {
  if (text === null) return "chat-id-missing";
  if (!/^[+-]?\d+$/.test(text)) return "chat-id-not-whole";
  const id = Number(text);
  if (id === 0) return "chat-id-zero";
  if (id < 0) return "chat-id-negative";
  return id > LARGEST_ID ? "chat-id-too-large" : id;
}

function shortEnough(name: string): string | null {
  return name.length <= LONGEST_NAME || [...name].length <= LONGEST_NAME ? name : null;
}
