import {
  type Audience,
  type LanguageCounts,
  type People,
  EVERYONE,
  NOBODY,
  isForChats,
  isNobody,
} from "../../../../audience/segment/audience.ts";
import { editDraft } from "../../../../campaign/actions/edit-draft.ts";
import type { Campaign } from "../../../../campaign/campaign.ts";
import { getDraft } from "../../../../campaign/queries.ts";
import { type RecipientCount, countChosen, countTogglesOf } from "../../../../campaign/recipients-of.ts";
import type { BotDeps } from "../../../ui/bot-context.ts";
import { readToggle, toggleData } from "../../../ui/callback-data.ts";
import { type SendingBot, nameOfBot, severalBots } from "../../../ui/sending-bots.ts";
import { botsOf } from "../../../../campaign/bundle.ts";
import { shareLines } from "../../../ui/bundle-words.ts";
import { fromButton } from "../post/from-bot.ts";
import { cut, languageName } from "../../../ui/words.ts";
import { askChats } from "./chat-list.ts";
import { leaveChats } from "./chosen-chats.ts";
import type { At } from "../dialog/at.ts";
import { type Card, type Keyboard, pairs } from "../../../ui/card.ts";
import { showToast, showAlert } from "../../../ui/replies.ts";
import { describeAudience, nameAudience, reachOf } from "../../../ui/audience-words.ts";
import { draftButton, numberOf } from "../dialog/draft-button.ts";
import { showCard } from "../dialog/show-card.ts";
import type { NamesOf, Tap, StepContext } from "../dialog/step.ts";

/** The most of the conditions in words. */
const LONGEST = 1_000;

/** Step 2: a card with one toggle per language and current counts, or the list of chats if some are chosen. */
export async function askAudience(deps: BotDeps, ctx: StepContext, draft: number): Promise<At> {
  const { audience } = await getDraft(deps.scope, draft);
  return isForChats(audience) ? askChats(deps, ctx, draft) : askLanguages(deps, ctx, draft);
}

export async function peopleInstead(deps: BotDeps, ctx: StepContext, draft: number): Promise<At> {
  await leaveChats(deps, ctx, draft);
  return askLanguages(deps, ctx, draft);
}

async function askLanguages(deps: BotDeps, ctx: StepContext, draft: number): Promise<At> {
  const campaign = await getDraft(deps.scope, draft);
  return show(deps, ctx, campaign, await countTogglesOf(deps.scope, campaign, deps.clock.now()));
}

/** Saves the choice when a toggle is tapped. It replaces an audience of chats. */
export async function toggle(
  deps: BotDeps,
  ctx: StepContext,
  draft: number,
  which: "all" | "others" | "lang",
  argument: string,
): Promise<At> {
  const wanted = readToggle(argument);
  const language = wanted?.what ?? "";
  const campaign = await getDraft(deps.scope, draft);
  const counts = await countTogglesOf(deps.scope, campaign, deps.clock.now());
  const before = peopleOf(campaign.audience);
  const shown = counts.languages.map((row) => row.language);
  // The data of a button comes from outside: only a language that is shown or was chosen is accepted.
  const known = which !== "lang" || shown.includes(language) || before.languages.includes(language);
  if (!known || wanted?.on !== !isChosen(before, which, language)) {
    await showToast(ctx, ctx.t("screen-outdated"));
    return show(deps, ctx, campaign, counts);
  }
  const { segment, first } = before;
  const changed = {
    ...applyToggle(before, which, language, shown),
    ...(segment && { segment }),
    ...(first !== undefined && { first }),
  };
  await editDraft(deps.scope, ctx.actor, campaign, { audience: changed });
  if (isForChats(campaign.audience) && ctx.callbackQuery)
    await ctx.answerCallbackQuery({ text: ctx.t("chats-cleared") });
  return show(deps, ctx, { ...campaign, audience: changed }, counts);
}

/** Whether a person who has several of the bots gets the post once, or from each. */
async function toggleOnce(deps: BotDeps, ctx: StepContext, draft: number, argument: string): Promise<At> {
  const campaign = await getDraft(deps.scope, draft);
  const on = readToggle(argument)?.on;
  if (campaign.bots === null || on === undefined || on === campaign.eachOnce)
    await showToast(ctx, ctx.t("screen-outdated"));
  else await editDraft(deps.scope, ctx.actor, campaign, { eachOnce: on });
  return askAudience(deps, ctx, draft);
}

/** The command imports people for the home; those of another bot come by the API. */
async function nobodyYet({ scope }: BotDeps, { t }: StepContext, campaign: Campaign): Promise<string> {
  const { botId, bots } = campaign;
  if (bots) return t("audience-empty-several");
  if (botId === scope.homeId) return t("audience-empty");
  return t("audience-empty-elsewhere", { bot: nameOfBot(await severalBots(scope), botId) ?? String(botId) });
}

/**
 * Continues with the review, or after /schedule with the time. An empty audience is refused, never read as everyone. `from`
 * says which card the button was on, because the audience may still be of the other kind.
 */
