import { Composer } from "grammy";
import { DomainError } from "../../../errors.ts";
import { removeSender } from "../../../senders/actions/remove-sender.ts";
import { setHandling } from "../../../senders/actions/set-handling.ts";
import { setRate } from "../../../senders/actions/set-rate.ts";
import { findSender, listSenders } from "../../../senders/sender-store.ts";
import type { Sender } from "../../../senders/sender.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import { openDialog } from "../../ui/dialogs.ts";
import { sayRefusal } from "../../ui/refusal.ts";
import {
  type Button,
  type Draw,
  type Drawn,
  type Screen,
  type Tapped,
  screenMenus,
  sendScreen,
} from "../../ui/screens.ts";
import {
  drawBot,
  drawPollQuestion,
  drawRemoval,
  drawWebhookQuestion,
  factsLine,
  titleOf,
} from "./bot-card.ts";
import { ADD, BACK, BOTS, type BotTap, type BotVerb, botTapData, readBotTap } from "./bot-taps.ts";

const AGREED = { answers: "nothing", "yes-answers": "its-polls", "yes-webhook": "its-webhook" } as const;

/** A message holds 4,096 characters. */
const PAGE_SIZE = 8;

/** /bots, for owners: the bots that post, how each is doing, and what can be changed. */
export function botsScreen(deps: BotDeps): Composer<HeraldContext> {
  const { senders, log } = deps;
  const list =
    (page = 0): Draw =>
    (ctx) =>
      drawList(deps, ctx, page);
  const one =
    (botId: number): Draw =>
    async (ctx) => {
      const sender = await findSender(senders.home, botId);
      return sender ? drawBot(deps, ctx, sender) : drawList(deps, ctx, 0);
    };
  const screen: Screen = { name: BOTS, outdated: "list-outdated", draw: list(), tapped };

  async function tapped(ctx: HeraldContext, what: string): Promise<Tapped> {
    if (what === BACK) return { draw: list() };
    if (what === ADD) {
      await openDialog(ctx, "botToken", { botId: null });
      return "answered";
    }
    const tap = readBotTap(what);
    if (tap?.type === "page") return { draw: list(tap.page) };
    const sender = tap && (await findSender(senders.home, tap.botId));
    if (!sender) return { outdated: list() };
    try {
      return tap.type === "yes-remove" ? await remove(ctx, sender, tap) : await act(ctx, sender, tap.type);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      if (error.code === "bot-unknown") return { outdated: list() };
      if (error.code === "bot-has-webhook")
        return { draw: async (ctx) => drawWebhookQuestion(ctx, sender, String(error.details["host"])) };
      if (error.code === "bot-may-be-polled") return { draw: async (ctx) => drawPollQuestion(ctx, sender) };
      await sayRefusal(ctx, error);
      return "answered";
    }
  }

  async function act(ctx: HeraldContext, sender: Sender, verb: BotVerb): Promise<Tapped> {
    const { actor, t } = ctx;
    const { botId } = sender;
    switch (verb) {
      case "open":
        return { draw: one(botId) };
      case "answers":
      case "yes-answers":
      case "yes-webhook":
        await setHandling(senders, actor, botId, "answers", AGREED[verb]);
        log.info({ bot: botId, by: ctx.from?.id }, "a bot is answered by Herald");
        return { draw: one(botId), said: t("bots-now-answers") };
      case "beside":
        await setHandling(senders, actor, botId, "beside");
        log.info({ bot: botId, by: ctx.from?.id }, "a bot stands beside another program");
        return { draw: one(botId), said: t("bots-now-beside") };
      case "usual-rate":
        await setRate(senders, actor, botId, null);
        return { draw: one(botId), said: t("bots-rate-set") };
      case "rename":
        await openDialog(ctx, "botSetting", { botId, what: "name" });
        return "answered";
      case "rate":
        await openDialog(ctx, "botSetting", { botId, what: "rate" });
        return "answered";
      case "token":
        await openDialog(ctx, "botToken", { botId });
        return "answered";
      case "remove":
        return { draw: (ctx) => drawRemoval(deps, ctx, sender) };
    }
  }

  async function remove(
    ctx: HeraldContext,
    sender: Sender,
    { botId, ending }: Extract<BotTap, { type: "yes-remove" }>,
  ): Promise<Tapped> {
    try {
      await removeSender(senders, ctx.actor, botId, ending);
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== "bot-campaigns-moved") throw error;
      return { draw: (ctx) => drawRemoval(deps, ctx, sender), said: ctx.t("bots-campaigns-moved") };
    }
    log.info({ bot: botId, by: ctx.from?.id }, "a bot is removed");
    return { draw: list(), said: ctx.t("bots-removed", { name: titleOf(sender) }) };
  }

  const composer = new Composer<HeraldContext>();
  composer.use(screenMenus(screen));
  composer.command("bots", async (ctx) => {
    await sendScreen(ctx, list());
  });
  return composer;
}

async function drawList(deps: BotDeps, ctx: HeraldContext, page: number): Promise<Drawn> {
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
