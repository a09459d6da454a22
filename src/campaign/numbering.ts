import { sql } from "drizzle-orm";
import type { HomeScope } from "../db/scope.ts";
import { homes } from "../db/schema.ts";

/* The numbers of campaigns: 1, 2, 3 … for each home. A sequence would skip 32 of them after a crash. */

/** Locks the home's numbers to the end of the transaction, so that campaigns created at the same time wait. */
export async function lockNumbers({ db, homeId }: HomeScope): Promise<void> {
  await db.insert(homes).values({ homeId }).onConflictDoUpdate({ target: homes.homeId, set: { homeId } });
}

/** Takes the next number, and locks them as above. */
export async function nextNumber({ db, homeId }: HomeScope): Promise<number> {
  const [row] = await db
    .insert(homes)
    .values({ homeId, lastCampaign: 1 })
    .onConflictDoUpdate({ target: homes.homeId, set: { lastCampaign: sql`${homes.lastCampaign} + 1` } })
    .returning({ number: homes.lastCampaign });
  if (!row) throw new Error("an upsert returned no row");
  return row.number;
}

/** Takes further numbers until there are `count`, for campaigns that are made later. */
export async function keepNumbers(tx: HomeScope, kept: readonly number[], count: number): Promise<number[]> {
  const numbers = [...kept];
  while (numbers.length < count) numbers.push(await nextNumber(tx));
  return numbers;
}
