import { type SQL, and, desc, eq, inArray, sql } from "drizzle-orm";
import { type Actor, actorId } from "../access/actor.ts";
import { editObstacle } from "../content/edits.ts";
import { query } from "../db/connect.ts";
import type { HomeScope, Scope } from "../db/scope.ts";
import { sentEdits } from "../db/schema.ts";
import type { EditPause, EditState } from "../db/states.ts";
import { DomainError } from "../errors.ts";
import type { Campaign } from "./campaign.ts";

/*
 * An edit of the posts that a campaign has sent. Its row says how far it is; the engine (delivery/edits/) goes down through
 * the deliveries and brings its revision to all who have an older one. What is done twice after a crash changes nothing.
 */

export type SentEdit = typeof sentEdits.$inferSelect;

/** True if people have posts of the campaign that may be edited, or are getting them, as far as its state says. */
export function canEditSent({ state, startedAt, sent, detailsDroppedAt }: Campaign): boolean {
  if (startedAt === null || detailsDroppedAt !== null) return false;
  return state === "running" || ((state === "paused" || state === "finished") && sent > 0);
}

/** @throws DomainError `not-editable` if Telegram cannot turn what the campaign has sent into that post */
export function checkEditable(
  { id, content }: Pick<Campaign, "id" | "content">,
  next: Pick<Campaign, "content">,
): void {
  const obstacle = editObstacle(content, next.content);
  if (!obstacle) return;
  throw new DomainError("not-editable", { id, why: obstacle.why, language: obstacle.language ?? "none" });
}

/** True while the engine works on it, or would if it were not paused. */
export function isUnderWay({ state }: SentEdit): boolean {
  return state === "running" || state === "paused";
}

/** How many of an edit are done, whatever came of them. */
export function doneOf({ edited, unchanged, gone, refused }: SentEdit): number {
  return edited + unchanged + gone + refused;
}

/** The last edit of a campaign; null if there was none. */
export async function findSentEdit(
  { db }: HomeScope,
  { botId, id }: Pick<Campaign, "botId" | "id">,
): Promise<SentEdit | null> {
  const [row] = await db
    .select()
    .from(sentEdits)
    .where(and(eq(sentEdits.botId, botId), eq(sentEdits.campaignId, id)))
    .orderBy(desc(sentEdits.number))
    .limit(1);
  return row ?? null;
}

/** The edits that the engine of the bot has to work on. */
export async function listRunningEdits({ db, botId }: Scope): Promise<SentEdit[]> {
  return db
    .select()
    .from(sentEdits)
    .where(and(eq(sentEdits.botId, botId), eq(sentEdits.state, "running")))
    .orderBy(sentEdits.campaignId);
}

/**
 * SQL: of the deliveries of a campaign, those that somebody has messages of with an older revision. Uncertain ones whose
 * messages are not known cannot be edited.
 */
export function hasOlder(revision: number): SQL {
  return sql`(message_id is not null and coalesce(content_revision, 0) < ${revision})`;
}

/** Begins an edit that brings the campaign's present revision to everyone, instead of the one that is under way. */
export async function startSentEdit(tx: Scope, actor: Actor, campaign: Campaign): Promise<SentEdit> {
  const { db, botId } = tx;
  const { id, contentRevision } = campaign;
  const before = await findSentEdit(tx, campaign);
  await moveSentEdit(tx, id, ["running", "paused"], { state: "stopped", endedAt: new Date() });
  const [found] = await query<{ total: number }>(
    db,
    sql`select count(*)::int as total from deliveries
        where bot_id = ${botId} and campaign_id = ${id} and ${hasOlder(contentRevision)}`,
  );
  const [row] = await db
    .insert(sentEdits)
    .values({
      botId,
      campaignId: id,
      number: (before?.number ?? 0) + 1,
      contentRevision,
      createdBy: actorId(actor),
      total: found?.total ?? 0,
    })
    .returning();
  if (!row) throw new Error("an insert returned no row");
  return row;
}

/**
 * Moves the edit of a campaign to another state. Null if it is in none of `from`. With `number` only that one: another may
 * have taken over.
 */
export async function moveSentEdit(
  { db, botId }: Scope,
  campaignId: number,
  from: readonly EditState[],
  change: { state: EditState; pauseReason?: EditPause | null; pauseDetail?: string | null; endedAt?: Date },
  number?: number,
): Promise<SentEdit | null> {
  const resumes = change.state === "running";
  const [row] = await db
    .update(sentEdits)
    .set({
      ...change,
      ...(resumes && {
        pauseReason: null,
        pauseDetail: null,
        runsSince: sql`now()`,
        doneBefore: sql`${sentEdits.edited} + ${sentEdits.unchanged} + ${sentEdits.gone} + ${sentEdits.refused}`,
      }),
    })
    .where(
      and(
        eq(sentEdits.botId, botId),
        eq(sentEdits.campaignId, campaignId),
        inArray(sentEdits.state, [...from]),
        number === undefined ? undefined : eq(sentEdits.number, number),
      ),
    )
    .returning();
  return row ?? null;
}

/** What came of a batch, and where the edit goes on. */
export interface EditProgress extends Pick<SentEdit, "edited" | "unchanged" | "gone" | "refused"> {
  cursor: number;
  waiting: number[];
}

/** Writes down how far an edit is, in the transaction that notes the new revision of the deliveries. */
export async function recordEditProgress(
  { db }: Scope,
  { botId, campaignId, number }: SentEdit,
  { edited, unchanged, gone, refused, cursor, waiting }: EditProgress,
): Promise<void> {
  await db
    .update(sentEdits)
    .set({
      edited: sql`${sentEdits.edited} + ${edited}`,
      unchanged: sql`${sentEdits.unchanged} + ${unchanged}`,
      gone: sql`${sentEdits.gone} + ${gone}`,
      refused: sql`${sentEdits.refused} + ${refused}`,
      cursor,
      waiting,
    })
    .where(
      and(eq(sentEdits.botId, botId), eq(sentEdits.campaignId, campaignId), eq(sentEdits.number, number)),
    );
}
