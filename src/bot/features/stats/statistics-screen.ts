import { setTimeout as sleep } from "node:timers/promises";
import { Composer, InputFile, InputMediaBuilder } from "grammy";
import { type PeopleCounts, createPeopleCounter } from "../../../audience/people-counts.ts";
import { type PolledCampaign, lastPolls } from "../../../campaign/report/poll-results.ts";
import {
  type CampaignCounts,
  type DeliveryRate,
  countCampaignsBySort,
  lastRates,
  reachByDay,
} from "../../../campaign/report/statistics.ts";
import { lastDays } from "../../../schedule/wall.ts";
import type { ChartFacts } from "./chart.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import { pollSummary } from "../../cards/poll-lines.ts";
import { createPainter } from "./picture.ts";
import { botLines, nameOfBot, severalBots, typedBot } from "../../ui/sending-bots.ts";
import { mainBot, scopeOf } from "../../../db/scope.ts";
import { type Translate, languageName } from "../../ui/words.ts";

/** Days that the chart spans, including today. */
const DAYS = 30;

/** Languages that are named; the others are added up. */
const LANGUAGES = 6;

/** How many of the last campaigns are listed. */
const RATES = 5;

/** How many of the last polls are listed. */
const POLLS = 3;

/** Counting takes longer than this only with millions of people; the admin is then told to wait. */
const AT_ONCE_MS = 500;

/** The Bot API refuses longer captions. */
const MOST_CAPTION = 1024;

/** `/stats`: campaigns and people in numbers, with a chart of the last 30 days. */
export function statsCommand(deps: BotDeps): Composer<HeraldContext> {
  const { scope, clock, log } = deps;
  const paint = createPainter();
  /** Each remembers what it counted, for its bot. */
  const counters = new Map<number, ReturnType<typeof createPeopleCounter>>();

  function counterOf(botId: number): ReturnType<typeof createPeopleCounter> {
    const counter = counters.get(botId) ?? createPeopleCounter(scopeOf(scope, { botId }), clock);
    counters.set(botId, counter);
    return counter;
  }

  const composer = new Composer<HeraldContext>();
  composer.command("stats", async (ctx) => {
    const { t, timezone } = ctx;
    const only = await typedBot(deps, ctx, ctx.match);
    if (only === null) return;
    const bot = only?.botId;
    const bots = await severalBots(scope);
    const days = lastDays(clock.now(), timezone, DAYS);
    const counting = counterOf(bot ?? mainBot(scope))(days);
    const answer = await answered(ctx, counting);
    const people = await counting;
    const campaigns = await countCampaignsBySort(scope, bot);
    const rates = await lastRates(scope, RATES, bot);
    const polls = await lastPolls(scope, POLLS, bot);
    const whose = nameOfBot(bots, bot ?? mainBot(scope));
    const text = [
      ...botLines(t, bots, bot, "/stats"),
      statsText(t, { campaigns, people, rates, polls, whose }),
    ].join("\n");
    const reach = await reachByDay(scope, days, bot);
    const messageId = await answer(text);
    // Not awaited, because the admin's next message would wait for the drawing.
    void addChart(ctx, messageId, text, { days, joined: people.joined, reach });
  });

  /** Drawing takes seconds, so the chart is added to the message that already has the numbers. If it fails, they stay. */
  async function addChart(
    ctx: HeraldContext,
    messageId: number,
    text: string,
    facts: ChartFacts,
  ): Promise<void> {
    try {
      // Loaded only when needed: d3 would add 0.1 s and 3 MB to every start.
      const { chartSvg } = await import("./chart.ts");
      const picture = new InputFile(await paint(chartSvg(ctx, facts)), "statistics.png");
      if (text.length > MOST_CAPTION) await ctx.replyWithPhoto(picture);
      else
        await ctx.api.editMessageMedia(
          ctx.chat?.id ?? 0,
          messageId,
          InputMediaBuilder.photo(picture, { caption: text }),
        );
    } catch (error) {
      log.warn({ err: error }, "the chart could not be sent");
    }
  }
  return composer;
}

/**
 * Answers at once: with the numbers if they are counted soon, otherwise with a note that it takes a while, which they then
 * replace. Resolves with a function that shows the numbers and resolves with the id of their message.
 */
async function answered(
  ctx: HeraldContext,
  counting: Promise<unknown>,
): Promise<(text: string) => Promise<number>> {
  const isLate = await Promise.race([counting.then(() => false), sleep(AT_ONCE_MS, true, { ref: false })]);
  if (!isLate) return async (text) => (await ctx.reply(text)).message_id;
  const { chat, message_id: messageId } = await ctx.reply(ctx.t("stats-counting"));
  return async (text) => {
    await ctx.api.editMessageText(chat.id, messageId, text);
    return messageId;
  };
}

export interface StatsFacts {
  campaigns: CampaignCounts;
  people: PeopleCounts;
  rates: DeliveryRate[];
  polls: PolledCampaign[];
  /** The bot whose people were counted; null if there is only one. */
  whose?: string | null;
}

/** The numbers in words, one per line, in groups. */
export function statsText(
  t: Translate,
  { campaigns, people, rates, polls, whose = null }: StatsFacts,
): string {
  return [
    [
      t("stats-campaigns"),
      t("stats-running", { count: campaigns.running, paused: campaigns.paused }),
      t("stats-scheduled", { count: campaigns.scheduled, paused: campaigns.held }),
      t("stats-finished", { count: campaigns.finished, errors: campaigns.withErrors }),
      t("stats-expired", { count: campaigns.expired }),
      t("stats-cancelled", { count: campaigns.cancelled }),
    ],
    [
      whose === null ? t("stats-people") : t("stats-people-of", { bot: whose }),
      t("stats-active", { count: people.active }),
      t("stats-blocked", { count: people.blocked }),
      t("stats-opted-out", { count: people.optedOut }),
      t("stats-unreachable", { count: people.unreachable }),
      t("stats-joined", { count: joinedIn(people, -7), before: joinedIn(people, -14, -7) }),
    ],
    languages(t, people),
    rates.length > 0 ? [t("stats-rates"), ...rates.map((rate) => rateLine(t, rate))] : [],
    polls.length > 0
      ? [t("stats-polls"), ...polls.map(({ id, results }) => pollSummary(t, id, results))]
      : [],
  ]
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

function joinedIn({ joined }: PeopleCounts, from: number, to?: number): number {
  return sum(joined.slice(from, to));
}

function sum(counts: readonly { count: number }[]): number {
  return counts.reduce((total, { count }) => total + count, 0);
}

function languages(t: Translate, { languages }: PeopleCounts): string[] {
  if (languages.length === 0) return [];
  const named = languages
    .flatMap(({ language, count }) => (language === null ? [] : [{ language, count }]))
    .slice(0, LANGUAGES);
  const others = sum(languages) - sum(named);
  return [
    t("stats-languages"),
    ...named.map(({ language, count }) => t("stats-language", { language: languageName(language), count })),
    ...(others > 0 ? [t("stats-language", { language: t("audience-others"), count: others })] : []),
  ];
}

/** Rounded down, so that 100 % means everyone. */
function rateLine(t: Translate, { id, total, share, cancelled }: DeliveryRate): string {
  const key = cancelled ? "stats-rate-cancelled" : "stats-rate";
  return t(key, { id: String(id), share: Math.floor(share * 1000) / 10, total });
}
