import type { Actor } from "../access/actor.ts";
import type { Share } from "../audience/segment/joint-count.ts";
import { campaigns } from "../db/schema.ts";
import { type HomeScope, type Scope, scopeOf } from "../db/scope.ts";
import { botsOf, subjectOfBundle } from "./bundle.ts";
import { tellWebhooks } from "./campaign-event.ts";
import type { Campaign } from "./campaign.ts";
import { type Plan, checkPlaces, moveToScheduled } from "./confirm-draft.ts";
import { holdBot } from "./home-bots.ts";
import { toColumns } from "./json-columns.ts";
import { noteBundleAction } from "./news/news.ts";
import { keepNumbers, lockNumbers } from "./numbering.ts";
import { toCampaign } from "./queries.ts";
import { startSeries } from "./series.ts";
import { checkTime } from "./start-time.ts";
import { steerAll } from "./steering.ts";

/**
 * Confirms a draft of several bots: it becomes the campaign of the first, and each other bot gets one of its own, with the
 * numbers after it and the same time, which is now if there is none. All of them, or none. Returns the first. `shares` is what was confirmed, by bot.
 * @throws DomainError `conflict`, `changed`, `bot-unknown`; `past`, `too-far`, `too-many`
 */
export async function confirmBundle(
  home: HomeScope,
  actor: Actor,
  draft: Campaign,
  shares: readonly Share[],
  { startsAt, now, mostScheduled }: Omit<Plan, "agreedCount" | "startsAt"> & { startsAt: Date | null },
): Promise<Campaign> {
  const bots = botsOf(draft);
  const agreed = new Map(shares.map(({ botId, sends }) => [botId, sends]));
  if (startsAt) checkTime(startsAt, now);
  return steerAll(home, bots, async (tx) => {
    // Always in this order, as wherever both are locked: the bots, then the numbers.
    for (const botId of bots.toSorted((a, b) => a - b)) await holdBot(scopeOf(tx, { botId }));
    await lockNumbers(tx);
    if (startsAt) for (const botId of bots) await checkPlaces(scopeOf(tx, { botId }), mostScheduled);
    const numbers = await keepNumbers(tx, draft.numbers ?? [], bots.length - 1);
    const first = await moveToScheduled(scopeOf(tx, draft), draft, {
      startsAt: startsAt ?? now,
      agreedCount: agreed.get(draft.botId) ?? 0,
      bots: null,
      numbers: null,
      bundleId: draft.id,
    });
    const bundle = [first];
    for (const [index, botId] of bots.slice(1).entries()) {
      const scope = scopeOf(tx, { botId });
      const id = numbers[index] ?? 0;
      bundle.push(await insertLike(scope, first, { id, agreedCount: agreed.get(botId) ?? 0 }));
    }
    await noteBundleAction(tx, subjectOfBundle(draft.id), bundle, "confirmed", actor);
    for (const campaign of bundle)
      if (campaign.recurrence) await startSeries(scopeOf(tx, campaign), campaign, campaign.recurrence);
    return first;
  });
}

/** Makes the campaign of another bot: as the first, which has just been confirmed. */
async function insertLike(
  tx: Scope,
  first: Campaign,
  own: Pick<Campaign, "id" | "agreedCount">,
): Promise<Campaign> {
  const { content, audience, category, window, recurrence, latePolicy, startsAt, createdBy } = first;
  const { bundleId, eachOnce, codePool, codeRound } = first;
  const [row] = await tx.db
    .insert(campaigns)
    .values({
      homeId: tx.homeId,
      botId: tx.botId,
      ...own,
      ...toColumns({ content, audience, window, recurrence }),
      category,
      state: "scheduled",
      startsAt,
      latePolicy,
      createdBy,
      bundleId,
      eachOnce,
      codePool,
      codeRound,
      originKey: `bundle:${bundleId}:${tx.botId}`,
    })
    .returning();
  if (!row) throw new Error("an insert returned no row");
  await tellWebhooks(tx, row);
  return toCampaign(row);
}
