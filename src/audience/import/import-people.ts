import type { Readable } from "node:stream";
import { type SQL, sql } from "drizzle-orm";
import { query } from "../../db/connect.ts";
import type { Scope } from "../../db/scope.ts";
import { recipients } from "../../db/schema.ts";
import { rootCause } from "../../log.ts";
import { createCsvReader } from "./csv-reader.ts";
import { linesOf } from "./csv-rows.ts";
import { decode } from "./encoding.ts";
import { createJsonReader } from "./json-reader.ts";
import type { ImportedPerson, ValueOptions } from "./person-row.ts";
import type { ImportSummary, RowRead } from "./import-summary.ts";
import { holdForgotten, isForgotten } from "../forgotten.ts";
import { joinedWith, unheard } from "../recipients.ts";
import type { TableOptions } from "./table.ts";

export interface ImportProgress {
  /** Bytes of the input read so far. */
  bytes: number;
  rows: number;
}

export interface ImportHooks {
  /** Called about once per 64 KB read. */
  onProgress?: (progress: ImportProgress) => void;
  /** Called for each row, in the order of the lines. */
  onRow?: (row: RowRead) => void;
  /** Called before each batch is written. If it rejects, so does the import; earlier batches stay, and that one is not written. */
  beforeBatch?: () => Promise<void>;
  /** Ends the import after the current batch; what was imported stays and is in the summary. */
  signal?: AbortSignal;
}

/** What the operator knows about the file beyond its content. */
export interface ImportOptions extends TableOptions, Omit<ValueOptions, "now"> {
  /** CSV unless given. NDJSON is always UTF-8, and has Herald's own names. */
  format?: "csv" | "ndjson";
  /** Any label that TextDecoder knows. */
  encoding?: string;
}

/**
 * Rows per statement. A million rows took 16 to 19 s on a server with any size from 500 to 20,000; a smaller one
 * locks its rows for some 30 ms only.
 */
const BATCH_SIZE = 2_000;

/**
 * Imports people from CSV or NDJSON in constant memory; docs/import.md describes the files.
 * An import only adds: an empty field overwrites nothing, tags are added to those there are, people who blocked the bot or opted out stay so, and a
 * language that the person chose stays. People who were forgotten are not put back. People whom the file marks as gone are opted out, unless Herald has heard from
 * them since they were imported. Importing the same file again changes nothing, so an interrupted import is simply
 * repeated.
 * @throws UnreadableFile if no column holds the ids or the input is not text. What was read before that is imported.
 */
export async function importRecipients(
  scope: Scope,
  input: Readable | AsyncIterable<Buffer>,
  hooks: ImportHooks = {},
  options: ImportOptions = {},
): Promise<ImportSummary> {
  return run(input, hooks, options, async (batch) => {
    await hooks.beforeBatch?.();
    return save(scope, batch);
  });
}

/** Reads a file as `importRecipients` does, with the same faults, and imports nothing. Needs no database. */
export async function checkRecipients(
  input: Readable | AsyncIterable<Buffer>,
  hooks: ImportHooks = {},
  options: ImportOptions = {},
): Promise<ImportSummary> {
  return run(input, hooks, options, null);
}

interface Saved {
  inserted: number;
  updated: number;
  forgotten: number;
}

/** `write` is null when nothing is to be imported. */
async function run(
  input: AsyncIterable<Buffer>,
  { onProgress, onRow, signal }: ImportHooks,
  options: ImportOptions,
  write: ((batch: ImportedPerson[]) => Promise<Saved>) | null,
): Promise<ImportSummary> {
  const summary: ImportSummary = {
    rows: 0,
    inserted: 0,
    updated: 0,
    unchanged: 0,
    duplicates: 0,
    refused: 0,
    forgotten: 0,
    incomplete: 0,
    gone: 0,
    shape: null,
  };
  let batch = new Map<number, ImportedPerson>();
  const flush = async () => {
    const people = [...batch.values()];
    // First: what could not be written is not written again when the import ends because of it.
    batch = new Map();
    if (!write || people.length === 0) return;
    const { inserted, updated, forgotten } = await write(people);
    summary.inserted += inserted;
    summary.updated += updated;
    summary.forgotten += forgotten;
    summary.unchanged += people.length - inserted - updated - forgotten;
  };
  const values = { ...options, now: Date.now() };
  const take = (row: RowRead) => {
    summary.rows += 1;
    onRow?.(row);
    const { person, faults } = row;
    if (!person) {
      summary.refused += 1;
      return;
    }
    if (faults.length > 0) summary.incomplete += 1;
    if (person.opted_out || person.blocked) summary.gone += 1;
    const earlier = batch.get(person.chat_id);
    if (earlier) summary.duplicates += 1;
    batch.set(person.chat_id, earlier ? merge(earlier, person) : person);
  };

  const { format = "csv" } = options;
  const reader = format === "csv" ? createCsvReader(options, values) : createJsonReader(values);
  let encoding = "";
  const named = format === "csv" ? options.encoding : "utf-8";
  const pieces = decode(input, named, (name) => (encoding = name));
  try {
    for await (const { lines, bytes, last } of linesOf(pieces)) {
      if (signal?.aborted) break;
      for (const row of reader.rows(lines, last)) {
        take(row);
        if (batch.size === BATCH_SIZE) await flush();
      }
      onProgress?.({ bytes, rows: summary.rows });
    }
  } finally {
    // Also when the file breaks off: everyone who was read before that is imported.
    await flush();
  }
  // A file may be ASCII for a long time, so its encoding is known only at the end.
  if (reader.shape) summary.shape = { ...reader.shape, encoding };
  return summary;
}

