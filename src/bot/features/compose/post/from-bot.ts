import { MOST_BOTS } from "../../../../audience/segment/joint-count.ts";
import { chooseBots } from "../../../../campaign/actions/choose-bots.ts";
import { botsOf } from "../../../../campaign/bundle.ts";
import { getDraft } from "../../../../campaign/queries.ts";
import { nameBots } from "../../../ui/bundle-words.ts";
import { mainBot } from "../../../../db/scope.ts";
import type { BotDeps, HeraldContext } from "../../../ui/bot-context.ts";
import { readToggle, toggleData } from "../../../ui/callback-data.ts";
import { type Card, type Keyboard, pairs } from "../../../ui/card.ts";
import { showToast } from "../../../ui/replies.ts";
import { type SendingBot, allBots, pageOfBots, placeOfBot, severalBots } from "../../../ui/sending-bots.ts";
import { type At, NO_DRAFT } from "../dialog/at.ts";
import { draftButton } from "../dialog/draft-button.ts";
import { showCard } from "../dialog/show-card.ts";
import type { NamesOf, StepContext, Tap } from "../dialog/step.ts";

/* From which bots a post is sent, where the home has several: one or, ticked one by one, several. */

/**
 * Says from which bots the post will be sent, with a button to change them. Null if there is only the home's own: an admin
 * who may use nothing but another one is told.
 */
export async function fromCard(
  deps: BotDeps,
  { t }: HeraldContext,
  chosen: readonly number[] = [mainBot(deps.scope)],
): Promise<Card | null> {
  const bots = await allBots(deps.scope);
  if (bots.every(({ botId }) => botId === deps.scope.homeId)) return null;
  const names = nameBots(t, bots, chosen);
  const text = chosen.length > 1 ? t("from-note-several", { bots: names }) : t("from-note", { bot: names });
  return { text, keyboard: bots.length > 1 ? [[fromButton({ t }, bots, NO_DRAFT, chosen)]] : [] };
}

/** `From: @shop_bot`, the way to change it. */
export function fromButton(
  { t }: Pick<HeraldContext, "t">,
  bots: readonly SendingBot[],
  draft: number,
  chosen: readonly number[],
): Keyboard[number][number] {
  return draftButton(draft, t("card-from", { bot: nameBots(t, bots, chosen) }), "from", "0");
}

/** The bots that were chosen before there is a draft. */
export function botsAt({ bots, bot }: Pick<At, "bots" | "bot">): number[] | undefined {
  return bots ?? (bot === undefined ? undefined : [bot]);
}

async function chosenOf({ deps: { scope }, at, draft }: Tap): Promise<readonly number[]> {
  return draft === NO_DRAFT ? (botsAt(at) ?? [mainBot(scope)]) : botsOf(await getDraft(scope, draft));
}

/** Saves the choice with the draft or, before there is one, with the dialog. */
async function choose({ deps, ctx, at, draft }: Tap, bots: readonly number[]): Promise<At> {
  if (draft === NO_DRAFT) return { ...at, bots: [...bots] };
  await chooseBots(deps.scope, ctx.actor, await getDraft(deps.scope, draft), bots);
  return at;
}

/** Shows the bots to choose from: one by a tap, or several. The page comes from outside. */
async function askBot(tap: Tap): Promise<At> {
  const { deps, ctx, at, draft, argument } = tap;
  const { t } = ctx;
  const chosen = await chosenOf(tap);
  if (chosen.length > 1) return askSeveral(tap);
  const bots = await severalBots(deps.scope);
  const page = pageOfBots(bots, pageIn(argument));
  const keyboard: Keyboard = [
    ...pairs(
      page.shown.map(({ botId, name }) =>
        draftButton(draft, `${chosen.includes(botId) ? "✅ " : ""}${name}`, "bot", String(botId)),
      ),
    ),
    ...turns(ctx, page, draft, "from"),
    ...(bots.length > 1 ? [[draftButton(draft, t("from-several-button"), "several", "0")]] : []),
    ...(draft === NO_DRAFT ? [] : [[draftButton(draft, t("button-back"), "audience")]]),
  ];
  await showCard(ctx, { text: t("from-ask"), keyboard });
  return { ...at, ...(draft !== NO_DRAFT && { draft, expects: "label" }), keyboard };
}

