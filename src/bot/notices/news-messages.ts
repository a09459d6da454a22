import { type Api, GrammyError, HttpError } from "grammy";
import type { Campaign } from "../../campaign/campaign.ts";
import { listCards } from "../../campaign/card-places.ts";
import { bundleIn } from "../../campaign/bundle.ts";
import type { Listener, NewsSubject } from "../../campaign/news/listeners.ts";
import { type News, claimTelling, releaseTelling } from "../../campaign/news/news.ts";
import type { MissedChat } from "../../campaign/report/sent-posts.ts";
import type { TellGroup } from "../../campaign/news/news-settings.ts";
import { followSupergroup } from "../../campaign/supergroup.ts";
import { type HomeScope, ownScope } from "../../db/scope.ts";
import type { Log } from "../../log.ts";
import { type RefusalClass, classify } from "../../telegram/outcome.ts";
import type { CardKeeper } from "../cards/card-keeper.ts";
import type { Drawing } from "../ui/card.ts";
import type { Drawings } from "./drawings.ts";

/** Tells one chat what happened to a campaign, at most once. */
export interface NewsMessages {
  /**
   * `told`: the message has arrived or may have, or another try would be refused as well. `refused`: the bot cannot write
   * to the chat. `later`: it did not arrive, and the chat has to be told again. `missed` are the groups and channels that
   * did not get the post. @throws if the database is away
   */
  tell(told: Told, item: News, listener: Listener, options: TellOptions): Promise<TellResult>;
}

/** What is told of: a campaign, or campaigns that were confirmed together. */
export interface Told extends NewsSubject {
  /** As in `news.campaign_id`. */
  subject: number;
  campaigns: readonly Campaign[];
}

export interface TellOptions {
  silent: boolean;
  missed: readonly MissedChat[];
}

export type TellResult = "told" | "refused" | "later";

export interface NewsMessagesDeps {
  scope: HomeScope;
  log: Log;
  api: Pick<Api, "sendMessage">;
  cards: Pick<CardKeeper, "renew" | "covered">;
  drawings: Pick<Drawings, "news" | "bundleNews">;
}

export function createNewsMessages(deps: NewsMessagesDeps): NewsMessages {
  const { scope, log, api, cards, drawings } = deps;

  async function send(told: Told, item: News, listener: Listener, options: TellOptions): Promise<void> {
    const { subject } = told;
    const { chatId, reader, group } = listener;
    const { silent, missed } = options;
    // A card that is sent again says itself that the campaign began, why it is on hold or how it ended, and stays the last
    // message.
    if ((item.what === "began" || item.what === "restored") && !group)
      return cards.renew(subject, chatId, silent);
    if (item.what === "ended" && !group && missed.length === 0)
      return cards.renew(subject, chatId, silent, "report");
    const hasCard = item.what !== "ended" && (await holdsCard(subject, chatId));
    const { text, keyboard } = await draw(told, reader, item, missed);
    await sendText(listener, { text, keyboard }, silent, hasCard);
    if (hasCard) cards.covered(chatId, subject);
  }

  async function draw(
    { subject, campaigns }: Told,
    reader: number,
    item: News,
    missed: readonly MissedChat[],
  ): Promise<Drawing> {
    const [first] = campaigns;
    return bundleIn(subject) === null && first
      ? drawings.news(first, reader, item, missed)
      : drawings.bundleNews(campaigns, reader, item);
  }

  async function holdsCard(subject: number, chatId: number): Promise<boolean> {
    return (await listCards(scope, subject)).some((card) => card.chatId === chatId);
  }

  /** Nobody can control campaigns from a group, so there are no buttons. A card that has them moves below the message. */
  async function sendText(
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

  /** What a failed call means for the chat. A message that may have arrived is not sent again. */
  async function resultOf(error: unknown, group: TellGroup | undefined): Promise<TellResult> {
    if (!(error instanceof GrammyError || error instanceof HttpError)) return "later";
    const outcome = classify(error);
    switch (outcome.type) {
      case "refused":
        if (outcome.class === "unauthorized") return "later";
        return OUT_OF_REACH.has(outcome.class) ? "refused" : "told";
      case "migrated":
        if (group) await followSupergroup(ownScope(scope), group.chatId, outcome.toChatId);
        return "later";
      case "uncertain":
        return "told";
      default:
        return "later";
    }
  }

  return {
    async tell(told, item, listener, options) {
      const { chatId, group } = listener;
      // Written first: if the process dies behind it, one chat is not told, but none is told twice.
      if (!(await claimTelling(scope, item, chatId))) return "told";
      try {
        await send(told, item, listener, options);
        return "told";
      } catch (error) {
        const result = await resultOf(error, group);
        log.info(
          { err: error, campaign: item.campaignId, what: item.what, chat: chatId },
          result === "later"
            ? "somebody is told of a campaign later"
            : "somebody could not be told of a campaign",
        );
        if (result === "later") await releaseTelling(scope, item, chatId);
        return result;
      }
    },
  };
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
