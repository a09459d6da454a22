import { and, asc, eq, gt, inArray, sql } from "drizzle-orm";
import { type Actor, actorId } from "../../access/actor.ts";
import { type AuditAction, record } from "../../access/audit.ts";
import type { Scope } from "../../db/scope.ts";
import { audit, news } from "../../db/schema.ts";
import type { NewsKind } from "../../db/states.ts";
import type { Campaign } from "../campaign.ts";

/**
 * What happened to a campaign, to be told by bot/notices/teller.ts. Written in the transaction in which it happens, so that a
 * process that is killed leaves it to the next one.
 */
export type News = typeof news.$inferSelect;

/** What a campaign does by itself. */
export type Course = Extract<NewsKind, "began" | "ended">;
/** What admins do to it. */
export type DeedKind = Exclude<NewsKind, Course>;

/** Whoever did one of these is looking at the card of the campaign. */
const SET_GOING = [
  "campaign.confirmed",
  "campaign.resumed",
  "campaign.changed",
  "campaign.retried",
] as const satisfies readonly AuditAction[];

/** For so long: what happens within it is seen on the card, and a message would only repeat it. */
const WATCHING_MS = 60_000;

/** Notes who did what to a campaign: for the audit, and for those who are to hear of it. */
export async function noteDeed(
  tx: Scope,
  { id, createdBy }: Pick<Campaign, "id" | "createdBy">,
  what: DeedKind,
  actor: Actor,
): Promise<void> {
  const { db, homeId } = tx;
  await record(tx, actor, `campaign.${what}`, id);
  const by = actorId(actor);
  // Authors know what they do themselves; an end may concern others, too.
  if (createdBy === by && what !== "cancelled") return;
  await db.insert(news).values({ homeId, campaignId: id, what, actorId: by });
}

/** Notes that a campaign began by itself, or that it ended. One that was set going a moment ago does not begin by itself. */
export async function noteCourse(tx: Scope, id: number, what: Course, now: Date): Promise<void> {
  const watchers = await listWatchers(tx, id, new Date(now.getTime() - WATCHING_MS));
  if (what === "began" && watchers.length > 0) return;
  await tx.db.insert(news).values({ homeId: tx.homeId, campaignId: id, what, at: now, watchers });
}

async function listWatchers({ db, homeId }: Scope, id: number, since: Date): Promise<number[]> {
  const rows = await db
    .selectDistinct({ by: audit.actorId })
    .from(audit)
    .where(
      and(
        eq(audit.homeId, homeId),
        eq(audit.subject, id),
        inArray(audit.action, [...SET_GOING]),
        gt(audit.at, since),
      ),
    );
  return rows.map(({ by }) => by);
}

/** Read at a time. */
const MOST_AT_ONCE = 100;

/** What is to be told, in the order in which it happened. */
export async function listNews({ db, homeId }: Scope): Promise<News[]> {
  return db.select().from(news).where(eq(news.homeId, homeId)).orderBy(asc(news.id)).limit(MOST_AT_ONCE);
}

/** Notes that a chat is being told. False if it was told before. */
export async function claimTelling(scope: Scope, { id }: News, chatId: number): Promise<boolean> {
  const claimed = await scope.db
    .update(news)
    .set({ told: sql`array_append(${news.told}, ${chatId}::bigint)` })
    .where(and(isNews(scope, id), sql`not ${chatId}::bigint = any(${news.told})`))
    .returning({ id: news.id });
  return claimed.length > 0;
}

/** The chat could not be told yet. */
export async function releaseTelling(scope: Scope, { id }: News, chatId: number): Promise<void> {
  await scope.db
    .update(news)
    .set({ told: sql`array_remove(${news.told}, ${chatId}::bigint)` })
    .where(isNews(scope, id));
}

export async function dropNews(scope: Scope, { id }: News): Promise<void> {
  await scope.db.delete(news).where(isNews(scope, id));
}

function isNews({ homeId }: Scope, id: number) {
  return and(eq(news.homeId, homeId), eq(news.id, id));
}
