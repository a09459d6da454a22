import { Composer } from "grammy";
import { createLRU } from "lru.min";
import type { Campaign } from "../../../campaign/campaign.ts";
import { progressOf } from "../../../campaign/progress.ts";
import { findCampaign } from "../../../campaign/queries.ts";
import {
  LISTS,
  type List,
  type Page,
  countFound,
  countLists,
  listPage,
  searchPage,
} from "../../../campaign/search.ts";
import { summarize } from "../../../content/content.ts";
import { waitsUntil } from "../../../schedule/window.ts";
import { showCampaign } from "./campaign-commands.ts";
import { showCalendar } from "../calendar/calendar.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import {
  type Button,
  type Draw,
  type Drawn,
  type Screen,
  screenMenus,
  sendScreen,
} from "../../ui/screens.ts";
import { kindName } from "../../ui/post-summary.ts";
import { type Reader, briefTime, shortDay } from "../../ui/times.ts";
import { cut } from "../../ui/words.ts";
import { pairs } from "../../ui/card.ts";

const PAGE_SIZE = 8;

/** The search is repeated in the title, and must leave room for the list. */
const MOST_SEARCHED = 100;

/** A page of one of the lists, or of search results. */
interface View {
  list: List | typeof FOUND;
  page: number;
  /** The search. */
  words?: string;
}

const NAME = "campaigns";
const FOUND = "found";

/** `running.0`: a page of a list. `open.running.0.12`: campaign 12, on that page. */
const PAGE = /^([a-z]+)\.(\d{1,6})$/;
const OPEN = /^open\.(.+)\.(\d{1,15})$/;

