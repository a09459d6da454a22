import { type Api, GrammyError, HttpError } from "grammy";
import { HERALD } from "../../access/actor.ts";
import { listAdminIds } from "../../access/admins.ts";
import { repeat } from "../../background/rounds.ts";
import type { Service } from "../../background/service.ts";
import type { Campaign } from "../../campaign/campaign.ts";
import { listCards } from "../../campaign/card-places.ts";
import { type Listener, asListeners, isStillSo, listenersOf } from "../../campaign/news/listeners.ts";
import { type News, claimTelling, dropNews, listNews, releaseTelling } from "../../campaign/news/news.ts";
import { type MissedChat, listMissed } from "../../campaign/report/sent-posts.ts";
import { findCampaign } from "../../campaign/queries.ts";
import { type TellGroup, getSettings, groupOf, setTell, tellOf } from "../../campaign/settings.ts";
import { followSupergroup } from "../../campaign/supergroup.ts";
import type { Clock } from "../../clock.ts";
import type { Scope } from "../../db/scope.ts";
import type { Log } from "../../log.ts";
import { type RefusalClass, classify } from "../../telegram/outcome.ts";
import type { CardKeeper } from "../cards/card-keeper.ts";
import type { Drawing } from "../ui/card.ts";
import type { Notice } from "./notices.ts";

/**
 * Tells admins in messages what happens to campaigns; the cards are the reporter's. What is to be told lies in the table
 * `news`. Everybody is told once at most: that they are is written before the message leaves.
 */
export interface Teller extends Service {
  /** Something happened, and is told soon. */
  nudge(): void;
  /**
   * Tells the author of a campaign, and the admins who hold a card of it, what the engine did or found by itself, and in
   * which `chats` (groups and channels); not those of `except`, who hear of it otherwise. Never rejects.
   */
  tell(
    campaignId: number,
    what: Notice,
    about?: { chats?: readonly MissedChat[]; except?: readonly number[] },
  ): Promise<void>;
}

export interface TellerDeps {
  scope: Scope;
  clock: Clock;
  log: Log;
  /** Only the process that may send tells anyone. */
  lease: { held(): boolean };
  api: Pick<Api, "sendMessage">;
  cards: Pick<CardKeeper, "renew" | "covered">;
  ownerIds: readonly number[];
  /** End of a pause that Telegram asked for; until then nothing is told. */
  quietUntil: () => Date | null;
  words: TellerWords;
  /** A group is told of campaigns; its messages leave as early as those to admins. */
  onGroup: (chatId: number) => void;
}

/** What is said, in the language and the zone of an admin, with the buttons of the card. */
export interface TellerWords {
  notice(campaign: Campaign, reader: number, what: Notice, chats: readonly MissedChat[]): Promise<Drawing>;
  /** `missed` are the groups and channels that it did not get into. */
  news(campaign: Campaign, reader: number, item: News, missed: readonly MissedChat[]): Promise<Drawing>;
  /** That group is told no more. */
  groupLost(campaign: Campaign, reader: number, group: TellGroup): Promise<string>;
}

/** A campaign that is over by then is not said to have begun. */
const BEGAN_AFTER_MS = 10_000;

const LOOK_MS = 60_000;
/** After Telegram or the database could not be reached. */
const AGAIN_MS = 5_000;

