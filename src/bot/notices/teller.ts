import type { Api } from "grammy";
import { HERALD } from "../../access/actor.ts";
import { listAdminsOfBots } from "../../access/admins.ts";
import { type Repeated, repeat } from "../../background/rounds.ts";
import { bundleIn, listBundle, stateOfBundle } from "../../campaign/bundle.ts";
import { listCards } from "../../campaign/card-places.ts";
import { asListeners, isStillSo, listenersOf } from "../../campaign/news/listeners.ts";
import { type TellGroup, groupOf } from "../../campaign/news/news-settings.ts";
import { type News, dropNews, listNews } from "../../campaign/news/news.ts";
import { findCampaign } from "../../campaign/queries.ts";
import { type MissedChat, listMissed } from "../../campaign/report/sent-posts.ts";
import { getSettings, setTell, tellOf } from "../../campaign/settings.ts";
import type { Clock } from "../../clock.ts";
import { type HomeScope, scopeOf } from "../../db/scope.ts";
import type { Log } from "../../log.ts";
import type { CardKeeper } from "../cards/card-keeper.ts";
import type { Drawings } from "./drawings.ts";
import { type Told, createNewsMessages } from "./news-messages.ts";

export interface TellerDeps {
  scope: HomeScope;
  clock: Clock;
  log: Log;
  /** Only the process that may send tells anyone. */
  lease: { held(): boolean };
  api: Pick<Api, "sendMessage">;
  cards: Pick<CardKeeper, "renew" | "covered">;
  drawings: Pick<Drawings, "news" | "bundleNews" | "groupLost">;
  ownerIds: readonly number[];
  /** End of a pause that Telegram asked for; until then nobody is told anything. */
  quietUntil: () => Date | null;
  /** A group is told of campaigns, so its messages leave as early as those to admins. */
  onGroup: (chatId: number) => void;
}

/** Nobody is told that a campaign began if it was over by then. */
const BEGAN_AFTER_MS = 10_000;

const ROUND_MS = 60_000;
/** After Telegram or the database could not be reached. */
const AGAIN_MS = 5_000;

/**
 * Tells admins, and the group that they chose, what happens to campaigns; the table `news` says what is still to be told.
 * Everyone is told at most once, because it is recorded that a chat is told before its message leaves. Nudge it when
 * something has happened.
 */
export function createTeller(deps: TellerDeps): Repeated {
  const { scope, clock, log, lease, api, drawings, ownerIds } = deps;
  const messages = createNewsMessages(deps);

  /** Tells what is due. Resolves with how long to wait until the next round, in ms. */
  async function tellAll(stop: AbortSignal): Promise<number> {
    if (!lease.held()) return AGAIN_MS;
    let waitMs = ROUND_MS;
    for (const item of await listNews(scope)) {
      const now = clock.now().getTime();
      const quietMs = (deps.quietUntil()?.getTime() ?? 0) - now;
      if (stop.aborted || quietMs > 0) return Math.min(ROUND_MS, Math.max(0, quietMs));
      const aheadMs = item.what === "began" ? item.at.getTime() + BEGAN_AFTER_MS - now : 0;
      if (aheadMs > 0) waitMs = Math.min(waitMs, aheadMs);
      else if (await tellItem(item)) await dropNews(scope, item);
      else waitMs = AGAIN_MS;
    }
    return waitMs;
  }

  /** Resolves with false if somebody has to be told later. */
  async function tellItem(item: News): Promise<boolean> {
    const told = await findTold(item.campaignId);
    if (!told || !isStillSo(told, item)) return true;
    const { subject, createdBy } = told;
    const tell = tellOf(await getSettings(scope));
    const group = groupOf(tell);
    if (group) deps.onGroup(group.chatId);
    const missed = item.what === "ended" ? await missedBy(told) : [];
    // Groups and channels were chosen by name: if one was missed, the author and everyone with a card hear of it.
    const concerned =
      missed.length > 0 ? [createdBy, ...(await listCards(scope, subject)).map(({ chatId }) => chatId)] : [];
    const admins = await listAdminsOfBots(
      scope,
      ownerIds,
      told.campaigns.map(({ botId }) => botId),
    );
    const listeners = listenersOf(told, item, tell, { admins, owners: ownerIds, concerned });
    for (const listener of listeners) {
      const result = await messages.tell(told, item, listener, { silent: tell.silent, missed });
      if (result === "later") return false;
      if (result === "told") continue;
      if (listener.group) await loseGroup(told, listener.group);
      else if (item.what === "ended" && listener.chatId === createdBy)
        listeners.push(...asListeners(ownerIds));
    }
    return true;
  }

  /** The campaign or the bundle that news is about. */
  async function findTold(subject: number): Promise<Told | null> {
    const bundleId = bundleIn(subject);
    const campaign = bundleId === null ? await findCampaign(scope, subject) : null;
    const campaigns = bundleId === null ? (campaign ? [campaign] : []) : await listBundle(scope, bundleId);
    const [first] = campaigns;
    if (!first) return null;
    const state = bundleId === null ? first.state : stateOfBundle(campaigns);
    const startedAt = campaigns.find((one) => one.startedAt !== null)?.startedAt ?? null;
    return { subject, campaigns, state, createdBy: first.createdBy, startedAt };
  }

  /** Groups and channels that did not get it. Those of a bundle go to people. */
  async function missedBy({ campaigns }: Told): Promise<MissedChat[]> {
    const missed: MissedChat[] = [];
    for (const campaign of campaigns)
      missed.push(...(await listMissed(scopeOf(scope, campaign), campaign.id)));
    return missed;
  }

  /** From now on only authors are told, and the owners hear why. */
  async function loseGroup({ campaigns: [campaign] }: Told, group: TellGroup): Promise<void> {
    await setTell(scope, HERALD, { besides: "nobody" });
    if (!campaign) return;
    for (const owner of ownerIds)
      try {
        await api.sendMessage(owner, await drawings.groupLost(campaign, owner, group));
      } catch (error) {
        log.info({ err: error, owner }, "an owner could not be told");
      }
  }

  return repeat({
    clock,
    log,
    everyMs: ROUND_MS,
    againMs: AGAIN_MS,
    complaint: "what happened to campaigns cannot be told, trying again",
    work: tellAll,
  });
}