/** The list of campaigns: tabs, pages, a search, the way to the calendar, and a tap that opens a card. */
export function campaignsScreen(deps: BotDeps): Composer<HeraldContext> {
  const { scope } = deps;
  const searches = createSearches();
  const show =
    (view: View): Draw =>
    (ctx) =>
      drawList(deps, ctx, view);
  const showAll: Draw = async (ctx) => drawList(deps, ctx, await allCampaigns(deps));

  /** The view that a button names. Searches are kept in memory only, so after a restart their pages are gone. */
  function viewIn(ctx: HeraldContext, data: string): View | null {
    const [, name, page] = PAGE.exec(data) ?? [];
    const words = name === FOUND ? searches.under(ctx) : undefined;
    const list = LISTS.find((one) => one === name) ?? (words === undefined ? undefined : FOUND);
    return list === undefined ? null : { list, page: Number(page), ...(words !== undefined && { words }) };
  }

  const screen: Screen = {
    name: NAME,
    outdated: "list-outdated",
    draw: showAll,
    async tapped(ctx, what) {
      if (what === "calendar") {
        await showCalendar(deps, ctx);
        return "answered";
      }
      if (what === "list") return { draw: showAll };
      const [, where = what, id] = OPEN.exec(what) ?? [];
      const view = viewIn(ctx, where);
      if (id === undefined) return view ? { draw: show(view) } : { outdated: showAll };
      // A draft may have been discarded in the meantime.
      if (!(await findCampaign(scope, Number(id)))) return { outdated: view ? show(view) : showAll };
      await showCampaign(deps, ctx, Number(id));
      return "answered";
    },
  };

  const composer = new Composer<HeraldContext>();
  composer.use(screenMenus(screen));
  composer.command("campaigns", async (ctx) => {
    const typed = ctx.match.trim();
    const number = /^[#№]?\s*(\d{1,15})$/.exec(typed)?.[1];
    if (number !== undefined && (await findCampaign(scope, Number(number))))
      return showCampaign(deps, ctx, Number(number));
    const words = cut(typed, MOST_SEARCHED);
    if (!words) return void (await sendScreen(ctx, showAll));
    searches.note(ctx, await sendScreen(ctx, show({ list: FOUND, words, page: 0 })), words);
  });
  return composer;
}

/** Messages whose searches are remembered, because a button's 64 bytes cannot hold the words. */
const MOST_SEARCHES = 1_000;

function createSearches() {
  const found = createLRU<string, string>({ max: MOST_SEARCHES }); // by message
  return {
    note(ctx: HeraldContext, messageId: number, words: string): void {
      found.set(messageKey(ctx, messageId), words);
    },
    /** The search whose results the tapped message shows. */
    under(ctx: HeraldContext): string | undefined {
      return found.get(messageKey(ctx, ctx.callbackQuery?.message?.message_id ?? 0));
    },
  };
}

function messageKey({ chat }: HeraldContext, messageId: number): string {
  return `${chat?.id}:${messageId}`;
}

async function drawList(deps: BotDeps, ctx: HeraldContext, view: View): Promise<Drawn> {
  const { t, locale, timezone } = ctx;
  const { list, page } = view;
  const { campaigns, more } = await read(deps, view);
  const reader = { t, locale, timezone, now: deps.clock.now() };
  const turns = [
    ...(page > 0 ? [{ text: t("page-newer"), what: `${list}.${page - 1}` }] : []),
    ...(more ? [{ text: t("page-older"), what: `${list}.${page + 1}` }] : []),
  ];
  const rows: Button[][] = [
    ...(list === FOUND ? [] : await tabs(deps, ctx, list)),
    ...campaigns.map((campaign) => [
      { text: campaignEntry(reader, campaign), what: `open.${list}.${page}.${campaign.id}` },
    ]),
    ...(turns.length > 0 ? [turns] : []),
    list === FOUND
      ? [{ text: t("button-all-campaigns"), what: "list" }]
      : [{ text: t("button-calendar"), what: "calendar" }],
  ];
  return { screen: NAME, text: await title(deps, ctx, view, { campaigns, more }), rows };
}

/** Two per row: with four, some labels would be cut off on a phone. */
async function tabs({ scope }: BotDeps, { t }: HeraldContext, current: List): Promise<Button[][]> {
  const counts = await countLists(scope);
  return pairs(
    LISTS.map((list) => {
      const label = `${list === current ? "• " : ""}${t(`tab-${list}`)}`;
      return { text: counts[list] > 0 ? `${label} ${counts[list]}` : label, what: `${list}.0` };
    }),
  );
}

/** The first list that is not empty. */
async function allCampaigns({ scope }: BotDeps): Promise<View> {
  const counts = await countLists(scope);
  return { list: LISTS.find((list) => counts[list] > 0) ?? "running", page: 0 };
}

async function read({ scope }: BotDeps, { list, words = "", page }: View): Promise<Page> {
  const pageOf = { page, size: PAGE_SIZE };
  return list === FOUND ? searchPage(scope, words, pageOf) : listPage(scope, list, pageOf);
}

async function title(
  { scope }: BotDeps,
  { t }: HeraldContext,
  { list, words = "", page }: View,
  { campaigns, more }: Page,
): Promise<string> {
  if (list === FOUND) return t("found-title", { words, count: await countFound(scope, words) });
  const heading = t("campaigns-title", { tab: t(`tab-${list}`) });
  if (campaigns.length === 0) return `${heading}\n${t("campaigns-empty")}`;
  return more || page > 0 ? `${heading}\n${t("list-search-hint")}` : heading;
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

/**
 * The state of a campaign: for a draft, what it changes; for a scheduled one, its time; for one that is over, when it
 * was sent and how many it reached.
 */
function standing(reader: Reader, campaign: Campaign): string[] {
  const { t, locale, now } = reader;
  const { state, changes, startsAt, startedAt } = campaign;
  const word = t(`state-${state}`);
  if (state === "draft") return [changes === null ? word : t("list-changes", { id: String(changes) })];
  if (startedAt === null && (state === "scheduled" || state === "paused"))
    return startsAt ? [`${mark(campaign)}${briefTime(startsAt, reader)}`] : [word];
  const { sent, share } = progressOf(campaign);
  if (state === "running" || state === "paused") {
    const isWaiting = state === "running" && waitsUntil(campaign.window, now) !== null;
    return [isWaiting ? t("list-waits") : word, t("card-share", { share: Math.floor(share * 100) })];
  }
  const at = startsAt ?? campaign.finishedAt;
  const day = at ? shortDay(at, reader) : "";
  const reached = new Intl.NumberFormat(locale).format(sent);
  return state === "finished" ? [`${day} → ${reached}`] : [day, word];
}

function mark({ state, seriesId }: Campaign): string {
  if (state === "paused") return "⏸ ";
  return seriesId === null ? "" : "🔁 ";
}
