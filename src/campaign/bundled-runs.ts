import { and, asc, eq, ne, sql } from "drizzle-orm";
import { campaigns } from "../db/schema.ts";
import type { Scope } from "../db/scope.ts";
import type { Campaign } from "./campaign.ts";
import { keepNumbers, lockNumbers, nextNumber } from "./numbering.ts";
import type { Series } from "./series.ts";

/** Which number a run gets, and which bundle it is in. */
type PlaceOfRun = Pick<Campaign, "id" | "bundleId" | "eachOnce" | "numbers">;

/**
 * The place of the next run of a series. Series that were confirmed together make their runs one by one. The first of them
 * reserves the numbers for all, so that the numbers follow the order of the bots, not the order in which the runs are made.
 */
export async function placeOfRun(
  tx: Scope,
  { id, bundleId, eachOnce }: Pick<Series, "id" | "bundleId" | "eachOnce">,
  run: number,
): Promise<PlaceOfRun> {
  if (bundleId === null) return { id: await nextNumber(tx), bundleId: null, eachOnce: false, numbers: null };
  await lockNumbers(tx); // so that of two that make their run at once, the second sees that of the first
  // Each series has the number of its first run, and the first runs are a bundle.
  const together = await tx.db
    .select({ botId: campaigns.botId, id: campaigns.id })
    .from(campaigns)
    .where(
      and(eq(campaigns.homeId, tx.homeId), eq(campaigns.bundleId, bundleId), ne(campaigns.state, "draft")),
    )
    .orderBy(asc(campaigns.id));
  const place = together.findIndex((one) => one.id === id);
  const made = await findMade(tx, together, run);
  if (!made) {
    const numbers = await keepNumbers(tx, [], Math.max(1, together.length));
    return { id: numbers[place] ?? numbers[0] ?? 0, bundleId: numbers[0] ?? null, eachOnce, numbers };
  }
  const kept = made.numbers?.[place];
  const isFree = kept !== undefined && !(await isTaken(tx, kept));
  return {
    id: isFree ? kept : await nextNumber(tx),
    bundleId: made.bundleId,
    eachOnce,
    numbers: made.numbers,
  };
}

/** A run with this number of one of the series, if there is one already. */
async function findMade(
  tx: Scope,
  series: readonly { botId: number; id: number }[],
  run: number,
): Promise<Pick<Campaign, "bundleId" | "numbers"> | null> {
  for (const { botId, id } of series) {
    const [row] = await tx.db
      .select({ bundleId: campaigns.bundleId, numbers: campaigns.numbers })
      .from(campaigns)
      .where(
        and(
          eq(campaigns.botId, botId),
          eq(campaigns.seriesId, id),
          eq(campaigns.run, run),
          sql`${campaigns.bundleId} is not null`,
        ),
      )
      .limit(1);
    if (row) return row;
  }
  return null;
}

/** A bot may have been removed since the numbers were taken, and the others moved up. */
async function isTaken({ db, homeId }: Scope, id: number): Promise<boolean> {
  const rows = await db
    .select({ id: campaigns.id })
    .from(campaigns)
    .where(and(eq(campaigns.homeId, homeId), eq(campaigns.id, id)));
  return rows.length > 0;
}
