import { and, asc, eq, gt, inArray, sql } from "drizzle-orm";
import { type Actor, actorId } from "../../access/actor.ts";
import { type AuditAction, record } from "../../access/audit.ts";
import type { HomeScope } from "../../db/scope.ts";
import { audit, news } from "../../db/schema.ts";
import type { NewsKind } from "../../db/states.ts";

/**
 * Something that happened to a campaign and that bot/notices/teller.ts still has to tell. It is written in the transaction
 * in which it happens, so that the next process tells it if this one is killed.
 */
export type News = typeof news.$inferSelect;

/** What a campaign does by itself. */
export type Milestone = Extract<NewsKind, "began" | "ended">;
/** What admins do to it. */
export type ActionKind = Exclude<NewsKind, Milestone | "restored">;

/** An admin who did one of these is looking at the card of the campaign. */
const SET_GOING = [
  "campaign.confirmed",
  "campaign.resumed",
  "campaign.changed",
  "campaign.retried",
] as const satisfies readonly AuditAction[];

/** For this long: until then the card shows what happens, and a message would only repeat it. */
const WATCHING_MS = 60_000;

/** Records who did what to a campaign, for the audit and for those who are to hear of it. */
export async function noteAction(
  tx: HomeScope,
  { id, createdBy }: { id: number; createdBy: number },
  what: ActionKind,
  actor: Actor,
): Promise<void> {
  const { db, homeId } = tx;
  await record(tx, actor, `campaign.${what}`, id);
  const by = actorId(actor);
  // Authors know what they did themselves, but the end of a campaign may concern others, too.
  if (createdBy === by && what !== "cancelled") return;
  await db.insert(news).values({ homeId, campaignId: id, what, actorId: by });
}

/**
 * As noteAction(), for what is done to campaigns of a bundle together: those who hear of it hear of it once. `subject` is how
 * news name the bundle.
 */
export async function noteBundleAction(
  tx: HomeScope,
  subject: number,
  bundle: readonly { id: number; createdBy: number }[],
  what: ActionKind,
  actor: Actor,
): Promise<void> {
  const { db, homeId } = tx;
  for (const { id } of bundle) await record(tx, actor, `campaign.${what}`, id);
  const [first] = bundle;
  const by = actorId(actor);
  if (!first || (first.createdBy === by && what !== "cancelled")) return;
  await db.insert(news).values({ homeId, campaignId: subject, what, actorId: by });
}

/**
 * Records that a campaign, or with its negated id a bundle, began by itself, or ended. One that an admin set going a moment ago
 * did not begin by itself. `ids` are the campaigns that it is about; `by` is looking at
 * its card as well.
 */
export async function noteMilestone(
  tx: HomeScope,
  subject: number,
  what: Milestone,
  now: Date,
  { ids = [subject], by }: { ids?: readonly number[]; by?: number | undefined } = {},
): Promise<void> {
  const looking = await listWatchers(tx, ids, new Date(now.getTime() - WATCHING_MS));
  const watchers = by === undefined ? looking : [...looking, by];
  if (what === "began" && watchers.length > 0) return;
  await tx.db.insert(news).values({ homeId: tx.homeId, campaignId: subject, what, at: now, watchers });
}

async function listWatchers(
  { db, homeId }: HomeScope,
  ids: readonly number[],
  since: Date,
): Promise<number[]> {
  const rows = await db
    .selectDistinct({ by: audit.actorId })
    .from(audit)
    .where(
      and(
        eq(audit.homeId, homeId),
        inArray(audit.subject, [...ids]),
        inArray(audit.action, [...SET_GOING]),
        gt(audit.at, since),
      ),
    );
  return rows.map(({ by }) => by);
}

/** Rows that are read at a time. */
const MOST_AT_ONCE = 100;

/** What is still to be told, in the order in which it happened. */
export async function listNews({ db, homeId }: HomeScope): Promise<News[]> {
  return db.select().from(news).where(eq(news.homeId, homeId)).orderBy(asc(news.id)).limit(MOST_AT_ONCE);
}

/** Records that a chat is being told. False if it was told before. */
export async function claimTelling(scope: HomeScope, { id }: News, chatId: number): Promise<boolean> {
  const claimed = await scope.db
    .update(news)
    .set({ told: sql`array_append(${news.told}, ${chatId}::bigint)` })
    .where(and(isNews(scope, id), sql`not ${chatId}::bigint = any(${news.told})`))
    .returning({ id: news.id });
  return claimed.length > 0;
}

/** Takes that back, because the chat could not be told yet. */
export async function releaseTelling(scope: HomeScope, { id }: News, chatId: number): Promise<void> {
  await scope.db
    .update(news)
    .set({ told: sql`array_remove(${news.told}, ${chatId}::bigint)` })
    .where(isNews(scope, id));
}

export async function dropNews(scope: HomeScope, { id }: News): Promise<void> {
  await scope.db.delete(news).where(isNews(scope, id));
}

function isNews({ homeId }: HomeScope, id: number) {
  return and(eq(news.homeId, homeId), eq(news.id, id));
}
