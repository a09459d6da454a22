import { Composer } from "grammy";
import { createLRU } from "lru.min";
import { botsOf, listBundle, listBundles } from "../../../campaign/bundle.ts";
import type { Campaign } from "../../../campaign/campaign.ts";
import { sees } from "../../../db/scope.ts";
import { findCampaign, getCampaign } from "../../../campaign/queries.ts";
import {
  LISTS,
  type List,
  type Page,
  countFound,
  countLists,
  listPage,
  searchPage,
} from "../../../campaign/search.ts";
import { grouped } from "../../ui/grouped.ts";
import { nameBots } from "../../ui/bundle-words.ts";
import { bundleEntry, campaignEntry } from "./list-entry.ts";
import { showBundle } from "./bundle-commands.ts";
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
import { type SendingBot, botIn, nameOfBot, pageOfBots, severalBots } from "../../ui/sending-bots.ts";
import { type Translate, cut } from "../../ui/words.ts";
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
  /** Only what this bot sends. */
  bot?: number;
}

const NAME = "campaigns";
const FOUND = "found";

/** `running.0`: a page of a list; `running.0.b7`: of one bot. `open.running.0.12`: campaign 12, on that page. */
const PAGE = /^([a-z]+)\.(\d{1,6})(?:\.b(\d{1,15}))?$/;
const OPEN = /^open\.(.+)\.(\d{1,15})$/;
/** `bots.1.running.0`: the second page of the bots to choose from, for that list. */
const BOTS = /^bots\.(\d{1,4})\.(.+)$/;
/** `calendar.b7`: that of one bot. */
const CALENDAR = /^calendar(?:\.b(\d{1,15}))?$/;

