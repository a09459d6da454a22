import { and, eq } from "drizzle-orm";
import type { Scope } from "../db/connect.ts";
import { preferences } from "../db/schema.ts";

/** The IANA zone that an admin chose; null when they chose none yet. */
export async function timezoneOf({ db, botId }: Scope, userId: number): Promise<string | null> {
  const [row] = await db
    .select({ timezone: preferences.timezone })
    .from(preferences)
    .where(and(eq(preferences.botId, botId), eq(preferences.userId, userId)));
  return row?.timezone ?? null;
}

export async function setTimezone({ db, botId }: Scope, userId: number, timezone: string): Promise<void> {
  await db
    .insert(preferences)
    .values({ botId, userId, timezone })
    .onConflictDoUpdate({ target: [preferences.botId, preferences.userId], set: { timezone } });
}
