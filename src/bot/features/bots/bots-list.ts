import { listSenders } from "../../../senders/sender-store.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import type { Button, Drawn } from "../../ui/screens.ts";
import { factsLine, titleOf } from "./bot-card.ts";
import { ADD, BOTS, botTapData } from "./bot-taps.ts";

/** A message holds 4,096 characters. */
const PAGE_SIZE = 8;

/** One page of the bots that post, each with how it is doing. */
export async function drawList(deps: BotDeps, ctx: HeraldContext, page: number): Promise<Drawn> {
  const { t } = ctx;
  const all = await listSenders(deps.senders.home);
  const shown = all.slice(page * PAGE_SIZE, (page + 1) * PAGE_SIZE);
  const lines: string[] = [];
  for (const sender of shown) lines.push(`${titleOf(sender)}\n${await factsLine(deps, t, sender)}`);
  return {
    screen: BOTS,
    text: [t("bots-title"), ...lines].join("\n\n"),
    rows: [
      ...shown.map((sender) => [
        { text: titleOf(sender), what: botTapData({ type: "open", botId: sender.botId }) },
      ]),
      [
        ...(page > 0 ? [toPage(t("bots-previous"), page - 1)] : []),
        ...(all.length > (page + 1) * PAGE_SIZE ? [toPage(t("bots-next"), page + 1)] : []),
      ],
      [{ text: t("bots-add"), what: ADD }],
    ],
  };
}

function toPage(text: string, page: number): Button {
  return { text, what: botTapData({ type: "page", page }) };
}
