import { Menu } from "@grammyjs/menu";
import { Composer } from "grammy";
import type { Campaign } from "../../campaign/campaign.ts";
import { progressOf } from "../../campaign/progress.ts";
import { findCampaign } from "../../campaign/queries.ts";
import {
  LISTS,
  type List,
  type Page,
  countFound,
  countLists,
  listPage,
  searchPage,
} from "../../campaign/search.ts";
import { summarize } from "../../content/content.ts";
import { waitsUntil } from "../../schedule/window.ts";
import { showCampaign } from "../commands/campaigns.ts";
import { TO_CAMPAIGNS, showCalendar } from "../commands/calendar.ts";
import type { BotDeps, HeraldContext } from "../context.ts";
import { editTapped } from "../edit.ts";
import { kindName } from "../summary.ts";
import { type Reader, briefTime } from "../times.ts";
import { cut } from "../words.ts";

const PAGE_SIZE = 8;

/** What is searched for is shown again, and must leave room. */
const MOST_SEARCHED = 100;

/** What a chat looks at: one of the lists, or what was found. */
interface View {
  list: List;
  words?: string;
  page: number;
}

/** The list of campaigns: tabs, pages, a search, the way to the calendar, and a tap that opens a card. */
export function campaignsScreen(deps: BotDeps): Composer<HeraldContext> {
  const { scope, clock } = deps;
  // Which list and page each chat looks at. A restart begins with the first list; an old menu then redraws itself.
  const views = new Map<number, View>();
  const viewOf = (ctx: HeraldContext): View => views.get(ctx.chat?.id ?? 0) ?? { list: "running", page: 0 };
  const look = (ctx: HeraldContext, view: View) => views.set(ctx.chat?.id ?? 0, view);
  const redraw = async (ctx: HeraldContext) => {
    await editTapped(ctx, await title(deps, ctx, viewOf(ctx)), menu);
  };
  const to = (view: View) => async (ctx: HeraldContext) => {
    look(ctx, view);
    await redraw(ctx);
  };

  const menu = new Menu<HeraldContext>("campaigns", {
    autoAnswer: false, // every tap is answered in taps.ts
    async onMenuOutdated(ctx) {
      await ctx.answerCallbackQuery({ text: ctx.t("list-outdated") });
      await redraw(ctx);
    },
  }).dynamic(async (ctx, range) => {
    const view = viewOf(ctx);
    const { list, words, page } = view;
    if (words === undefined) {
      const counts = await countLists(scope);
      for (const [index, name] of LISTS.entries()) {
        // Four in a row would be cut on a phone.
        if (index === 2) range.row();
        const count = counts[name] > 0 ? ` ${counts[name]}` : "";
        range.text(
          `${name === list ? "• " : ""}${ctx.t(`tab-${name}`)}${count}`,
          to({ list: name, page: 0 }),
        );
      }
      range.row();
    }
    const reader = { t: ctx.t, locale: ctx.locale, timezone: ctx.timezone, now: clock.now() };
    const { campaigns, more } = await read(deps, view);
    for (const campaign of campaigns)
      range.text(campaignEntry(reader, campaign), (ctx) => showCampaign(deps, ctx, campaign.id)).row();
    if (page > 0) range.text(ctx.t("page-newer"), to({ ...view, page: page - 1 }));
    if (more) range.text(ctx.t("page-older"), to({ ...view, page: page + 1 }));
    range.row();
    if (words === undefined) range.text(ctx.t("button-calendar"), (ctx) => showCalendar(deps, ctx));
    else range.text(ctx.t("button-all-campaigns"), async (ctx) => to(await allCampaigns(deps))(ctx));
  });

  const composer = new Composer<HeraldContext>();
  composer.use(menu);
  composer.callbackQuery(TO_CAMPAIGNS, async (ctx) => to(await allCampaigns(deps))(ctx));
  composer.command("campaigns", async (ctx) => {
    const typed = ctx.match.trim();
    const number = /^[#№]?\s*(\d{1,15})$/.exec(typed)?.[1];
    if (number !== undefined && (await findCampaign(scope, Number(number))))
      return showCampaign(deps, ctx, Number(number));
    const words = cut(typed, MOST_SEARCHED);
    look(ctx, words ? { list: "running", words, page: 0 } : await allCampaigns(deps));
    await ctx.reply(await title(deps, ctx, viewOf(ctx)), { reply_markup: menu });
  });
  return composer;
}

/** The first list that has something in it. */
async function allCampaigns({ scope }: BotDeps): Promise<View> {
  const counts = await countLists(scope);
  return { list: LISTS.find((list) => counts[list] > 0) ?? "running", page: 0 };
}

async function read({ scope }: BotDeps, { list, words, page }: View): Promise<Page> {
  const pageOf = { page, size: PAGE_SIZE };
  return words === undefined ? listPage(scope, list, pageOf) : searchPage(scope, words, pageOf);
}

async function title(deps: BotDeps, ctx: HeraldContext, view: View): Promise<string> {
  const { t } = ctx;
  if (view.words !== undefined)
    return t("found-title", { words: view.words, count: await countFound(deps.scope, view.words) });
  const { campaigns, more } = await read(deps, view);
  const heading = t("campaigns-title", { tab: t(`tab-${view.list}`) });
  if (campaigns.length === 0) return `${heading}\n${t("campaigns-empty")}`;
  return more || view.page > 0 ? `${heading}\n${t("list-search-hint")}` : heading;
}

/** A campaign as a line of a list. */
export function campaignEntry(reader: Reader, campaign: Campaign): string {
  const { t } = reader;
  const { opening } = summarize(campaign.content);
  return [
    t("list-number", { id: String(campaign.id) }),
    ...standing(reader, campaign),
    opening || kindName(t, campaign.content),
  ].join(" · ");
}

/** How far it is: of a draft what it changes, of one that waits its time, of others how many were reached. */
function standing(reader: Reader, campaign: Campaign): string[] {
  const { t, locale, now } = reader;
  const { state, changes, startsAt, startedAt } = campaign;
  const word = t(`state-${state}`);
  if (state === "draft") return [changes === null ? word : t("list-changes", { id: String(changes) })];
  if (startedAt === null && (state === "scheduled" || state === "paused"))
    return startsAt ? [`${mark(campaign)}${briefTime(startsAt, reader)}`] : [word];
  const { sent, total, share } = progressOf(campaign);
  const number = new Intl.NumberFormat(locale);
  const waits = state === "running" && waitsUntil(campaign.window, now) !== null;
  return state === "running" || state === "paused"
    ? [waits ? t("list-waits") : word, t("card-share", { share: Math.floor(share * 100) })]
    : [word, `${number.format(sent)} / ${number.format(total)}`];
}

function mark({ state, seriesId }: Campaign): string {
  if (state === "paused") return "⏸ ";
  return seriesId === null ? "" : "🔁 ";
}
