import { and, eq } from "drizzle-orm";
import type { HomeScope } from "../db/scope.ts";
import { preferences } from "../db/schema.ts";

/** The IANA zone that an admin chose; null if they have not chosen one. */
export async function timezoneOf({ db, homeId }: HomeScope, userId: number): Promise<string | null> {
  const [row] = await db
    .select({ timezone: preferences.timezone })
    .from(preferences)
    .where(and(eq(preferences.homeId, homeId), eq(preferences.userId, userId)));
  return row?.timezone ?? null;
}

export async function setTimezone(
  { db, homeId }: HomeScope,
  userId: number,
  timezone: string,
): Promise<void> {
  await db
    .insert(preferences)
    .values({ homeId, userId, timezone })
    .onConflictDoUpdate({ target: [preferences.homeId, preferences.userId], set: { timezone } });
}
