import { type SQL, TransactionRollbackError, and, asc, count, eq, gte, lt, or, sql } from "drizzle-orm";
import { hasJoinedItself, isReachable } from "../../audience/recipients.ts";
import { countFree } from "../../campaign/code-pool.ts";
import { giveCodes, givesCodes } from "../../campaign/give-codes.ts";
import { type LiveStep, type Place, isStep, noteFed, placeOf } from "../../campaign/live-steps.ts";
import { findOwnCampaign } from "../../campaign/queries.ts";
import type { Step } from "../../campaign/step-plan.ts";
import { query } from "../../db/connect.ts";
import type { Scope } from "../../db/scope.ts";
import { recipients } from "../../db/schema.ts";

/** Who is due for a step, by when they joined. */
export interface Due {
  /** Not before this instant: for them it is too late. */
  from: Date;
  to: Date;
  /** How far they are through with the step before; null for the first step. */
  ahead: Ahead | null;
}

/**
 * Who is through with a step. Either all of them up to a place have an outcome, and people who joined before `late` are passed over,
 * or the one at a place is the first who has none.
 */
export type Ahead =
  | { type: "through"; upTo: Pick<Place, "at" | "chat">; late: Date }
  | { type: "pending"; from: Pick<Place, "at" | "chat"> };

/** Null if it is no longer a step, or nobody can tell: the person whose turn it is has just been erased. */
export async function aheadOf(scope: Scope, id: number, late: Date): Promise<Ahead | null> {
  const { db, botId } = scope;
  // Read first: a person added after this is either beyond it or seen as pending.
  const upTo = await placeOf(scope, id);
  const [first] = await query<{ at: string | null; chat: number }>(
    db,
    sql`select r.joined_at::text as at, d.chat_id::float8 as chat
        from (select chat_id from deliveries
              where bot_id = ${botId} and campaign_id = ${id} and state in ('pending', 'sending')
              order by seq limit 1) d
          left join recipients r on r.bot_id = ${botId} and r.chat_id = d.chat_id`,
  );
  if (!first) return upTo && { type: "through", upTo, late };
  return first.at === null ? null : { type: "pending", from: { at: first.at, chat: first.chat } };
}

/**
 * What one chunk came to: how many people it went through, and how many of them are to get the step. `short`: there are too few
 * codes for them, and nobody was added.
 */
export type Fed =
  | {
      type: "fed";
      read: number;
      added: number;
      /** Where it has come to. */
      place: Pick<Place, "at" | "chat">;
    }
  | { type: "short"; read: number };

/**
 * Adds the next people who are due to the deliveries of a step, at most `size`, in the order in which they joined: in one
 * transaction with how far the step has come, so that nobody is ever added twice, and with their personal codes. Null if it was
 * paused or removed or got another post, or another process was first.
 */
export async function feedStep(scope: Scope, id: number, due: Due, size: number): Promise<Fed | null> {
  const { db, botId } = scope;
  return db
    .transaction(async (tx): Promise<Fed | null> => {
      const own = { ...scope, db: tx };
      const before = await placeOf(own, id);
      // Read later: if the post has been replaced in between, the place is no longer the one that is expected below.
      const found = await findOwnCampaign(own, id);
      if (!before || !found || !isStep(found)) return null;
      const { step } = found;
      const next = tx
        .select({
          chatId: recipients.chatId,
          joinedAt: recipients.joinedAt,
          fits: sql<boolean>`(${fits(step)})`.as("fits"),
        })
        .from(recipients)
        .where(and(eq(recipients.botId, botId), isDue(before, due)))
        .orderBy(asc(recipients.joinedAt), asc(recipients.chatId))
        .limit(size);
      const [fed] = await query<{
        read: number;
        added: number;
        at: string | null;
        chat: number | null;
        people: number[] | null;
      }>(
        tx,
        sql`with next as materialized (${next}), fed as (
              insert into deliveries (bot_id, campaign_id, seq, chat_id)
              select ${botId}::bigint, ${id}::bigint,
                ${before.total}::int + row_number() over (order by joined_at, chat_id), chat_id
              from next where fits on conflict do nothing returning chat_id),
            last as (select * from next order by joined_at desc, chat_id desc limit 1)
            select (select count(*)::int from next) as read, (select count(*)::int from fed) as added,
              (select joined_at::text from last) as at, (select chat_id::float8 from last) as chat,
              (select json_agg(chat_id order by joined_at, chat_id) from next join fed using (chat_id)) as people`,
      );
      const { read = 0, added = 0, at = null, chat = null, people = null } = fed ?? {};
      if (at === null || chat === null) return { type: "fed", read: 0, added: 0, place: before };
      if (people && givesCodes(found) && (await giveCodes(own, found, people)) > 0)
        throw new TooFewCodes(read);
      if (!(await noteFed(own, id, before, { added, at, chat }))) tx.rollback();
      return { type: "fed", read, added, place: { at, chat } };
    })
    .catch((error: unknown) => {
      if (error instanceof TransactionRollbackError) return null;
      if (error instanceof TooFewCodes) return { type: "short", read: error.read };
      throw error;
    });
}

/** Rolls a chunk back. */
class TooFewCodes extends Error {
  readonly read: number;

  constructor(read: number) {
    super("there are too few codes for these people");
    this.read = read;
  }
}

/** How many more codes those need who are due for a step; at least one. */
export async function countLackingCodes(scope: Scope, campaign: LiveStep, due: Due): Promise<number> {
  const { id, step, codePool } = campaign;
  const before = await placeOf(scope, id);
  if (!before || codePool === null) return 1;
  const [row] = await scope.db
    .select({ count: count() })
    .from(recipients)
    .where(and(eq(recipients.botId, scope.botId), isDue(before, due), fits(step)));
  return Math.max(1, (row?.count ?? 0) - (await countFree(scope, codePool)));
}

/** SQL: after those whom the step has seen, due by now, not too late for it, and through with the step before. */
function isDue({ at, chat }: Place, { from, to, ahead }: Due): SQL | undefined {
  return and(
    sql`${recipients.joinedAt} is not null and ${recipients.kind} = 'person'`,
    sql`${place} > ${placeAt({ at, chat })}`,
    gte(recipients.joinedAt, from),
    lt(recipients.joinedAt, to),
    ahead ? isThrough(ahead) : undefined,
  );
}

function isThrough(ahead: Ahead): SQL | undefined {
  if (ahead.type === "pending") return sql`${place} < ${placeAt(ahead.from)}`;
  return or(sql`${place} <= ${placeAt(ahead.upTo)}`, lt(recipients.joinedAt, ahead.late));
}

const place = sql`(${recipients.joinedAt}, ${recipients.chatId})`;

function placeAt({ at, chat }: Pick<Place, "at" | "chat">): SQL {
  return sql`(${at}::timestamptz, ${chat}::bigint)`;
}

/**
 * SQL: can be written to, joined by themselves while the bot looked on, and is among those whom the step is for. A file or a
 * program that says when somebody joined puts the series into nobody's chat.
 */
function fits({ source, tag }: Step): SQL | undefined {
  return and(
    isReachable("recipients"),
    hasJoinedItself,
    source === undefined ? undefined : eq(recipients.source, source),
    tag === undefined ? undefined : sql`${recipients.tags} @> array[${tag}]::text[]`,
  );
}