/**
 * The result of two rows in different batches: a later field wins unless it is empty; a person who has left in either
 * has left.
 */
function merge(earlier: ImportedPerson, later: ImportedPerson): ImportedPerson {
  return {
    chat_id: later.chat_id,
    language: later.language ?? earlier.language,
    first_name: later.first_name ?? earlier.first_name,
    last_name: later.last_name ?? earlier.last_name,
    username: later.username ?? earlier.username,
    phone: later.phone ?? earlier.phone,
    joined_at: earliest(earlier.joined_at, later.joined_at),
    tags: [...new Set([...earlier.tags, ...later.tags])],
    attributes: { ...earlier.attributes, ...later.attributes },
    opted_out: earlier.opted_out || later.opted_out,
    blocked: earlier.blocked || later.blocked,
  };
}

function earliest(one: Date | null, other: Date | null): Date | null {
  if (!one || !other) return one ?? other;
  return one < other ? one : other;
}

/** If a row is locked by others, the statement gives way and is retried, for at least 8 s. */
const MOST_ATTEMPTS = 20;
const GAVE_WAY = ["55P03" /* lock_not_available */, "40P01" /* deadlock_detected */];

const silent = unheard("r");

/** SQL: the file's row (`p` or `excluded`) adds something to recipient `r`. */
function differs(row: SQL): SQL {
  return sql`((not r.language_chosen and r.language is distinct from coalesce(${row}.language, r.language))
    or (r.first_name, r.last_name, r.username, r.phone, r.joined_at) is distinct from
      (coalesce(${row}.first_name, r.first_name), coalesce(${row}.last_name, r.last_name),
       coalesce(${row}.username, r.username), coalesce(${row}.phone, r.phone), ${joinedWith("r", sql`${row}.joined_at`)})
    or not r.tags @> ${row}.tags or not r.attributes @> ${row}.attributes
    or (${silent} and (${row}.opted_out_at is not null and r.opted_out_at is null
      or ${row}.status = 'blocked' and r.status = 'active')))`;
}

/**
 * Writes a batch. Unchanged rows never reach the insert: `on conflict` locks a row before it evaluates its `where`, and
 * the locks alone wrote 5.5 MB of WAL for 100,000 unchanged people.
 * The dispatcher updates the same rows in a different order. PostgreSQL would detect a deadlock after 1 s and end
 * either side; because the import gives way after 400 ms, it is always the import that waits.
 */
async function save(scope: Scope, batch: ImportedPerson[]): Promise<Saved> {
  const { db, botId } = scope;
  const people = JSON.stringify(batch);
  for (let attempt = 1; ; attempt++)
    try {
      return await db.transaction(async (tx) => {
        await tx.execute(sql`set local lock_timeout = 400`);
        await holdForgotten({ ...scope, db: tx }, "shared");
        // `updated_at` stays: it says when the person was last heard of, and outdates a failure before it.
        const [saved] = await query<Saved>(
          tx,
          sql`with given as (
            select chat_id, language, first_name, last_name, username, phone, joined_at, tags, attributes,
              (case when blocked then 'blocked' else 'active' end)::recipient_status as status,
              case when blocked then now() end as status_changed_at, case when opted_out then now() end as opted_out_at
            from jsonb_to_recordset(${people}::text::jsonb)
              as p(chat_id bigint, language text, first_name text, last_name text, username text, phone text,
                joined_at timestamptz, tags text[], attributes jsonb, blocked boolean, opted_out boolean)
          ), p as (
            select given.* from given where not ${isForgotten(scope, sql`given.chat_id`)}
          ), changed as (
            select p.* from p
            where (select ${differs(sql`p`)} from ${recipients} r
              where r.bot_id = ${botId} and r.chat_id = p.chat_id) is not false
          ), written as (
            insert into ${recipients} as r (bot_id, chat_id, language, first_name, last_name, username, phone, joined_at,
              tags, attributes, status, status_changed_at, opted_out_at)
            select ${botId}::bigint, changed.* from changed order by chat_id
            on conflict (bot_id, chat_id) do update set
              language = case when r.language_chosen then r.language else coalesce(excluded.language, r.language) end,
              first_name = coalesce(excluded.first_name, r.first_name),
              last_name = coalesce(excluded.last_name, r.last_name),
              username = coalesce(excluded.username, r.username),
              phone = coalesce(excluded.phone, r.phone),
              joined_at = ${joinedWith("r", sql`excluded.joined_at`)},
              tags = array(select distinct unnest(r.tags || excluded.tags)),
              attributes = r.attributes || excluded.attributes,
              status = case when ${silent} and excluded.status = 'blocked' and r.status = 'active'
                then excluded.status else r.status end,
              status_changed_at = case when ${silent} and excluded.status = 'blocked' and r.status = 'active'
                then excluded.status_changed_at else r.status_changed_at end,
              opted_out_at = coalesce(r.opted_out_at, case when ${silent} then excluded.opted_out_at end)
            where ${differs(sql`excluded`)}
            returning (xmax = 0) as inserted
          )
          select count(*) filter (where inserted)::float8 as inserted,
            count(*) filter (where not inserted)::float8 as updated,
            (select count(*) from given)::float8 - (select count(*) from p)::float8 as forgotten
          from written`,
        );
        return saved ?? { inserted: 0, updated: 0, forgotten: 0 };
      });
    } catch (error) {
      const { code } = (error instanceof Error ? rootCause(error) : {}) as { code?: unknown };
      if (!GAVE_WAY.some((known) => known === code) || attempt === MOST_ATTEMPTS) throw error;
    }
}
