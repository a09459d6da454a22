import {
  type Audience,
  type LanguageCounts,
  EVERYONE,
  NOBODY,
  countAudience,
  countLanguages,
} from "../../../audience/segment.ts";
import { editDraft } from "../../../campaign/lifecycle.ts";
import { getDraft } from "../../../campaign/queries.ts";
import { type Card, type Keyboard, describeAudience } from "../../card.ts";
import type { BotDeps, HeraldContext } from "../../context.ts";
import { languageName } from "../../words.ts";
import { type At, draftButton, showCard } from "./dialog.ts";
import { review } from "./review.ts";

/** Step 2: a card with a toggle a language and live counts. */
export async function askAudience(deps: BotDeps, ctx: HeraldContext, draft: number): Promise<At> {
  const { audience } = await getDraft(deps.scope, draft);
  return show(deps, ctx, draft, audience, await countLanguages(deps.scope));
}

/** A toggle was tapped; the choice is saved at once. */
export async function toggle(
  deps: BotDeps,
  ctx: HeraldContext,
  draft: number,
  which: "all" | "others" | "lang",
  language: string,
): Promise<At> {
  const campaign = await getDraft(deps.scope, draft);
  const counts = await countLanguages(deps.scope);
  const shown = counts.languages.map((row) => row.language);
  // What a button's data holds comes from outside: only a language that is shown, or was chosen, is taken.
  const known =
    which !== "lang" || shown.includes(language) || campaign.audience.languages.includes(language);
  if (!known) return show(deps, ctx, draft, campaign.audience, counts);
  const changed = toggled(campaign.audience, which, language, shown);
  await editDraft(deps.scope, campaign, { audience: changed }, ctx.from?.id ?? 0);
  return show(deps, ctx, draft, changed, counts);
}

/** Goes on to the review. An audience of nobody is refused, never read as everyone. */
export async function continueFromAudience(deps: BotDeps, ctx: HeraldContext, draft: number): Promise<At> {
  const { audience } = await getDraft(deps.scope, draft);
  const { reachable } = await countAudience(deps.scope, audience);
  if (reachable === 0) {
    const everyone = await countAudience(deps.scope, EVERYONE);
    const text = ctx.t(everyone.reachable === 0 ? "audience-empty" : "audience-nobody");
    if (ctx.callbackQuery) await ctx.answerCallbackQuery({ text, show_alert: text.length <= 200 });
    else await ctx.reply(text);
    return show(deps, ctx, draft, audience, await countLanguages(deps.scope));
  }
  if (ctx.callbackQuery)
    await showCard(ctx, {
      text: ctx.t("audience-done", {
        audience: describeAudience(ctx.t, audience),
        people: ctx.t("people", { count: reachable }),
      }),
      keyboard: [],
    });
  return review(deps, ctx, draft);
}

/** Pure. `All languages` is on or off as a whole; from it, a tap on one language begins a choice with that one. */
export function toggled(
  audience: Audience,
  which: "all" | "others" | "lang",
  language: string,
  shown: string[],
): Audience {
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
  draft: number,
  audience: Audience,
  counts: LanguageCounts,
): Promise<At> {
  const { reachable } = await countAudience(deps.scope, audience);
  const card = audienceCard(ctx, draft, audience, counts, reachable);
  await showCard(ctx, card);
  return { draft, expects: "label", keyboard: card.keyboard };
}

function audienceCard(
  ctx: HeraldContext,
  draft: number,
  audience: Audience,
  { all, languages, others }: LanguageCounts,
  reachable: number,
): Card {
  const number = new Intl.NumberFormat(ctx.locale);
  const everyone = audience.languages === "all";
  const toggle = (
    on: boolean,
    label: string,
    count: number,
    verb: "all" | "others" | "lang",
    argument = "",
  ) => draftButton(draft, `${on ? "✅ " : ""}${label} · ${number.format(count)}`, verb, argument);
  const own = languages.map(({ language, count }) =>
    toggle(
      !everyone && audience.languages.includes(language),
      languageName(language),
      count,
      "lang",
      language,
    ),
  );
  const keyboard: Keyboard = [
    [toggle(everyone, ctx.t("audience-all"), all, "all")],
    ...pairs(own),
    ...(others > 0
      ? [[toggle(audience.othersThan !== undefined, ctx.t("audience-others"), others, "others")]]
      : []),
    [draftButton(draft, ctx.t("audience-continue"), "continue")],
  ];
  return {
    text: ctx.t("audience-ask", { id: String(draft), people: ctx.t("people", { count: reachable }) }),
    keyboard,
  };
}

function pairs<T>(items: T[]): T[][] {
  return items.flatMap((_, index) => (index % 2 === 0 ? [items.slice(index, index + 2)] : []));
}
