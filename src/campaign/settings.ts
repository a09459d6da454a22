import { eq } from "drizzle-orm";
import { type Actor, authorize } from "../access/actor.ts";
import { record } from "../access/audit.ts";
import { type HomeScope, inTransaction } from "../db/scope.ts";
import type { PostOptions } from "../content/content.ts";
import { postOptions } from "../content/stored-content.ts";
import { homes } from "../db/schema.ts";
import { DomainError } from "../errors.ts";
import { windowShape } from "../schedule/stored-schedule.ts";
import type { Window } from "../schedule/window.ts";
import type { Tell, TellGroup } from "./news/news-settings.ts";
import { either, flag, format, integer, list, nullable, object, oneOf, optional } from "../stored-json.ts";
import { type Category, categoryShape } from "./category.ts";
import type { FrequencyCap } from "./frequency-cap.ts";

/** Settings for all new campaigns of the bot. */
export interface Settings {
  /** Hours in which they may be sent; null for any. */
  window: Window | null;
  /** How their posts are sent; absent if all options are off. */
  options?: PostOptions;
  /** Who is told what happens to campaigns; absent until someone sets it. */
  tell?: Tell;
  /** The kinds of campaigns that people can leave one by one, removed ones among them. */
  categories?: Category[];
  /** How many campaigns a person gets at most; absent or null for any number. */
  cap?: FrequencyCap | null;
}

const TELL: Tell = { besides: "nobody", began: true, ended: true, deeds: true, silent: false };

export function tellOf({ tell }: Settings): Tell {
  return tell ?? TELL;
}

/** The column `settings` of homes. Missing fields come from DEFAULTS. */
const storedSettings = format<Partial<Settings>, "settings">(
  "settings",
  object<Partial<Settings>>({
    window: optional(nullable(windowShape)),
    options: optional(postOptions),
    tell: optional(
      object<Tell>({
        besides: either(
          oneOf(["nobody", "admins"]),
          object<TellGroup>({ chatId: integer, threadId: optional(integer), by: integer }),
        ),
        began: flag,
        ended: flag,
        deeds: flag,
        silent: flag,
      }),
    ),
    categories: optional(list(categoryShape)),
    cap: optional(nullable(object<FrequencyCap>({ most: integer, days: integer }))),
  }),
);

const DEFAULTS: Settings = { window: null };

export async function getSettings({ db, homeId }: HomeScope): Promise<Settings> {
  const [row] = await db.select({ settings: homes.settings }).from(homes).where(eq(homes.homeId, homeId));
  const chosen = row?.settings ? storedSettings.parse(row.settings, `home ${homeId}`) : {};
  return { ...DEFAULTS, ...chosen };
}

/** The category with this number, also a removed one; null if there was never one. */
export async function findCategory(home: HomeScope, id: number | null): Promise<Category | null> {
  if (id === null) return null;
  const { categories = [] } = await getSettings(home);
  return categories.find((one) => one.id === id) ?? null;
}

/** @throws DomainError `category-unknown` if a campaign cannot be given this category */
export async function checkCategory(home: HomeScope, id: number | null | undefined): Promise<void> {
  if (id == null) return;
  const category = await findCategory(home, id);
  if (!category || category.removed) throw new DomainError("category-unknown");
}

/**
 * Changes who is told, and how; omitted fields stay.
 * @throws DomainError `forbidden`
 */
export async function setTell(scope: HomeScope, actor: Actor, change: Partial<Tell>): Promise<void> {
  await changeSettings(scope, actor, (before) => ({ tell: { ...tellOf(before), ...change } }));
}

/**
 * Changes some of the settings; the others stay.
 * @throws DomainError `forbidden`
 */
export async function saveSettings(scope: HomeScope, actor: Actor, change: Partial<Settings>): Promise<void> {
  await changeSettings(scope, actor, () => change);
}

/**
 * Changes settings by what they are; the others stay. One change at a time, so that concurrent changes of two admins are both
 * kept.
 * @throws DomainError `forbidden`, and what `changeOf` throws
 */
export async function changeSettings(
  scope: HomeScope,
  actor: Actor,
  changeOf: (before: Settings) => Partial<Settings>,
): Promise<void> {
  await inTransaction(scope, async (tx) => {
    await authorize(tx, actor, "change-settings");
    const { db, homeId } = tx;
    await db.insert(homes).values({ homeId }).onConflictDoNothing();
    await db.select({ homeId: homes.homeId }).from(homes).where(eq(homes.homeId, homeId)).for("update");
    const before = await getSettings(tx);
    const { options = {}, ...others } = { ...before, ...changeOf(before) };
    const settings: Settings = { ...others, ...(Object.keys(options).length > 0 && { options }) };
    await db
      .update(homes)
      .set({ settings: storedSettings.store(settings) })
      .where(eq(homes.homeId, homeId));
    await record(tx, actor, "settings.changed", null);
  });
}
