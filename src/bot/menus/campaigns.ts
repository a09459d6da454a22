import { Menu } from "@grammyjs/menu";
import { Composer } from "grammy";
import type { Campaign } from "../../campaign/campaign.ts";
import { progressOf } from "../../campaign/progress.ts";
import { countCampaigns, listCampaigns } from "../../campaign/queries.ts";
import { summarize } from "../../content/content.ts";
import type { CampaignState } from "../../db/states.ts";
import { showCampaign } from "../commands/campaigns.ts";
import type { BotDeps, HeraldContext } from "../context.ts";
import { editTapped } from "../edit.ts";

const TABS = {
  running: ["running", "paused"],
  scheduled: ["scheduled"],
  drafts: ["draft"],
  done: ["finished", "cancelled", "expired"],
} as const satisfies Record<string, readonly CampaignState[]>;
type Tab = keyof typeof TABS;
const TAB_NAMES = Object.keys(TABS) as Tab[];

const PAGE_SIZE = 8;

interface View {
  tab: Tab;
  page: number;
}

/** The list of campaigns: tabs, pages, and a tap that opens a card. */
export function campaignsScreen(deps: BotDeps): Composer<HeraldContext> {
  // Which tab and page each chat looks at. A restart begins with the first tab; an old menu then redraws itself.
  const views = new Map<number, View>();
  const viewOf = (ctx: HeraldContext): View => views.get(ctx.chat?.id ?? 0) ?? { tab: "running", page: 0 };
  const look = (ctx: HeraldContext, view: View) => views.set(ctx.chat?.id ?? 0, view);

  const redraw = async (ctx: HeraldContext) => {
    await editTapped(ctx, await title(deps, ctx, viewOf(ctx)), menu);
  };

  const menu = new Menu<HeraldContext>("campaigns", {
    autoAnswer: false, // every tap is answered in taps.ts
    async onMenuOutdated(ctx) {
      await ctx.answerCallbackQuery({ text: ctx.t("list-outdated") });
      await redraw(ctx);
    },
  }).dynamic(async (ctx, range) => {
    const { tab, page } = viewOf(ctx);
    const counts = await countCampaigns(deps.scope);
    for (const name of TAB_NAMES) {
      const count = TABS[name].reduce((sum, state) => sum + (counts[state] ?? 0), 0);
      const label = `${name === tab ? "• " : ""}${ctx.t(`tab-${name}`)}${count > 0 ? ` ${count}` : ""}`;
      range.text(label, async (ctx) => {
        look(ctx, { tab: name, page: 0 });
        await redraw(ctx);
      });
    }
    range.row();
    const { campaigns, more } = await listCampaigns(deps.scope, TABS[tab], page, PAGE_SIZE);
    for (const campaign of campaigns)
      range.text(entry(ctx, campaign), (ctx) => showCampaign(deps, ctx, campaign.id)).row();
    const turn = (by: number) => async (ctx: HeraldContext) => {
      look(ctx, { tab, page: page + by });
      await redraw(ctx);
    };
    if (page > 0) range.text(ctx.t("page-newer"), turn(-1));
    if (more) range.text(ctx.t("page-older"), turn(1));
  });

  const composer = new Composer<HeraldContext>();
  composer.use(menu);
  composer.command("campaigns", async (ctx) => {
    const counts = await countCampaigns(deps.scope);
    // The first tab that has something in it.
    const tab = TAB_NAMES.find((name) => TABS[name].some((state) => (counts[state] ?? 0) > 0)) ?? "running";
    look(ctx, { tab, page: 0 });
    await ctx.reply(await title(deps, ctx, viewOf(ctx)), { reply_markup: menu });
  });
  return composer;
}

async function title({ scope }: BotDeps, ctx: HeraldContext, { tab, page }: View): Promise<string> {
  const { campaigns } = await listCampaigns(scope, TABS[tab], page, PAGE_SIZE);
  const heading = ctx.t("campaigns-title", { tab: ctx.t(`tab-${tab}`) });
  return campaigns.length > 0 ? heading : `${heading}\n${ctx.t("campaigns-empty")}`;
}

function entry(ctx: HeraldContext, campaign: Campaign): string {
  const { sent, total, share } = progressOf(campaign);
  const number = new Intl.NumberFormat(ctx.locale);
  const { kind, opening } = summarize(campaign.content);
  const progress =
    campaign.state === "running" || campaign.state === "paused"
      ? ctx.t("card-share", { share: Math.floor(share * 100) })
      : `${number.format(sent)} / ${number.format(total)}`;
  return [
    `#${campaign.id}`,
    ctx.t(`state-${campaign.state}`),
    ...(campaign.state === "draft" || campaign.state === "scheduled" ? [] : [progress]),
    opening || ctx.t(`kind-${kind}`),
  ].join(" · ");
}