/** How buttons name a page of a list. */
function placeOf({ list, page, bot }: View): string {
  return `${list}.${page}${bot === undefined ? "" : `.b${bot}`}`;
}

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
    const [, name, page, bot] = PAGE.exec(data) ?? [];
    const words = name === FOUND ? searches.under(ctx) : undefined;
    const list = LISTS.find((one) => one === name) ?? (words === undefined ? undefined : FOUND);
    if (list === undefined) return null;
    const only = bot !== undefined && { bot: Number(bot) };
    return { list, page: Number(page), ...(words !== undefined && { words }), ...only };
  }

  const screen: Screen = {
    name: NAME,
    outdated: "list-outdated",
    draw: showAll,
    async tapped(ctx, what) {
      const calendar = CALENDAR.exec(what);
      if (calendar) {
        await showCalendar(deps, ctx, calendar[1] === undefined ? {} : { bot: Number(calendar[1]) });
        return "answered";
      }
      if (what === "list") return { draw: showAll };
      const [, pageOfChoice, list = ""] = BOTS.exec(what) ?? [];
      const chosenFor = pageOfChoice === undefined ? null : viewIn(ctx, list);
      if (chosenFor) return { draw: (shown) => drawBots(deps, shown, chosenFor, Number(pageOfChoice)) };
      const [, where = what, id] = OPEN.exec(what) ?? [];
      const view = viewIn(ctx, where);
      if (id === undefined) return view ? { draw: show(view) } : { outdated: showAll };
      // A draft may have been discarded in the meantime.
      if (!(await findCampaign(scope, Number(id)))) return { outdated: view ? show(view) : showAll };
      await showEntry(deps, ctx, Number(id), view?.bot);
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
    const bot = botIn(await severalBots(scope), typed)?.botId;
    if (bot !== undefined)
      return void (await sendScreen(ctx, async (shown) =>
        drawList(deps, shown, await allCampaigns(deps, bot)),
      ));
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
  const { list, page, bot } = view;
  const { campaigns, more } = await read(deps, view);
  const bots = await severalBots(deps.scope);
  const reader = { t, locale, timezone, now: deps.clock.now() };
  const bundles = bot === undefined ? await bundlesOf(deps, campaigns) : new Map<number, Campaign[]>();
  const turns = [
    ...(page > 0 ? [{ text: t("page-newer"), what: placeOf({ ...view, page: page - 1 }) }] : []),
    ...(more ? [{ text: t("page-older"), what: placeOf({ ...view, page: page + 1 }) }] : []),
  ];
  const from = bot === undefined ? t("from-all-button") : t("card-from", { bot: nameOfBot(bots, bot) ?? "" });
  const rows: Button[][] = [
    ...(list === FOUND ? [] : await tabs(deps, ctx, view)),
    ...campaigns.map((campaign) => [
      {
        text:
          bundleEntry(reader, bundles.get(campaign.bundleId ?? 0) ?? [], list === "scheduled") ??
          campaignEntry(reader, campaign, namesOfSenders(t, bot === undefined ? bots : [], campaign)),
        what: `open.${placeOf(view)}.${campaign.id}`,
      },
    ]),
    ...(turns.length > 0 ? [turns] : []),
    ...(bots.length > 0 ? [[{ text: from, what: `bots.0.${placeOf({ ...view, page: 0 })}` }]] : []),
    list === FOUND
      ? [{ text: t("button-all-campaigns"), what: "list" }]
      : [{ text: t("button-calendar"), what: bot === undefined ? "calendar" : `calendar.b${bot}` }],
  ];
  return { screen: NAME, text: await title(deps, ctx, view, { campaigns, more }), rows };
}

/** The campaigns that were confirmed together with those of a page, by bundle. */
async function bundlesOf(
  { scope }: BotDeps,
  campaigns: readonly Campaign[],
): Promise<Map<number, Campaign[]>> {
  const ids = campaigns.flatMap(({ bundleId, state }) =>
    bundleId === null || state === "draft" ? [] : [bundleId],
  );
  return grouped(await listBundles(scope, ids), ({ bundleId }) => bundleId ?? 0);
}

/** A tap on an entry: the card of its campaign or, in a list of all bots, of those that were confirmed with it. */
async function showEntry(
  deps: BotDeps,
  ctx: HeraldContext,
  id: number,
  bot: number | undefined,
): Promise<void> {
  const { bundleId, state } = await getCampaign(deps.scope, id);
  const bundle =
    bundleId === null || state === "draft" || bot !== undefined ? [] : await listBundle(deps.scope, bundleId);
  const isSeen = bundle.every(({ botId }) => sees(deps.scope, botId));
  if (bundleId !== null && bundle.length > 1 && isSeen) await showBundle(deps, ctx, bundleId);
  else await showCampaign(deps, ctx, id);
}

/** The bot of a campaign, or the bots of a draft; null if the home has only one. */
function namesOfSenders(t: Translate, bots: readonly SendingBot[], campaign: Campaign): string | null {
  return bots.length === 0 ? null : nameBots(t, bots, botsOf(campaign));
}

/** The bots to choose from, for a list: a tap shows what that one sends. */
async function drawBots(deps: BotDeps, { t }: HeraldContext, view: View, wanted: number): Promise<Drawn> {
  const { shown, before, after } = pageOfBots(await severalBots(deps.scope), wanted);
  const { bot: _, ...ofAll } = view;
  const turn = (page: number | null, key: string) =>
    page === null ? [] : [{ text: t(key), what: `bots.${page}.${placeOf(view)}` }];
  const turns = [...turn(before, "chats-previous"), ...turn(after, "chats-next")];
  const rows: Button[][] = [
    [{ text: marked(t("from-all-button"), view.bot === undefined), what: placeOf(ofAll) }],
    ...pairs(
      shown.map(({ botId, name }) => ({
        text: marked(name, botId === view.bot),
        what: placeOf({ ...view, bot: botId }),
      })),
    ),
    ...(turns.length > 0 ? [turns] : []),
  ];
  return { screen: NAME, text: t("from-which"), rows };
}

function marked(name: string, isChosen: boolean): string {
  return `${isChosen ? "✅ " : ""}${name}`;
}

/** Two per row: with four, some labels would be cut off on a phone. */
async function tabs({ scope }: BotDeps, { t }: HeraldContext, current: View): Promise<Button[][]> {
  const counts = await countLists(scope, current.bot);
  return pairs(
    LISTS.map((list) => {
      const label = `${list === current.list ? "• " : ""}${t(`tab-${list}`)}`;
      const what = placeOf({ ...current, list, page: 0 });
      return { text: counts[list] > 0 ? `${label} ${counts[list]}` : label, what };
    }),
  );
}

/** The first list that is not empty. */
async function allCampaigns({ scope }: BotDeps, bot?: number): Promise<View> {
  const counts = await countLists(scope, bot);
  const list = LISTS.find((list) => counts[list] > 0) ?? "running";
  return { list, page: 0, ...(bot !== undefined && { bot }) };
}

async function read({ scope }: BotDeps, { list, words = "", page, bot }: View): Promise<Page> {
  const pageOf = { page, size: PAGE_SIZE, bot };
  return list === FOUND ? searchPage(scope, words, pageOf) : listPage(scope, list, pageOf);
}

async function title(
  { scope }: BotDeps,
  { t }: HeraldContext,
  { list, words = "", page, bot }: View,
  { campaigns, more }: Page,
): Promise<string> {
  if (list === FOUND) return t("found-title", { words, count: await countFound(scope, words, bot) });
  const heading = t("campaigns-title", { tab: t(`tab-${list}`) });
  if (campaigns.length === 0) return `${heading}\n${t("campaigns-empty")}`;
  return more || page > 0 ? `${heading}\n${t("list-search-hint")}` : heading;
}
