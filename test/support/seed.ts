import { and, asc, eq } from "drizzle-orm";
import { EVERYONE } from "../../src/audience/segment.ts";
import type { Campaign } from "../../src/campaign/campaign.ts";
import { getCampaign, toCampaign } from "../../src/campaign/queries.ts";
import type { Content } from "../../src/content/content.ts";
import type { Scope } from "../../src/db/connect.ts";
import { bots, campaigns, deliveries, recipients } from "../../src/db/schema.ts";
import { claim } from "../../src/delivery/claim.ts";
import { freezeChunk } from "../../src/delivery/freeze.ts";
import { truncated } from "./database.ts";

/** The admin who does things in tests of the domain. */
export const ADMIN_ID = 7;

export const POST: Content = { kind: "text", text: "Hello", buttons: [] };

export type Person = typeof recipients.$inferSelect;
export type Delivery = typeof deliveries.$inferSelect;

/** An instant in the tests of the domain; what is compared with the database's own clock uses that instead. */
export const NOW = new Date("2026-03-02T12:00:00Z");

/** Empties every table; only the bot itself is known. */
export async function emptied({ db, botId }: Scope): Promise<void> {
  await truncated(db);
  await db.insert(bots).values({ botId });
}

/** People by id, all alike. */
export async function seedPeople(
  { db, botId }: Scope,
  ids: number[],
  alike: Partial<Person> = {},
): Promise<void> {
  for (let from = 0; from < ids.length; from += 1000)
    await db
      .insert(recipients)
      .values(ids.slice(from, from + 1000).map((chatId) => ({ botId, chatId, language: "en", ...alike })));
}

let campaignsSeeded = 0;

/** A campaign as it would stand in `state`, without the way there. */
export async function seedCampaign(
  { db, botId }: Scope,
  change: Partial<typeof campaigns.$inferInsert> = {},
): Promise<Campaign> {
  campaignsSeeded += 1;
  const [row] = await db
    .insert(campaigns)
    .values({
      botId,
      // Beyond the numbers that drafts made by the domain get.
      id: 1_000 + campaignsSeeded,
      content: POST,
      audience: EVERYONE,
      createdBy: ADMIN_ID,
      originKey: `seed-${campaignsSeeded}`,
      ...change,
    })
    .returning();
  if (!row) throw new Error("no campaign came back");
  return toCampaign(row);
}

/** A running campaign as it would be read, without a database. */
export function campaignAs(change: Partial<Campaign> = {}): Campaign {
  return {
    botId: 1,
    id: 1,
    state: "running",
    pauseReason: null,
    pauseDetail: null,
    pauseLanguage: null,
    content: POST,
    audience: { languages: "all" },
    createdBy: ADMIN_ID,
    originKey: "k",
    revision: 1,
    startsAt: NOW,
    window: null,
    latePolicy: "ask",
    lateSeconds: null,
    recurrence: null,
    seriesId: null,
    run: null,
    changes: null,
    changesRevision: null,
    agreedCount: null,
    remindedAt: null,
    startedAt: NOW,
    finishedAt: null,
    freezeCursor: 1,
    frozenAt: NOW,
    errorsWaived: false,
    incompleteWaived: false,
    total: 0,
    sent: 0,
    blocked: 0,
    deactivated: 0,
    unreachable: 0,
    failed: 0,
    skipped: 0,
    uncertain: 0,
    detailsDroppedAt: null,
    droppedTo: 0,
    createdAt: NOW,
    updatedAt: NOW,
    ...change,
  };
}

/** A running campaign to `ids`, who are seeded too and wholly frozen. */
export async function seedRunning(
  scope: Scope,
  ids: number[],
  change: Partial<typeof campaigns.$inferInsert> = {},
): Promise<number> {
  await seedPeople(scope, ids);
  const { id } = await seedCampaign(scope, { state: "running", startedAt: NOW, ...change });
  while (!(await freezeChunk(scope, id, 1000)));
  return id;
}

/** Claims everything that is due, as the dispatcher does before it sends. */
export async function claimAll(scope: Scope, campaignId: number, now = NOW) {
  return (await claim(scope, campaignId, 100_000, now)).batch;
}

export async function deliveriesOf({ db, botId }: Scope, campaignId: number): Promise<Delivery[]> {
  return db
    .select()
    .from(deliveries)
    .where(and(eq(deliveries.botId, botId), eq(deliveries.campaignId, campaignId)))
    .orderBy(asc(deliveries.seq));
}

export async function personOf({ db, botId }: Scope, chatId: number): Promise<Person | undefined> {
  const [row] = await db
    .select()
    .from(recipients)
    .where(and(eq(recipients.botId, botId), eq(recipients.chatId, chatId)));
  return row;
}

/** Statuses in the order of the ids. */
export async function statusesOf({ db, botId }: Scope): Promise<string[]> {
  const rows = await db
    .select({ status: recipients.status })
    .from(recipients)
    .where(eq(recipients.botId, botId))
    .orderBy(asc(recipients.chatId));
  return rows.map((row) => row.status);
}

/** The campaign's counters, those that are not zero. */
export async function countersOf(scope: Scope, campaignId: number): Promise<Record<string, number>> {
  const { total, sent, blocked, deactivated, unreachable, failed, skipped, uncertain } = await getCampaign(
    scope,
    campaignId,
  );
  const all = { total, sent, blocked, deactivated, unreachable, failed, skipped, uncertain };
  return Object.fromEntries(Object.entries(all).filter(([, count]) => count !== 0));
}

/** Whole numbers from `first` to `last`. */
export function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
