import { type Actor, type BotAction, authorize } from "../../access/actor.ts";
import { forNewCampaign } from "../../content/button-ids.ts";
import { type HomeScope, scopeOf } from "../../db/scope.ts";
import { DomainError } from "../../errors.ts";
import { listBundle, lockBundle, stateOfBundle, subjectOfBundle } from "../bundle.ts";
import { type Campaign, hasNotStarted } from "../campaign.ts";
import { checkBots } from "../draft-bots.ts";
import { isBotOfHome } from "../home-bots.ts";
import { insertDraft } from "../new-draft.ts";
import { type ActionKind, noteBundleAction } from "../news/news.ts";
import { lockSeries } from "../series.ts";
import { steerAll } from "../steering.ts";
import { tryCancel } from "./cancel.ts";
import { tryPause } from "./pause.ts";
import { tryResume } from "./resume.ts";

/* What is done to all campaigns of a bundle, in one transaction. Those that it does not fit stay as they are. */

/**
 * Pauses those that are running or scheduled.
 * @throws DomainError `forbidden`, `not-found`; `conflict` if there are none
 */
export async function pauseBundle(home: HomeScope, actor: Actor, bundleId: number): Promise<Campaign[]> {
  return steerBundle(home, actor, bundleId, { action: "pause", what: "paused" }, (tx, { id, botId }) =>
    tryPause(scopeOf(tx, { botId }), id),
  );
}

/**
 * Resumes those that are paused, as resume() does. One whose time has passed stays paused, because somebody has to decide.
 * @throws DomainError `forbidden`, `not-found`; `overdue`, naming the first, if that goes for all of them; `conflict` if none
 *   is paused
 */
export async function resumeBundle(
  home: HomeScope,
  actor: Actor,
  bundleId: number,
  now?: Date,
): Promise<Campaign[]> {
  return steerBundle(home, actor, bundleId, { action: "resume", what: "resumed" }, (tx, campaign) =>
    campaign.state === "paused" ? tryResume(scopeOf(tx, campaign), campaign, now) : Promise.resolve(null),
  );
}

/**
 * Cancels those that are not over. Runs of series end, and their next runs take their place, as with cancel().
 * @throws DomainError `forbidden`, `not-found`; `conflict` if all are over
 */
export async function cancelBundle(
  home: HomeScope,
  actor: Actor,
  bundleId: number,
  now: Date,
): Promise<Campaign[]> {
  return steerBundle(home, actor, bundleId, { action: "cancel", what: "cancelled" }, (tx, { id, botId }) =>
    tryCancel(scopeOf(tx, { botId }), id, now, null),
  );
}

async function steerBundle(
  home: HomeScope,
  actor: Actor,
  bundleId: number,
  { action, what }: { action: BotAction; what: ActionKind },
  move: (tx: HomeScope, campaign: Campaign) => Promise<Campaign | null>,
): Promise<Campaign[]> {
  const bots = (await listBundle(home, bundleId)).map(({ botId }) => botId);
  await authorizeAll(home, actor, action, bots);
  return steerAll(home, bots, async (tx) => {
    // As wherever both are locked: the series, then the campaigns.
    for (const campaign of await listBundle(tx, bundleId))
      await lockSeries(scopeOf(tx, campaign), campaign.id);
    const bundle = await lockBundle(tx, bundleId);
    const moved: Campaign[] = [];
    for (const campaign of bundle) {
      const after = await move(tx, campaign);
      if (after) moved.push(after);
    }
    if (moved.length === 0) throw refusal(bundle, bundleId, action);
    await noteBundleAction(tx, subjectOfBundle(bundleId), moved, what, actor);
    return moved;
  });
}

/** What is done to all of them is for those who may use all of their bots. */
async function authorizeAll(
  home: HomeScope,
  actor: Actor,
  action: BotAction,
  bots: readonly number[],
): Promise<void> {
  for (const botId of bots.length > 0 ? bots : [null]) await authorize(home, actor, { action, botId });
}

function refusal(bundle: readonly Campaign[], bundleId: number, action: BotAction): DomainError {
  if (bundle.length === 0) return new DomainError("not-found", { id: bundleId });
  const waiting = bundle.find((one) => action === "resume" && one.state === "paused" && hasNotStarted(one));
  if (waiting) return new DomainError("overdue", { id: waiting.id });
  return new DomainError("conflict", { id: bundleId, state: stateOfBundle(bundle) });
}

/**
 * A new draft of the same bots, with the same post, audience, category and hours as the first campaign of the bundle. Bots that have
 * been removed are left out. `originKey` as in NewDraft.
 * @throws DomainError `forbidden`, `not-found`
 */
export async function duplicateBundle(
  home: HomeScope,
  actor: Actor,
  bundleId: number,
  originKey: string,
): Promise<Campaign> {
  const bundle = await listBundle(home, bundleId);
  await authorizeAll(
    home,
    actor,
    "duplicate",
    bundle.map(({ botId }) => botId),
  );
  const [first] = bundle;
  if (!first) throw new DomainError("not-found", { id: bundleId });
  const left: number[] = [];
  for (const { botId } of bundle) if (await isBotOfHome(home, botId)) left.push(botId);
  const { content, audience, category, window, eachOnce } = first;
  const senders = await checkBots(home, left.length > 0 ? left : [home.homeId], audience);
  const draft = {
    content: forNewCampaign(content),
    audience,
    category,
    window,
    eachOnce,
    originKey,
    ...senders,
  };
  return insertDraft(scopeOf(home, senders), actor, draft);
}
