import { listChats } from "../../../audience/chats.ts";
import { type Audience, isForChats } from "../../../audience/segment.ts";
import { editDraft } from "../../../campaign/lifecycle.ts";
import { getDraft } from "../../../campaign/queries.ts";
import { type Content, type PostOptions, LONGEST_STAY_HOURS } from "../../../content/content.ts";
import type { BotDeps, HeraldContext } from "../../context.ts";
import { type Translate, few } from "../../words.ts";
import { type At, draftButton, numberOf, showCard } from "./dialog.ts";

/** Options that are on or off. */
const SWITCHES = ["silent", "protect", "pin"] as const;
type Switch = (typeof SWITCHES)[number];

/** Offered as buttons, in hours; any whole number up to the last can be typed. */
const LIFETIMES = [1, 6, 12, 24, LONGEST_STAY_HOURS];

/** The card of options: how the post is sent, and what becomes of it afterwards. */
export async function askOptions(deps: BotDeps, ctx: HeraldContext, draft: number): Promise<At> {
  const { t } = ctx;
  const campaign = await getDraft(deps.scope, draft);
  const { content, audience } = campaign;
  const { options = {} } = content;
  const forChats = isForChats(audience);
  const toggle = (which: Switch) =>
    draftButton(draft, `${options[which] ? "✅ " : ""}${t(`option-${which}`)}`, "option", which);
  const hours = options.deleteAfterHours;
  const lifetime =
    hours === undefined ? t("option-delete") : `✅ ${t("option-delete")} · ${t("option-hours", { hours })}`;
  const keyboard = [
    [toggle("silent"), toggle("protect")],
    [...(forChats ? [toggle("pin")] : []), draftButton(draft, lifetime, "after")],
    [draftButton(draft, t("button-back"), "back")],
  ];
  const lines = [
    t("options-ask", { id: numberOf(campaign) }),
    t("options-note-silent"),
    t("options-note-protect"),
    ...(forChats ? [t("options-note-pin")] : []),
    t("options-note-delete"),
    ...(forChats ? [t("options-note-comments")] : []),
    ...(await lacking(deps, t, audience, options)),
  ];
  await showCard(ctx, { text: lines.join("\n"), keyboard });
  return { draft, expects: "label", keyboard };
}

/** Chats where the bot may not do what the options ask for. */
async function lacking(
  deps: BotDeps,
  t: Translate,
  audience: Audience,
  options: PostOptions,
): Promise<string[]> {
  if (!isForChats(audience)) return [];
  const chosen = new Set(audience.chats.map(({ chatId }) => chatId));
  const chats = (await listChats(deps.scope)).filter(({ chatId }) => chosen.has(chatId));
  const without = (right: "pin" | "delete") =>
    few(
      t,
      chats.flatMap(({ title, rights }) => (rights[right] ? [] : [title])),
    ).join(", ");
  const noPin = options.pin ? without("pin") : "";
  const noDelete = options.deleteAfterHours === undefined ? "" : without("delete");
  return [
    ...(noPin ? [t("options-cannot-pin", { chats: noPin })] : []),
    ...(noDelete ? [t("options-cannot-delete", { chats: noDelete })] : []),
  ];
}

/** An option was tapped; it is saved at once. */
export async function toggleOption(
  deps: BotDeps,
  ctx: HeraldContext,
  draft: number,
  argument: string,
): Promise<At> {
  const campaign = await getDraft(deps.scope, draft);
  const which = SWITCHES.find((known) => known === argument);
  // Pinning is for chats only, whatever an old button says.
  const offered = which !== undefined && (which !== "pin" || isForChats(campaign.audience));
  if (offered) {
    const { [which]: on, ...others } = campaign.content.options ?? {};
    await save(deps, ctx, campaign, on ? others : { ...others, [which]: true });
  }
  return askOptions(deps, ctx, draft);
}

/** `Delete after…`: without a number it asks for one, 0 means never. */
export async function chooseLifetime(
  deps: BotDeps,
  ctx: HeraldContext,
  draft: number,
  argument: string,
): Promise<At> {
  if (argument === "") return askLifetime(ctx, draft);
  const hours = Number(argument);
  if (argument !== "0" && !isLifetime(hours)) return askLifetime(ctx, draft);
  await setLifetime(deps, ctx, draft, hours);
  return askOptions(deps, ctx, draft);
}

async function askLifetime(ctx: HeraldContext, draft: number): Promise<At> {
  const { t } = ctx;
  const keyboard = [
    LIFETIMES.map((hours) => draftButton(draft, t("option-hours", { hours }), "after", String(hours))),
    [draftButton(draft, t("option-never"), "after", "0"), draftButton(draft, t("button-back"), "options")],
  ];
  await showCard(ctx, { text: t("lifetime-ask", { most: LONGEST_STAY_HOURS }), keyboard });
  return { draft, expects: "lifetime", keyboard };
}

/** Hours were typed, such as "36", "36 h" or "36 ч". */
export async function takeLifetime(deps: BotDeps, ctx: HeraldContext, at: At): Promise<At> {
  if (at.draft === null) return at;
  const hours = Number(
    /^(\d{1,3})\s*(?:h|hours?|ч|час(?:а|ов)?)?\.?$/i.exec(ctx.message?.text?.trim() ?? "")?.[1],
  );
  if (!isLifetime(hours)) {
    await ctx.reply(ctx.t("lifetime-wrong", { most: LONGEST_STAY_HOURS }));
    return at;
  }
  await setLifetime(deps, ctx, at.draft, hours);
  return askOptions(deps, ctx, at.draft);
}

function isLifetime(hours: number): boolean {
  return Number.isInteger(hours) && hours >= 1 && hours <= LONGEST_STAY_HOURS;
}

/** `hours` 0 means that the post stays. */
async function setLifetime(deps: BotDeps, ctx: HeraldContext, draft: number, hours: number): Promise<void> {
  const campaign = await getDraft(deps.scope, draft);
  const { deleteAfterHours: _, ...others } = campaign.content.options ?? {};
  await save(deps, ctx, campaign, hours === 0 ? others : { ...others, deleteAfterHours: hours });
}

async function save(
  deps: BotDeps,
  ctx: HeraldContext,
  campaign: { id: number; revision: number; content: Content },
  options: PostOptions,
): Promise<void> {
  const { options: _, ...content } = campaign.content;
  const some = Object.keys(options).length > 0;
  await editDraft(
    deps.scope,
    campaign,
    { content: some ? { ...content, options } : content },
    ctx.from?.id ?? 0,
  );
}

/** What is set, for the review card: "Options: silent, deleted after 24 h". Null when nothing is. */
export function optionsLine(t: Translate, { options = {} }: Pick<Content, "options">): string | null {
  const hours = options.deleteAfterHours;
  const set = [
    ...SWITCHES.filter((which) => options[which]).map((which) => t(`option-is-${which}`)),
    ...(hours === undefined ? [] : [t("option-is-deleted", { hours })]),
  ];
  return set.length > 0 ? t("review-options", { options: set.join(", ") }) : null;
}

export async function chooseEffect(
  deps: BotDeps,
  ctx: HeraldContext,
  draft: number,
  _argument: string,
): Promise<At> {
  return askOptions(deps, ctx, draft);
}

export async function takeEffect(_deps: BotDeps, _ctx: HeraldContext, at: At): Promise<At> {
  return at;
}