/** Shows the bots with a toggle each. The page comes from outside. */
async function askSeveral(tap: Tap): Promise<At> {
  const { deps, ctx, at, draft, argument } = tap;
  const { t } = ctx;
  const bots = await severalBots(deps.scope);
  const chosen = await chosenOf(tap);
  const page = pageOfBots(bots, pageIn(argument));
  const keyboard: Keyboard = [
    ...pairs(
      page.shown.map(({ botId, name }) => {
        const on = chosen.includes(botId);
        return draftButton(draft, `${on ? "✅ " : ""}${name}`, "with", toggleData(String(botId), on));
      }),
    ),
    ...turns(ctx, page, draft, "several"),
    [draftButton(draft, t("audience-continue"), "chosen")],
  ];
  await showCard(ctx, { text: t("from-ask-several", { bots: nameBots(t, bots, chosen) }), keyboard });
  return { ...at, ...(draft !== NO_DRAFT && { draft, expects: "label" }), keyboard };
}

function turns(
  { t }: StepContext,
  { before, after }: { before: number | null; after: number | null },
  draft: number,
  verb: "from" | "several",
): Keyboard {
  const turn = (page: number | null, key: string) =>
    page === null ? [] : [draftButton(draft, t(key), verb, String(page))];
  const row = [...turn(before, "chats-previous"), ...turn(after, "chats-next")];
  return row.length > 0 ? [row] : [];
}

function pageIn(argument: string): number {
  return /^\d{1,4}$/.test(argument) ? Number(argument) : 0;
}

/** A bot was tapped: it alone. The id comes from outside. */
async function chooseOne(tap: Tap): Promise<At> {
  const { deps, ctx, at, argument } = tap;
  const bot = (await severalBots(deps.scope)).find(({ botId }) => String(botId) === argument)?.botId;
  if (bot === undefined) await showToast(ctx, ctx.t("list-outdated"));
  return goOn({ ...tap, at: bot === undefined ? at : await choose(tap, [bot]) });
}

/** A bot was ticked or unticked. The last one stays: a post has a bot. */
async function toggleOne(tap: Tap): Promise<At> {
  const { deps, ctx, at, argument } = tap;
  const wanted = readToggle(argument);
  const bots = await severalBots(deps.scope);
  const place = placeOfBot(bots, wanted?.what ?? "");
  const chosen = await chosenOf(tap);
  const bot = bots.find(({ botId }) => String(botId) === wanted?.what)?.botId;
  const again = (after: At) => askSeveral({ ...tap, at: after, argument: String(place?.page ?? 0) });
  if (!wanted || bot === undefined || wanted.on === chosen.includes(bot)) {
    await showToast(ctx, ctx.t("screen-outdated"));
    return again(at);
  }
  const others = chosen.filter((one) => one !== bot);
  const fault =
    !wanted.on && others.length === 0
      ? ctx.t("from-at-least-one")
      : wanted.on && chosen.length >= MOST_BOTS
        ? ctx.t("error-bots-too-many", { count: MOST_BOTS })
        : null;
  if (fault !== null) {
    await showToast(ctx, fault);
    return again(at);
  }
  return again(await choose(tap, wanted.on ? [...others, bot] : others));
}

/** Back to where the bots were changed: the request for the post, or the audience. */
async function goOn({ deps, ctx, at, draft }: Tap): Promise<At> {
  if (draft !== NO_DRAFT) return ctx.goTo("audience", draft);
  const card = await fromCard(deps, ctx, botsAt(at));
  // It may have become the only one.
  await showCard(ctx, card ?? { text: ctx.t("post-ask"), keyboard: [] });
  return { ...at, keyboard: card?.keyboard ?? [] };
}

export const fromStep = {
  taps: { from: askBot, bot: chooseOne, several: askSeveral, with: toggleOne, chosen: goOn },
  early: ["from" as const, "bot" as const, "several" as const, "with" as const, "chosen" as const],
};

declare module "../dialog/step.ts" {
  interface Verbs extends NamesOf<typeof fromStep.taps, "from"> {}
}
