import { nameTargets } from "../../audience/chats.ts";
import type { ChatTarget } from "../../audience/chats.ts";
import { nameOf } from "../../access/admins.ts";
import { isBundleOver, stateOfBundle } from "../../campaign/bundle.ts";
import { type Campaign, isOver } from "../../campaign/campaign.ts";
import type { News } from "../../campaign/news/news.ts";
import type { MissedChat } from "../../campaign/report/sent-posts.ts";
import { factsOfSeries } from "../../campaign/series.ts";
import type { TellGroup } from "../../campaign/news/news-settings.ts";
import type { EventTypes } from "../../events.ts";
import { findWebhook, nameOfWebhook } from "../../webhooks/webhook-actions.ts";
import { ownScope, scopeOf } from "../../db/scope.ts";
import type { CardView } from "../../db/states.ts";
import type { Trouble } from "../../db/troubles.ts";
import { bundleNewsLine, newsLine } from "./news-words.ts";
import { type Notice, NOTICES, missedLines } from "./notices.ts";
import { paceOf } from "../ui/sender-pace.ts";
import { contentLines } from "../ui/post-summary.ts";
import { type Loss, lossText, troubleText } from "./trouble-words.ts";
import { moment } from "../ui/words.ts";
import type { Drawing } from "../ui/card.ts";
import { drawBundle } from "../cards/draw-bundle.ts";
import { nameSubject } from "../ui/bundle-words.ts";
import { type CardDeps, drawCard, reachNow } from "../cards/draw-card.ts";
import { type ReadersDeps, createReaders } from "./readers.ts";

export type LostWebhook = EventTypes["webhookDisabled"];
export type SlowWebhook = EventTypes["webhookBehind"];

/** What admins are shown and told outside of an update, in their language and zone. */
export interface Drawings {
  card(campaign: Campaign, chatId: number, view: CardView): Promise<Drawing>;
  bundle(bundle: readonly Campaign[], chatId: number, view: CardView): Promise<Drawing>;
  /** The text that replaces a card once it is further down. */
  pointer(subject: number, chatId: number): Promise<string>;
  /** Tells an admin what the engine did or found, with the buttons of the card. */
  notice(campaign: Campaign, chatId: number, what: Notice, missed: readonly MissedChat[]): Promise<Drawing>;
  /** Tells an admin what happened to a campaign, and which groups and channels it `missed`. */
  news(campaign: Campaign, chatId: number, item: News, missed: readonly MissedChat[]): Promise<Drawing>;
  /** Tells an admin what happened to campaigns that were confirmed together. */
  bundleNews(bundle: readonly Campaign[], chatId: number, item: News): Promise<Drawing>;
  /** Tells an owner that a group can no longer be told. */
  groupLost(campaign: Campaign, chatId: number, group: TellGroup): Promise<string>;
  /** Tells an owner of a trouble; while the database is away, in the language that they had last. */
  trouble(trouble: Trouble, until: Date | null, chatId: number): Promise<string>;
  /** Tells an owner that the database went back to an older state. */
  loss(loss: Loss, chatId: number): Promise<string>;
  /** Tells an owner that a webhook is disabled. */
  webhookLost(webhook: LostWebhook, chatId: number): Promise<string>;
  /** Tells an owner that events for a webhook are given up. */
  webhookBehind(webhook: SlowWebhook, chatId: number): Promise<string>;
}

export type DrawingsDeps = CardDeps & ReadersDeps;

