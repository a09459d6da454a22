import type { InlineKeyboardMarkup } from "grammy/types";
import { nameTargets } from "../audience/chats.ts";
import { languageOf } from "../audience/recipient.ts";
import { type ChatTarget, countAudience, isForChats } from "../audience/segment.ts";
import { type Campaign, hasNotStarted, isOver } from "../campaign/campaign.ts";
import { type MissedChat, listPosts } from "../campaign/posts.ts";
import { timezoneOf } from "../campaign/preferences.ts";
import { countRetryable, groupFailures } from "../campaign/queries.ts";
import { factsOfSeries } from "../campaign/series.ts";
import { NO_TAPS, listTaps } from "../campaign/taps.ts";
import { comesBack } from "../content/content.ts";
import type { CardView } from "../db/states.ts";
import { campaignCard } from "./card.ts";
import { POSTS_SHOWN } from "./chat-report.ts";
import type { BotDeps, EngineStatus } from "./context.ts";
import { nameAudience } from "./dialogs/composer/chats.ts";
import { NOTICES, type Notice } from "./notices.ts";
import { localeFor, moment } from "./words.ts";

export interface Drawing {
  text: string;
  keyboard: InlineKeyboardMarkup;
}

/** How campaigns look in an admin's chat, in their language and zone, outside an update: for the engine, which edits cards. */
export interface Drawings {
  card(campaign: Campaign, chatId: number, view: CardView): Promise<Drawing>;
  /** What an admin is told, with the buttons of the card under it. */
  notice(campaign: Campaign, chatId: number, what: Notice, missed: readonly MissedChat[]): Promise<Drawing>;
}

export interface DrawingsDeps extends Pick<
  BotDeps,
  "scope" | "clock" | "translator" | "timezone" | "lateLimitHours"
> {
  status: () => Pick<EngineStatus, "quietUntil" | "rate" | "speedOf">;
}

export function createDrawings(deps: DrawingsDeps): Drawings {
  const { scope, clock, translator, status } = deps;

  async function readerIn(chatId: number) {
    const locale = localeFor(await languageOf(scope, chatId));
    const timezone = (await timezoneOf(scope, chatId)) ?? deps.timezone;
    return { t: translator(locale), locale, timezone, now: clock.now() };
  }

  /** How many its audience reaches now; null once it has started, when that no longer matters. */
  async function reachOf(campaign: Campaign): Promise<number | null> {
    return hasNotStarted(campaign) ? (await countAudience(scope, campaign.audience)).reachable : null;
  }

  async function card(
    campaign: Campaign,
    { t, ...reader }: Awaited<ReturnType<typeof readerIn>>,
    view: CardView,
    reachable: number | null,
  ): Promise<Drawing> {
    const { id, audience, state } = campaign;
    const over = isOver(state);
    const { quietUntil, speedOf } = status();
    const { text, keyboard } = campaignCard(t, campaign, view, {
      ...reader,
      speed: speedOf(id),
      quietUntil,
      failures: over ? await groupFailures(scope, id) : [],
      retryable: over ? await countRetryable(scope, id) : 0,
      audience: await nameAudience({ scope }, t, audience),
      reachable,
      posts: over && isForChats(audience) ? await listPosts(scope, id, POSTS_SHOWN) : [],
      taps: comesBack(campaign.content) ? await listTaps(scope, id) : NO_TAPS,
      series: await factsOfSeries(scope, campaign, reader.now),
      lateLimitHours: deps.lateLimitHours,
    });
    return { text, keyboard: { inline_keyboard: keyboard } };
  }

  return {
    card: async (campaign, chatId, view) =>
      card(campaign, await readerIn(chatId), view, await reachOf(campaign)),
    async notice(campaign, chatId, what, missed) {
      const reader = await readerIn(chatId);
      const { t, now, timezone, locale } = reader;
      const reachable = await reachOf(campaign);
      const { keyboard } = await card(campaign, reader, "card", reachable);
      const due = campaign.startsAt ? moment(campaign.startsAt, now, timezone, locale) : "";
      const names = await nameTargets(scope, missed.map(targetOf));
      const chats = missed.map(({ reason }, index) => ({ name: names[index] ?? "", reason }));
      const text = NOTICES[what](t, campaign, {
        rate: status().rate.now,
        due,
        reachable: reachable ?? 0,
        chats,
      });
      return { text, keyboard };
    },
  };
}

function targetOf({ chatId, threadId }: MissedChat): ChatTarget {
  return threadId === null ? { chatId } : { chatId, threadId };
}