export function createTeller(deps: TellerDeps): Teller {
  const { scope, clock, log, lease, api, cards, ownerIds, words } = deps;
  const loop = repeat({
    clock,
    log,
    everyMs: LOOK_MS,
    againMs: AGAIN_MS,
    complaint: "what happened to campaigns cannot be told, trying again",
    work: tellAll,
  });

  /** Tells what is due. Resolves with how long to wait until the next look, in ms. */
  async function tellAll(stop: AbortSignal): Promise<number> {
    if (!lease.held()) return AGAIN_MS;
    let waitMs = LOOK_MS;
    for (const item of await listNews(scope)) {
      const now = clock.now().getTime();
      const quietMs = (deps.quietUntil()?.getTime() ?? 0) - now;
      if (stop.aborted || quietMs > 0) return Math.min(LOOK_MS, Math.max(0, quietMs));
      const aheadMs = item.what === "began" ? item.at.getTime() + BEGAN_AFTER_MS - now : 0;
      if (aheadMs > 0) waitMs = Math.min(waitMs, aheadMs);
      else if (!(await tellItem(item))) waitMs = AGAIN_MS;
    }
    return waitMs;
  }

  /** Resolves false when somebody is to be told later. */
  async function tellItem(item: News): Promise<boolean> {
    const campaign = await findCampaign(scope, item.campaignId);
    if (campaign && isStillSo(campaign, item)) {
      const { id, createdBy } = campaign;
      const tell = tellOf(await getSettings(scope));
      const group = groupOf(tell);
      if (group) deps.onGroup(group.chatId);
      const missed = item.what === "ended" ? await listMissed(scope, id) : [];
      // Each of these was chosen by name: the author and those with a card hear of it, whatever they look at.
      const concerned =
        missed.length > 0 ? [createdBy, ...(await listCards(scope, id)).map(({ chatId }) => chatId)] : [];
      const admins = await listAdminIds(scope, ownerIds);
      const listeners = listenersOf(campaign, item, tell, { admins, owners: ownerIds, concerned });
      for (const listener of listeners) {
        const told = await tellOne(campaign, item, tell.silent, listener, missed);
        if (told === "later") return false;
        if (told === "told") continue;
        if (listener.group) await loseGroup(campaign, listener.group);
        else if (item.what === "ended" && listener.chatId === createdBy)
          listeners.push(...asListeners(ownerIds));
      }
    }
    await dropNews(scope, item);
    return true;
  }

  async function tellOne(
    campaign: Campaign,
    item: News,
    silent: boolean,
    listener: Listener,
    missed: readonly MissedChat[],
  ): Promise<"told" | "refused" | "later"> {
    const { chatId, reader, group } = listener;
    // First: a process that dies behind it leaves one untold, and tells nobody twice.
    if (!(await claimTelling(scope, item, chatId))) return "told";
    try {
      // The card itself, sent anew, says that a campaign began or how it ended: it stays the last message.
      if (item.what === "began" && !group) await cards.renew(campaign.id, chatId, silent);
      else if (item.what === "ended" && !group && missed.length === 0)
        await cards.renew(campaign.id, chatId, silent, "report");
      else {
        const hasCard = item.what !== "ended" && (await holdsCard(campaign, chatId));
        await send(listener, await words.news(campaign, reader, item, missed), silent, hasCard);
        if (hasCard) cards.covered(chatId, campaign.id);
      }
      return "told";
    } catch (error) {
      const facts = { err: error, campaign: item.campaignId, what: item.what, chat: chatId };
      const fate = await fateOf(error, group);
      log.info(
        facts,
        fate === "later"
          ? "somebody is told of a campaign later"
          : "somebody could not be told of a campaign",
      );
      if (fate === "later") await releaseTelling(scope, item, chatId);
      return fate;
    }
  }

  async function holdsCard({ id }: Campaign, chatId: number): Promise<boolean> {
    return (await listCards(scope, id)).some((card) => card.chatId === chatId);
  }

  /** In a group nobody can steer campaigns, so there are no buttons. A card that has them goes below the message. */
  async function send(
    { chatId, group }: Listener,
    { text, keyboard }: Drawing,
    silent: boolean,
    hasCard: boolean,
  ): Promise<void> {
    await api.sendMessage(chatId, text, {
      ...(!group && !hasCard && { reply_markup: keyboard }),
      ...(group?.threadId !== undefined && { message_thread_id: group.threadId }),
      ...(silent && { disable_notification: true }),
    });
  }

  /** What becomes of a message that failed. What may have arrived is not sent again. */
  async function fateOf(error: unknown, group: TellGroup | undefined): Promise<"told" | "refused" | "later"> {
    if (!(error instanceof GrammyError || error instanceof HttpError)) return "later";
    const outcome = classify(error);
    switch (outcome.type) {
      case "refused":
        if (outcome.class === "unauthorized") return "later";
        return OUT_OF_REACH.has(outcome.class) ? "refused" : "told"; // else another try would be refused, too
      case "migrated":
        if (group) await followSupergroup(scope, group.chatId, outcome.toChatId);
        return "later";
      case "uncertain":
        return "told";
      default:
        return "later";
    }
  }

  /** Nobody is told there from now on but authors, and the owners hear of it. */
  async function loseGroup(campaign: Campaign, group: TellGroup): Promise<void> {
    await setTell(scope, HERALD, { besides: "nobody" });
    for (const owner of ownerIds)
      try {
        await api.sendMessage(owner, await words.groupLost(campaign, owner, group));
      } catch (error) {
        log.info({ err: error, owner }, "an owner could not be told");
      }
  }

  return {
    start: loop.start,
    nudge: loop.nudge,
    async tell(campaignId, what, { chats = [], except = [] } = {}) {
      try {
        const campaign = await findCampaign(scope, campaignId);
        if (!campaign) return;
        const admins = await listAdminIds(scope, ownerIds);
        const holders = (await listCards(scope, campaign.id)).map(({ chatId }) => chatId);
        const people = [campaign.createdBy, ...holders].filter((id) => admins.includes(id));
        // Somebody has to hear of it.
        const told = new Set(people.length > 0 ? people : ownerIds);
        for (const id of except) told.delete(id);
        for (const id of told) await tellNotice(campaign, id, what, chats);
      } catch (error) {
        log.warn({ err: error, campaign: campaignId }, "not all admins could be told");
      }
    },
    stop: loop.stop,
  };

  async function tellNotice(
    campaign: Campaign,
    chatId: number,
    what: Notice,
    chats: readonly MissedChat[],
  ): Promise<void> {
    try {
      const { text, keyboard } = await words.notice(campaign, chatId, what, chats);
      await api.sendMessage(chatId, text, { reply_markup: keyboard });
    } catch (error) {
      log.warn({ err: error, campaign: campaign.id, chat: chatId }, "an admin could not be told");
    }
  }
}

/** The bot cannot write there, whatever it writes. */
const OUT_OF_REACH: ReadonlySet<RefusalClass> = new Set([
  "blocked",
  "deactivated",
  "unreachable",
  "chat-lost",
  "no-rights",
  "topic-closed",
]);
