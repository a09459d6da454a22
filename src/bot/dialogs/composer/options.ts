import { listChats } from "../../../audience/chats.ts";
import { type Audience, isForChats } from "../../../audience/segment.ts";
import { editDraft } from "../../../campaign/lifecycle.ts";
import { getDraft } from "../../../campaign/queries.ts";
import { type Content, type PostOptions, LONGEST_STAY_HOURS, versionsOf } from "../../../content/content.ts";
import type { BotDeps, HeraldContext } from "../../context.ts";
import { FREE_EFFECTS, SWITCHES, type Switch, effectName } from "../../summary.ts";
import { type Translate, few } from "../../words.ts";
import { type At, draftButton, numberOf, pairs, showCard } from "./dialog.ts";

/** Offered as buttons, in hours; any whole number up to the last can be typed. */
export const LIFETIMES = [1, 6, 12, 24, LONGEST_STAY_HOURS];

/** The card of options: how the post is sent, and what becomes of it afterwards. */
export async function askOptions(deps: BotDeps, ctx: HeraldContext, draft: number): Promise<At> {
  const { t } = ctx;
  const campaign = await getDraft(deps.scope, draft);
  const { content, audience } = campaign;
  const { options = {} } = content;
  const forChats = isForChats(audience);
  const forwardable = canForward(content);
  const switches = SWITCHES.filter((which) => which !== "forward" || forwardable);
  const { effect } = options;
  const playing =
    effect === undefined ? t("option-effect") : `✅ ${t("option-effect")} · ${effectName(t, effect)}`;
  const buttons = [
    ...switches.map((which) => draftButton(draft, switchLabel(t, options, which), "option", which)),
    // Effects play in private chats only.
    ...(forChats ? [] : [draftButton(draft, playing, "effect")]),
    draftButton(draft, lifetimeLabel(t, options), "after"),
  ];
  const keyboard = [...pairs(buttons), [draftButton(draft, t("button-back"), "back")]];
  const lines = [
    t("options-ask", { id: numberOf(campaign) }),
    t("options-note-silent"),
    t("options-note-protect"),
    t("options-note-noPreview"),
    ...(forwardable ? [t("options-note-forward")] : []),
    t(forChats ? "options-note-pin" : "options-note-pin-people"),
    ...(forChats ? [] : [t("options-note-effect")]),
    t("options-note-delete"),
    ...(forChats ? [t("options-note-comments")] : []),
    ...(await lacking(deps, t, audience, options)),
  ];
  await showCard(ctx, { text: lines.join("\n"), keyboard });
  return { draft, expects: "label", keyboard };
}

/** A post is forwarded from the messages that it was taken from. */
function canForward(content: Content): boolean {
  const known = versionsOf(content).every(({ version }) => version.source !== undefined);
  return known || content.options?.forward === true;
}

/** "✅ Silent" */
export function switchLabel(t: Translate, options: PostOptions, which: Switch): string {
  return `${options[which] ? "✅ " : ""}${t(`option-${which}`)}`;
}

/** "✅ Delete after… · 24 h" */
export function lifetimeLabel(t: Translate, { deleteAfterHours: hours }: PostOptions): string {
  return hours === undefined
    ? t("option-delete")
    : `✅ ${t("option-delete")} · ${t("option-hours", { hours })}`;
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
  const { content } = campaign;
  // An old button may say what the post no longer allows.
  const offered = which !== "forward" || canForward(content);
  if (which && offered) await save(deps, ctx, campaign, switched(campaign.content.options, which));
  return askOptions(deps, ctx, draft);
}

/** The other way round from how it is. */
export function switched(options: PostOptions = {}, which: Switch): PostOptions {
  const { [which]: on, ...others } = options;
  return on ? others : { ...others, [which]: true };
}

/** `Effect…`: without an id it asks for one, 0 means none. */
export async function chooseEffect(
  deps: BotDeps,
  ctx: HeraldContext,
  draft: number,
  argument: string,
): Promise<At> {
  if (argument !== "0" && !FREE_EFFECTS.has(argument)) return askEffect(ctx, draft);
  await setEffect(deps, ctx, draft, argument === "0" ? null : argument);
  return askOptions(deps, ctx, draft);
}

async function askEffect(ctx: HeraldContext, draft: number): Promise<At> {
  const { t } = ctx;
  const keyboard = [
    [...FREE_EFFECTS].map(([id, emoji]) => draftButton(draft, emoji, "effect", id)),
    [draftButton(draft, t("effect-none"), "effect", "0"), draftButton(draft, t("button-back"), "options")],
  ];
  await showCard(ctx, { text: t("effect-ask"), keyboard });
  return { draft, expects: "effect", keyboard };
}

/** A message came with an effect, which is taken, or one of the emoji was typed. */
export async function takeEffect(deps: BotDeps, ctx: HeraldContext, at: At): Promise<At> {
  if (at.draft === null) return at;
  const { effect_id: own, text = "" } = ctx.message ?? {};
  const effect = own ?? [...FREE_EFFECTS].find(([, emoji]) => bare(emoji) === bare(text))?.[0];
  if (effect === undefined) {
    await ctx.reply(ctx.t("effect-wrong"));
    return at;
  }
  await setEffect(deps, ctx, at.draft, effect);
  return askOptions(deps, ctx, at.draft);
}

/** An emoji without the mark that asks for its coloured form: ❤️ is typed as ❤, too. */
function bare(emoji: string): string {
  return emoji.trim().replaceAll("\uFE0F", "");
}

async function setEffect(
  deps: BotDeps,
  ctx: HeraldContext,
  draft: number,
  effect: string | null,
): Promise<void> {
  const campaign = await getDraft(deps.scope, draft);
  const { effect: _, ...others } = campaign.content.options ?? {};
  await save(deps, ctx, campaign, effect === null ? others : { ...others, effect });
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
