import { Composer } from "grammy";
import { findRecipient } from "../../../audience/recipient-list.ts";
import { setOptedOut, setWantsCategory } from "../../../audience/recipients.ts";
import type { Campaign } from "../../../campaign/campaign.ts";
import { type Category, categoryName, currentCategories } from "../../../campaign/category.ts";
import { leaveByPost } from "../../../campaign/left-by-post.ts";
import { findOwnCampaign } from "../../../campaign/queries.ts";
import { getSettings } from "../../../campaign/settings.ts";
import { wasDelivered } from "../../../campaign/votes/button-votes.ts";
import { type Ticket } from "../../../content/keyboard.ts";
import type { CrowdDeps, HeraldContext } from "../../ui/bot-context.ts";
import { leaveTap, onTap, readToggle, toggleData } from "../../ui/callback-data.ts";
import { pairs } from "../../ui/card.ts";
import { type Button, type Drawn, type Screen, screenMenus, sendScreen } from "../../ui/screens.ts";
import { languageName } from "../../ui/words.ts";
import { createFollower } from "../votes/card-follow.ts";
import { drawLanguage } from "./language-screen.ts";

const SUBSCRIPTION = "subscription";

/** What a button of the screen means. */
type Wish =
  | { type: "language" }
  | { type: "all"; on: boolean }
  | { type: "category"; id: number; on: boolean }
  | { type: "leave"; ticket: Ticket; what: "category" | "all" };

/**
 * What a person gets from this bot: `/settings`, and the button under the posts of a category. Each bot of a home has its own.
 * In the home, /settings is for admins those of new campaigns.
 */
export function subscriptionScreen(deps: CrowdDeps): Composer<HeraldContext> {
  const { own, homeUsername } = deps;
  const draw = (ctx: HeraldContext) => drawSubscription(deps, ctx);
  const cardsFollow = createFollower(deps);

  async function follow(ctx: HeraldContext, wish: Wish): Promise<boolean> {
    const userId = ctx.from?.id ?? 0;
    switch (wish.type) {
      case "all":
        await setOptedOut(own, userId, !wish.on);
        return true;
      case "category": {
        const { categories = [] } = await getSettings(own);
        if (!categories.some(({ id }) => id === wish.id)) return false;
        await setWantsCategory(own, userId, wish.id, wish.on);
        return true;
      }
      case "leave": {
        const campaign = await sentTo(deps, wish.ticket, userId);
        if (!campaign) return false;
        if (await leaveByPost(own, campaign, userId, wish.what)) void cardsFollow(campaign.id);
        return true;
      }
      case "language":
        return true;
    }
  }

  const screen: Screen = {
    name: SUBSCRIPTION,
    outdated: "screen-outdated",
    draw,
    async tapped(ctx, what) {
      const wish = readWish(what);
      // Nothing can be chosen for somebody who is forgotten; only /start brings them back.
      if (!(await findRecipient(own, ctx.from?.id ?? 0))) return { outdated: draw };
      if (wish?.type === "language") return { draw: (ctx) => drawLanguage(deps, ctx) };
      if (!wish || !(await follow(ctx, wish))) return { outdated: draw };
      return { draw, said: ctx.t("settings-saved") };
    },
  };

  const composer = new Composer<HeraldContext>();
  composer.use(screenMenus(screen));
  composer.use(
    onTap(leaveTap, async (ctx, ticket) => {
      const isPreview = ticket.seq === 0 && ctx.isAdmin;
      const campaign = isPreview ? null : await sentTo(deps, ticket, ctx.from.id);
      const category = campaign && (await categoryOf(deps, campaign));
      if (!category) {
        const text = ctx.t(isPreview ? "leave-preview" : "post-button-gone");
        await ctx.answerCallbackQuery({ text, show_alert: isPreview });
        return;
      }
      await ctx.answerCallbackQuery();
      await ctx.answer(() => sendScreen(ctx, (ctx) => drawLeaving(deps, ctx, ticket, category)));
    }),
  );
  composer
    .chatType("private")
    .command("settings")
    .filter(
      (ctx) => !ctx.isAdmin || homeUsername !== null,
      (ctx) => ctx.answer(() => sendScreen(ctx, draw)),
    );
  return composer;
}

/** The campaign of a button, if this bot has sent it to that person: anyone can forge a tap. */
async function sentTo(
  { own }: Pick<CrowdDeps, "own">,
  { campaignId, seq }: Ticket,
  userId: number,
): Promise<Campaign | null> {
  const campaign = await findOwnCampaign(own, campaignId);
  return campaign && (await wasDelivered(own, campaign, seq, userId)) ? campaign : null;
}

async function categoryOf(
  { own }: Pick<CrowdDeps, "own">,
  { category }: Campaign,
): Promise<Category | undefined> {
  const { categories = [] } = await getSettings(own);
  return categories.find(({ id }) => id === category);
}

async function drawSubscription({ own }: CrowdDeps, { t, chat }: HeraldContext): Promise<Drawn> {
  const person = await findRecipient(own, chat?.id ?? 0);
  if (!person) return { screen: SUBSCRIPTION, text: t("subscription-none"), rows: [] };
  const { categories } = await getSettings(own);
  const { language, leftCategories: left } = person;
  const isOut = person.optedOutAt !== null;
  const toggles = currentCategories(categories).map((category): Button => {
    const isOn = !left.includes(category.id);
    return {
      text: `${isOn ? "✅ " : ""}${categoryName(category, language)}`,
      what: toggleData(`category.${category.id}`, isOn),
    };
  });
  const shown = isOut ? [] : toggles;
  return {
    screen: SUBSCRIPTION,
    text: [
      t(isOut ? "subscription-out" : "subscription-in"),
      ...(shown.length > 0 ? [t("subscription-categories")] : []),
      t("subscription-language", { language: languageName(language ?? "en") }),
    ].join("\n"),
    rows: [
      ...pairs(shown),
      [{ text: t("subscription-to-language"), what: "language" }],
      [{ text: t(isOut ? "subscription-again" : "subscription-stop"), what: toggleData("all", !isOut) }],
    ],
  };
}

/** What the button under a post asks: leave its category, or everything. */
async function drawLeaving(
  { own }: CrowdDeps,
  { t, chat }: HeraldContext,
  { campaignId, seq }: Ticket,
  category: Category,
): Promise<Drawn> {
  const language = (await findRecipient(own, chat?.id ?? 0))?.language ?? null;
  const name = categoryName(category, language);
  return {
    screen: SUBSCRIPTION,
    text: t("leave-ask", { name }),
    rows: [
      [{ text: t("leave-category", { name }), what: `leave.category.${campaignId}.${seq}` }],
      [{ text: t("leave-all"), what: `leave.all.${campaignId}.${seq}` }],
    ],
  };
}

/** Null for anything that no button of the screen says. */
function readWish(data: string): Wish | null {
  if (data === "language") return { type: "language" };
  const [, what, campaign, seq] = /^leave\.(category|all)\.(\d{1,15})\.(\d{1,9})$/.exec(data) ?? [];
  if (what === "category" || what === "all")
    return { type: "leave", what, ticket: { campaignId: Number(campaign), seq: Number(seq) } };
  const toggle = readToggle(data);
  if (toggle?.what === "all") return { type: "all", on: toggle.on };
  const [, id] = /^category\.(\d{1,9})$/.exec(toggle?.what ?? "") ?? [];
  return toggle && id !== undefined ? { type: "category", id: Number(id), on: toggle.on } : null;
}
