import { FREE_RATE } from "../../../campaign/progress.ts";
import { type Loss, mustNameIt, nameToType } from "../../../senders/loss.ts";
import type { Sender } from "../../../senders/sender.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import type { Button, Drawn } from "../../ui/screens.ts";
import { type Translate, firstFew } from "../../ui/words.ts";
import { titleOf } from "./bot-card.ts";
import { BOTS, botButton, botTapData } from "./bot-taps.ts";

/* What /bots asks before it does what cannot be undone, or hurts another program. */

/** Before a bot is removed: what is lost with it, and how to keep some of it. With much to lose, its name has to be typed. */
export function drawRemoval(deps: BotDeps, { t }: HeraldContext, sender: Sender, loss: Loss): Drawn {
  const { botId } = sender;
  const { people, campaigns, ending } = loss;
  const name = titleOf(sender);
  const lines = ending.map(({ id, state }) =>
    t("bots-ending", { id: String(id), state: t(`state-${state}`) }),
  );
  const isTyped = mustNameIt(loss, deps.confirmTypedFrom);
  const text = [
    t("bots-ask-remove", { name }),
    "",
    t("bots-loses", { people: t("bots-people", { count: people }), campaigns }),
    ...(lines.length > 0
      ? ["", t("bots-ends", { count: lines.length }), ...firstFew(t, lines, "bots-more-ending")]
      : []),
    ...(people + campaigns > 0
      ? [
          "",
          t(deps.apiOn ? "bots-keep" : "bots-keep-api-off", {
            id: String(botId),
            command: `/campaigns ${nameToType(sender)}`,
          }),
        ]
      : []),
    ...(isTyped ? ["", t("bots-type-name", { name: nameToType(sender) })] : []),
  ].join("\n");
  return question(t, sender, text, isTyped ? null : botButton(t("bots-yes-remove"), "yes-remove", botId));
}

/** Before Herald answers a bot whose updates go to a webhook. */
export function drawWebhookQuestion({ t }: HeraldContext, sender: Sender, host: string): Drawn {
  const text = t("bots-ask-webhook", { name: titleOf(sender), host });
  return question(t, sender, text, botButton(t("bots-yes-webhook"), "yes-webhook", sender.botId));
}

/** Before Herald polls for the updates of a bot that a program may be polling for. */
export function drawPollQuestion({ t }: HeraldContext, sender: Sender): Drawn {
  const text = t("bots-ask-polls", { name: titleOf(sender) });
  return question(t, sender, text, botButton(t("bots-yes-polls"), "yes-answers", sender.botId));
}

/** Before Telegram replaces the token of a managed bot. */
export function drawTokenQuestion({ t }: HeraldContext, sender: Sender): Drawn {
  const { botId, handling } = sender;
  const text = t(handling === "beside" ? "bots-ask-replace-beside" : "bots-ask-replace", {
    name: titleOf(sender),
  });
  const drawn = question(t, sender, text, botButton(t("bots-yes-replace"), "yes-token", botId));
  return { ...drawn, rows: [...drawn.rows, [botButton(t("bots-type-token"), "type-token", botId)]] };
}

/** Before a bot sends faster than Telegram lets it for free. */
export function drawRateQuestion({ t }: HeraldContext, sender: Sender, rate: number): Drawn {
  const text = t("bots-ask-fast", { name: titleOf(sender), rate, free: FREE_RATE });
  const what = botTapData({ type: "yes-rate", botId: sender.botId, rate });
  return question(t, sender, text, { text: t("bots-yes-rate", { rate }), what });
}

/** Back leads to the bot's card. */
function question(t: Translate, { botId }: Sender, text: string, yes: Button | null): Drawn {
  return { screen: BOTS, text, rows: [[...(yes ? [yes] : []), botButton(t("button-back"), "open", botId)]] };
}
