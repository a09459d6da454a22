import {
  type Audience,
  type LanguageCounts,
  type People,
  EVERYONE,
  NOBODY,
  countAudience,
  countLanguages,
  isForChats,
} from "../../../audience/segment.ts";
import { editDraft } from "../../../campaign/lifecycle.ts";
import type { Campaign } from "../../../campaign/campaign.ts";
import { getDraft } from "../../../campaign/queries.ts";
import type { Card, Keyboard } from "../../card.ts";
import type { BotDeps, HeraldContext } from "../../context.ts";
import { languageName } from "../../words.ts";
import { askChats } from "./chat-list.ts";
import { leaveChats, nameAudience, reachOf } from "./chats.ts";
import { type At, draftButton, numberOf, pairs, say, showCard } from "./dialog.ts";
import { review } from "./review.ts";

/** Step 2: a card with a toggle a language and live counts, or the chats when some are chosen. */
export async function askAudience(deps: BotDeps, ctx: HeraldContext, draft: number): Promise<At> {
  const { audience } = await getDraft(deps.scope, draft);
  return isForChats(audience) ? askChats(deps, ctx, draft) : askLanguages(deps, ctx, draft);
}

/** `People instead` was tapped. */
export async function peopleInstead(deps: BotDeps, ctx: HeraldContext, draft: number): Promise<At> {
  await leaveChats(deps, ctx, draft);
  return askLanguages(deps, ctx, draft);
}

async function askLanguages(deps: BotDeps, ctx: HeraldContext, draft: number): Promise<At> {
  return show(deps, ctx, await getDraft(deps.scope, draft), await countLanguages(deps.scope));
}

/** A toggle was tapped; the choice is saved at once. One of chats gives way to it. */
export async function toggle(
  deps: BotDeps,
  ctx: HeraldContext,
  draft: number,
  which: "all" | "others" | "lang",
  language: string,
): Promise<At> {
  const campaign = await getDraft(deps.scope, draft);
  const counts = await countLanguages(deps.scope);
  const before = peopleOf(campaign.audience);
  const shown = counts.languages.map((row) => row.language);
  // What a button's data holds comes from outside: only a language that is shown, or was chosen, is taken.
  const known = which !== "lang" || shown.includes(language) || before.languages.includes(language);
  if (!known) return show(deps, ctx, campaign, counts);
  const changed = toggled(before, which, language, shown);
  await editDraft(deps.scope, campaign, { audience: changed }, ctx.from?.id ?? 0);
  if (isForChats(campaign.audience) && ctx.callbackQuery)
    await ctx.answerCallbackQuery({ text: ctx.t("chats-cleared") });
  return show(deps, ctx, { ...campaign, audience: changed }, counts);
}

/**
 * Goes on to the review, or what else comes `next`. An audience of nobody is refused, never read as everyone; `from` says which card the button
 * stood on, for the choice may still be one of the other kind.
 */
export async function continueFromAudience(
  deps: BotDeps,
  ctx: HeraldContext,
  draft: number,
  from: string,
  next = review,
): Promise<At> {
  const campaign = await getDraft(deps.scope, draft);
  const { audience } = campaign;
  const count = await countAudience(deps.scope, audience);
  if (isForChats(audience) || from === "chats") {
    const chosen = isForChats(audience) && audience.chats.length > 0;
    if (!chosen || count.reachable === 0) {
      await say(ctx, ctx.t(chosen ? "chats-none-usable" : "chats-nothing"));
      return askChats(deps, ctx, draft);
    }
  } else if (count.reachable === 0) {
    const everyone = await countAudience(deps.scope, EVERYONE);
    await say(ctx, ctx.t(everyone.reachable === 0 ? "audience-empty" : "audience-nobody"));
    return show(deps, ctx, campaign, await countLanguages(deps.scope));
  }
  if (ctx.callbackQuery)
    await showCard(ctx, {
      text: ctx.t("audience-done", {
        audience: await nameAudience(deps, ctx.t, audience),
        people: reachOf(ctx.t, audience, count),
      }),
      keyboard: [],
    });
  return next(deps, ctx, draft);
}

/** Pure. `All languages` is on or off as a whole; from it, a tap on one language begins a choice with that one. */
export function toggled(
  audience: People,
  which: "all" | "others" | "lang",
  language: string,
  shown: string[],
): People {
  if (which === "all") return audience.languages === "all" ? NOBODY : EVERYONE;
  const { languages, othersThan } = audience.languages === "all" ? NOBODY : audience;
  const chosen = languages === "all" ? [] : languages;
  if (which === "others")
    return othersThan ? { languages: chosen } : { languages: chosen, othersThan: shown };
  const rest = chosen.filter((one) => one !== language);
  return {
    languages: rest.length < chosen.length ? rest : [...chosen, language],
    ...(othersThan && { othersThan }),
  };
}

async function show(
  deps: BotDeps,
  ctx: HeraldContext,
  campaign: Campaign,
  counts: LanguageCounts,
): Promise<At> {
  const { reachable } = await countAudience(deps.scope, campaign.audience);
  const card = audienceCard(ctx, campaign, counts, reachable);
  await showCard(ctx, card);
  return { draft: campaign.id, expects: "label", keyboard: card.keyboard };
}

function audienceCard(
  ctx: HeraldContext,
  campaign: Campaign,
  { all, languages, others }: LanguageCounts,
  reachable: number,
): Card {
  const { id: draft, audience } = campaign;
  const number = new Intl.NumberFormat(ctx.locale);
  const people = peopleOf(audience);
  const everyone = people.languages === "all";
  const toggle = (
    on: boolean,
    label: string,
    count: number,
    verb: "all" | "others" | "lang",
    argument = "",
  ) => draftButton(draft, `${on ? "✅ " : ""}${label} · ${number.format(count)}`, verb, argument);
  const own = languages.map(({ language, count }) =>
    toggle(!everyone && people.languages.includes(language), languageName(language), count, "lang", language),
  );
  const keyboard: Keyboard = [
    [toggle(everyone, ctx.t("audience-all"), all, "all")],
    ...pairs(own),
    ...(others > 0
      ? [[toggle(people.othersThan !== undefined, ctx.t("audience-others"), others, "others")]]
      : []),
    [draftButton(draft, ctx.t("audience-to-chats"), "chats")],
    [draftButton(draft, ctx.t("audience-continue"), "continue")],
  ];
  return {
    text: ctx.t("audience-ask", { id: numberOf(campaign), people: ctx.t("people", { count: reachable }) }),
    keyboard,
  };
}

/** The toggles of an audience of chats are all off. */
function peopleOf(audience: Audience): People {
  return isForChats(audience) ? NOBODY : audience;
}
