import { mainBot } from "../../../../db/scope.ts";
import type { BotDeps, HeraldContext } from "../../../ui/bot-context.ts";
import { type Card, type Keyboard, pairs } from "../../../ui/card.ts";
import { showToast } from "../../../ui/replies.ts";
import { nameOfBot, pageOfBots, severalBots } from "../../../ui/sending-bots.ts";
import { type At, NO_DRAFT } from "../dialog/at.ts";
import { draftButton } from "../dialog/draft-button.ts";
import { showCard } from "../dialog/show-card.ts";
import type { NamesOf, StepContext, Tap } from "../dialog/step.ts";

/* From which bot a new post is sent, where the home has several. Once the post is there, the draft belongs to that bot. */

/** Says from which bot the post will be sent, with a button to change it. Null if the home has only one. */
export async function fromCard(
  deps: BotDeps,
  { t }: HeraldContext,
  bot = mainBot(deps.scope),
): Promise<Card | null> {
  const name = nameOfBot(await severalBots(deps.scope), bot);
  if (name === null) return null;
  const button = draftButton(NO_DRAFT, t("card-from", { bot: name }), "from", "0");
  return { text: t("from-note", { bot: name }), keyboard: [[button]] };
}

/** Shows the bots to choose from. The page comes from outside. */
async function askBot(deps: BotDeps, ctx: StepContext, at: At, argument: string): Promise<At> {
  const { t } = ctx;
  const bots = await severalBots(deps.scope);
  const { shown, before, after } = pageOfBots(bots, /^\d{1,4}$/.test(argument) ? Number(argument) : 0);
  const turn = (page: number | null, key: string) =>
    page === null ? [] : [draftButton(NO_DRAFT, t(key), "from", String(page))];
  const turns = [...turn(before, "chats-previous"), ...turn(after, "chats-next")];
  const chosen = at.bot ?? mainBot(deps.scope);
  const keyboard: Keyboard = [
    ...pairs(
      shown.map(({ botId, name }) =>
        draftButton(NO_DRAFT, `${botId === chosen ? "✅ " : ""}${name}`, "bot", String(botId)),
      ),
    ),
    ...(turns.length > 0 ? [turns] : []),
  ];
  await showCard(ctx, { text: t("from-ask"), keyboard });
  return { ...at, keyboard };
}

/** A bot was tapped; the post is still asked for. The id comes from outside. */
async function chooseBot(deps: BotDeps, ctx: StepContext, at: At, argument: string): Promise<At> {
  const bot = (await severalBots(deps.scope)).find(({ botId }) => String(botId) === argument)?.botId;
  if (bot === undefined) await showToast(ctx, ctx.t("list-outdated"));
  const chosen = bot === undefined ? at : { ...at, bot };
  const card = await fromCard(deps, ctx, chosen.bot);
  // It may have become the only one.
  await showCard(ctx, card ?? { text: ctx.t("post-ask"), keyboard: [] });
  return { ...chosen, keyboard: card?.keyboard ?? [] };
}

export const fromStep = {
  taps: {
    from: ({ deps, ctx, at, argument }: Tap) => askBot(deps, ctx, at, argument),
    bot: ({ deps, ctx, at, argument }: Tap) => chooseBot(deps, ctx, at, argument),
  },
  early: ["from" as const, "bot" as const],
};

declare module "../dialog/step.ts" {
  interface Verbs extends NamesOf<typeof fromStep.taps, "from"> {}
}