export async function continueFromAudience(
  deps: BotDeps,
  ctx: StepContext,
  draft: number,
  from: string,
  isTimed = false,
): Promise<At> {
  const campaign = await getDraft(deps.scope, draft);
  const { audience } = campaign;
  const count = await countChosen(deps.scope, campaign, deps.clock.now());
  if (isForChats(audience) || from === "chats") {
    const chosen = isForChats(audience) && audience.chats.length > 0;
    if (!chosen || count.reachable === 0) {
      await showAlert(ctx, ctx.t(chosen ? "chats-none-usable" : "chats-nothing"));
      return askChats(deps, ctx, draft);
    }
  } else if (count.reachable === 0) {
    const everyone = await countChosen(deps.scope, { ...campaign, audience: EVERYONE }, deps.clock.now());
    await showAlert(
      ctx,
      everyone.reachable === 0
        ? await nobodyYet(deps, ctx, campaign)
        : ctx.t(audience.segment && !isNobody(audience) ? "audience-nobody-meets" : "audience-nobody"),
    );
    return show(deps, ctx, campaign, await countTogglesOf(deps.scope, campaign, deps.clock.now()));
  }
  if (ctx.callbackQuery)
    await showCard(ctx, {
      text: ctx.t("audience-done", {
        audience: await nameAudience(deps.scope, ctx.t, campaign),
        people: reachOf(ctx.t, audience, count),
      }),
      keyboard: [],
    });
  if (!isTimed) return ctx.goTo("review", draft);
  // After /schedule, the time comes before the first review, but not again.
  return { ...(await ctx.goTo("when", draft, "review")), timed: false };
}

/** `All languages` is on or off as a whole. While it is on, a tap on a language starts a choice with only that one. */
export function applyToggle(
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

/** Whether a toggle is on. With all languages, no single one is. */
function isChosen(
  { languages, othersThan }: People,
  which: "all" | "others" | "lang",
  language: string,
): boolean {
  if (which === "all") return languages === "all";
  return which === "others" ? othersThan !== undefined : languages !== "all" && languages.includes(language);
}

async function show(
  deps: BotDeps,
  ctx: StepContext,
  campaign: Campaign,
  counts: LanguageCounts,
): Promise<At> {
  // For an audience of chats, all toggles are off.
  const people = { ...campaign, audience: peopleOf(campaign.audience) };
  const count = await countChosen(deps.scope, people, deps.clock.now());
  const card = audienceCard(ctx, people, counts, count, await severalBots(deps.scope));
  await showCard(ctx, card);
  return { draft: campaign.id, expects: "label", keyboard: card.keyboard };
}

function audienceCard(
  ctx: StepContext,
  campaign: Campaign & { audience: People },
  { all, languages, others }: LanguageCounts,
  { reachable, shares, several = 0 }: RecipientCount,
  bots: readonly SendingBot[],
): Card {
  const { id: draft, audience: people, eachOnce } = campaign;
  const number = new Intl.NumberFormat(ctx.locale);
  const toggle = (which: "all" | "others" | "lang", label: string, count: number, language = "") => {
    const on = isChosen(people, which, language);
    const text = `${on ? "✅ " : ""}${label} · ${number.format(count)}`;
    return draftButton(draft, text, which, toggleData(language, on));
  };
  const toggles = languages.map(({ language, count }) =>
    toggle("lang", languageName(language), count, language),
  );
  const keyboard: Keyboard = [
    [toggle("all", ctx.t("audience-all"), all)],
    ...pairs(toggles),
    ...(others > 0 ? [[toggle("others", ctx.t("audience-others"), others)]] : []),
    ...(campaign.bots
      ? [
          [
            draftButton(
              draft,
              `${eachOnce ? "✅ " : ""}${ctx.t("audience-once")}`,
              "eachonce",
              toggleData("", eachOnce),
            ),
          ],
        ]
      : []),
    // A change is sent by the bot of its campaign.
    ...(bots.length > 0 && campaign.changes === null
      ? [[fromButton(ctx, bots, draft, botsOf(campaign))]]
      : []),
    [
      draftButton(draft, ctx.t("audience-filter"), "filter"),
      draftButton(draft, ctx.t("audience-exclude"), "exclude"),
    ],
    [
      draftButton(draft, ctx.t("audience-lists"), "lists"),
      draftButton(draft, ctx.t("audience-saved"), "saved"),
    ],
    [draftButton(draft, ctx.t("audience-to-chats"), "chats")],
    [draftButton(draft, ctx.t("audience-continue"), "continue")],
  ];
  const text = [
    ctx.t("audience-ask", { id: numberOf(campaign), people: ctx.t("people", { count: reachable }) }),
    ...(people.segment || people.first !== undefined
      ? [cut(describeAudience(ctx.t, people), LONGEST, "…")]
      : []),
    ...(shares ? shareLines(ctx.t, bots, { shares, several, eachOnce }) : []),
  ].join("\n");
  return { text, keyboard };
}

/** For an audience of chats, all toggles are off. */
function peopleOf(audience: Audience): People {
  return isForChats(audience) ? NOBODY : audience;
}

export const peopleStep = {
  taps: {
    audience: ({ deps, ctx, draft }: Tap) => askAudience(deps, ctx, draft),
    all: ({ deps, ctx, draft, argument }: Tap) => toggle(deps, ctx, draft, "all", argument),
    others: ({ deps, ctx, draft, argument }: Tap) => toggle(deps, ctx, draft, "others", argument),
    lang: ({ deps, ctx, draft, argument }: Tap) => toggle(deps, ctx, draft, "lang", argument),
    eachonce: ({ deps, ctx, draft, argument }: Tap) => toggleOnce(deps, ctx, draft, argument),
    people: ({ deps, ctx, draft }: Tap) => peopleInstead(deps, ctx, draft),
    continue: ({ deps, ctx, at, draft, argument }: Tap) =>
      continueFromAudience(deps, ctx, draft, argument, at.timed),
  },
};

declare module "../dialog/step.ts" {
  interface Verbs extends NamesOf<typeof peopleStep.taps, "people"> {}
}