export function createDrawings(deps: DrawingsDeps): Drawings {
  const { scope, status } = deps;
  const { readerIn, readerNow } = createReaders(deps);

  async function named(
    campaign: Campaign,
    missed: readonly MissedChat[],
  ): Promise<{ name: string; reason: string }[]> {
    const names = await nameTargets(scopeOf(scope, campaign), missed.map(targetOf));
    return missed.map(({ reason }, index) => ({ name: names[index] ?? "", reason }));
  }

  async function hostNow(webhookId: number): Promise<string> {
    const webhook = await findWebhook(scope, webhookId);
    return webhook ? nameOfWebhook(webhook) : String(webhookId);
  }

  return {
    async card(campaign, chatId, view) {
      const reader = await readerIn(chatId);
      const isReport = view === "report" && campaign.state === "finished";
      const headline = isReport ? newsLine(campaign, "ended", "", null, reader) : undefined;
      const reachable = await reachNow(deps, campaign, reader.now);
      return drawCard(deps, campaign, { ...reader, chatId }, view, reachable, headline);
    },
    async bundle(bundle, chatId, view) {
      const reader = await readerIn(chatId);
      const isReport = view === "report" && stateOfBundle(bundle) === "finished";
      const headline = isReport ? bundleNewsLine(bundle, "ended", "", reader) : undefined;
      return drawBundle(deps, bundle, reader, view, headline);
    },
    async pointer(subject, chatId) {
      const { t } = await readerIn(chatId);
      return t("card-elsewhere", { id: await nameSubject(scope, subject), where: "below" });
    },
    async notice(campaign, chatId, what, missed) {
      const reader = await readerIn(chatId);
      const { t, now, timezone, locale } = reader;
      const reachable = await reachNow(deps, campaign, reader.now);
      const { keyboard } = await drawCard(deps, campaign, { ...reader, chatId }, "card", reachable);
      const due = campaign.startsAt ? moment(campaign.startsAt, now, timezone, locale) : "";
      const chats = await named(campaign, missed);
      const text = NOTICES[what](t, campaign, {
        rate: paceOf(status(), campaign).rate.now,
        due,
        reachable: reachable ?? 0,
        chats,
      });
      return { text, keyboard };
    },
    async news(campaign, chatId, item, missed) {
      const reader = await readerIn(chatId);
      const { t } = reader;
      const series = await factsOfSeries(scope, campaign, reader.now);
      const by = item.actorId === null ? "" : await nameOf(scope, item.actorId);
      const line = newsLine(campaign, item.what, by, series, reader);
      const reachable = await reachNow(deps, campaign, reader.now);
      const report = await drawCard(deps, campaign, { ...reader, chatId }, "card", reachable, line);
      if (missed.length > 0)
        return {
          ...report,
          text: [line, ...missedLines(t, campaign, await named(campaign, missed))].join("\n"),
        };
      // Once it is over, the whole report is sent; before that, only which campaign this is about.
      return isOver(campaign.state) && campaign.startedAt
        ? report
        : { ...report, text: [line, ...contentLines(t, campaign.content)].join("\n") };
    },
    async bundleNews(bundle, chatId, item) {
      const reader = await readerIn(chatId);
      const by = item.actorId === null ? "" : await nameOf(scope, item.actorId);
      const line = bundleNewsLine(bundle, item.what, by, reader);
      const report = await drawBundle(deps, bundle, reader, "card", line);
      const [first] = bundle;
      return isBundleOver(bundle) || !first
        ? report
        : { ...report, text: [line, ...contentLines(reader.t, first.content)].join("\n") };
    },
    async groupLost({ id }, chatId, { chatId: group, threadId }) {
      const { t } = await readerIn(chatId);
      const [name = ""] = await nameTargets(ownScope(scope), [
        targetOf({ chatId: group, threadId: threadId ?? null }),
      ]);
      return t("told-group-lost", { id: String(id), group: name });
    },
    trouble: async (trouble, until, chatId) => troubleText(trouble, until, await readerNow(chatId)),
    loss: async (loss, chatId) => lossText(loss, await readerNow(chatId)),
    async webhookLost({ webhookId, why }, chatId) {
      const { t } = await readerIn(chatId);
      return t(`webhook-disabled-${why}`, { host: await hostNow(webhookId) });
    },
    async webhookBehind({ webhookId, count }, chatId) {
      const { t } = await readerIn(chatId);
      return t("webhook-behind", { host: await hostNow(webhookId), count });
    },
  };
}

function targetOf({ chatId, threadId }: Pick<MissedChat, "chatId" | "threadId">): ChatTarget {
  return threadId === null ? { chatId } : { chatId, threadId };
}
