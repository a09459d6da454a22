import { and, asc, eq } from "drizzle-orm";
import type { Actor } from "../../src/access/actor.ts";
import { EVERYONE } from "../../src/audience/segment/audience.ts";
import type { Campaign } from "../../src/campaign/campaign.ts";
import { storedStep } from "../../src/campaign/step-plan.ts";
import { toColumns } from "../../src/campaign/json-columns.ts";
import { getCampaign, toCampaign } from "../../src/campaign/queries.ts";
import type { Series } from "../../src/campaign/series.ts";
import { withButtonIds } from "../../src/content/button-ids.ts";
import type { Content } from "../../src/content/content.ts";
import type { Scope } from "../../src/db/scope.ts";
import { campaigns, deliveries, homes, recipients, senders, series } from "../../src/db/schema.ts";
import { claim } from "../../src/delivery/claim/claim.ts";
import { freezeChunk } from "../../src/delivery/freeze/freeze-chunk.ts";
import { truncated } from "./database.ts";

/** The admin in tests of the domain. */
export const ADMIN_ID = 7;
export const ADMIN = ownerActor(ADMIN_ID);

/** May do everything, and need not be listed. */
export function ownerActor(userId: number): Actor {
  return { type: "admin", userId, owner: true };
}

export const POST: Content = { kind: "text", text: "Hello", buttons: [] };

export type Person = typeof recipients.$inferSelect;
export type Delivery = typeof deliveries.$inferSelect;

/** The current time in tests of the domain, except where they compare with the database's clock. */
export const NOW = new Date("2026-03-02T12:00:00Z");

/** Empties every table, then adds the home and its bot. */
export async function emptied({ db, homeId, botId }: Scope): Promise<void> {
  await truncated(db);
  await db.insert(homes).values({ homeId });
  await db.insert(senders).values({ botId, homeId });
}

/** Adds people with these ids, all alike. */
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

/** Inserts a campaign directly in its state, without the transitions that lead there. */
export async function seedCampaign(
  { db, homeId, botId }: Scope,
  { step, ...change }: Partial<Campaign> = {},
): Promise<Campaign> {
  campaignsSeeded += 1;
  const [row] = await db
    .insert(campaigns)
    .values({
      homeId,
      botId,
      // Higher than the numbers that the domain gives to drafts.
      id: 1_000 + campaignsSeeded,
      createdBy: ADMIN_ID,
      originKey: `seed-${campaignsSeeded}`,
      ...toColumns({ audience: EVERYONE, ...change, content: withButtonIds(change.content ?? POST) }),
      ...(step && { step: storedStep.store(step) }),
    })
    .returning();
  if (!row) throw new Error("no campaign came back");
  return toCampaign(row);
}

/** Inserts a series as it stands after its first run. */
export async function seedSeries(
  { db, botId }: Scope,
  change: Pick<Series, "recurrence" | "lastAt"> & Partial<Series>,
): Promise<void> {
  const made = { botId, id: 1, content: POST, audience: EVERYONE, createdBy: ADMIN_ID, made: 1 };
  await db.insert(series).values(toColumns({ ...made, ...change }));
}

/** A running campaign, without a database. */
export function campaignAs(change: Partial<Campaign> = {}): Campaign {
  return {
    homeId: 1,
    botId: 1,
    id: 1,
    state: "running",
    pauseReason: null,
    pauseDetail: null,
    pauseLanguage: null,
    content: POST,
    audience: { languages: "all" },
    category: null,
    departed: 0,
    createdBy: ADMIN_ID,
    originKey: "k",
    originDigest: null,
    revision: 1,
    contentRevision: 1,
    startsAt: NOW,
    window: null,
    latePolicy: "ask",
    lateSeconds: null,
    cancelReason: null,
    recurrence: null,
    seriesId: null,
    run: null,
    changes: null,
    welcomeFor: null,
    step: null,
    joinedCursor: null,
    bots: null,
    numbers: null,
    bundleId: null,
    eachOnce: false,
    codePool: null,
    codeRound: 0,
    codesReturnedAt: null,
    changesRevision: null,
    previewFaults: null,
    agreedCount: null,
    remindedAt: null,
    startedAt: NOW,
    finishedAt: null,
    freezeCursor: 1,
    frozenAt: NOW,
    ungathered: 0,
    idleSeconds: 0,
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

/** Adds people with these ids, and a running campaign to them whose audience is completely frozen. */
export async function seedRunning(
  scope: Scope,
  ids: number[],
  change: Partial<Campaign> = {},
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

/** The campaign's counters that are not zero. */
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
