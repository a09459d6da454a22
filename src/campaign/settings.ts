import { eq } from "drizzle-orm";
import { type Scope, inTransaction } from "../db/connect.ts";
import type { PostOptions } from "../content/content.ts";
import { bots } from "../db/schema.ts";
import type { Window } from "../schedule/window.ts";
import { record } from "./audit.ts";

/** What admins set for all new campaigns of the bot. */
export interface Settings {
  /** Hours in which they may be sent; null means any. */
  window: Window | null;
  /** How their posts are sent; absent when nothing is asked for. */
  options?: PostOptions;
}

const DEFAULTS: Settings = { window: null };

export async function getSettings({ db, botId }: Scope): Promise<Settings> {
  const [row] = await db.select({ settings: bots.settings }).from(bots).where(eq(bots.botId, botId));
  return { ...DEFAULTS, ...(row?.settings as Partial<Settings> | null | undefined) };
}

/** An admin sets some of them; the others stay. */
export async function saveSettings(scope: Scope, change: Partial<Settings>, actorId: number): Promise<void> {
  await inTransaction(scope, async (tx) => {
    const { db, botId } = tx;
    const { options = {}, ...others } = { ...(await getSettings(tx)), ...change };
    const settings: Settings = { ...others, ...(Object.keys(options).length > 0 && { options }) };
    await db
      .insert(bots)
      .values({ botId, settings })
      .onConflictDoUpdate({ target: bots.botId, set: { settings } });
    await record(tx, actorId, "settings.changed", null);
  });
}
