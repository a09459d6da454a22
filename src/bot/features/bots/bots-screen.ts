import { Composer } from "grammy";
import { DomainError } from "../../../errors.ts";
import { removeSender } from "../../../senders/actions/remove-sender.ts";
import { renewToken, replaceManagedToken } from "../../../senders/actions/renew-token.ts";
import { setHandling } from "../../../senders/actions/set-handling.ts";
import { setRate } from "../../../senders/actions/set-rate.ts";
import { lossOf, mustNameIt } from "../../../senders/loss.ts";
import { findSender } from "../../../senders/sender-store.ts";
import type { Sender } from "../../../senders/sender.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import { openDialog } from "../../ui/dialogs.ts";
import { sayRefusal } from "../../ui/refusal.ts";
import { type Draw, type Screen, type Tapped, screenMenus, sendScreen } from "../../ui/screens.ts";
import { isMore } from "./bot-removal.ts";
import { drawBot, titleOf } from "./bot-card.ts";
import { drawList } from "./bots-list.ts";
import { drawPollQuestion, drawRemoval, drawTokenQuestion, drawWebhookQuestion } from "./bot-questions.ts";
import { ADD, BACK, BOTS, type BotVerb, readBotTap } from "./bot-taps.ts";

const AGREED = { answers: "nothing", "yes-answers": "its-polls", "yes-webhook": "its-webhook" } as const;

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
      return tap.type === "yes-rate"
        ? await rate(ctx, tap.botId, tap.rate)
        : await act(ctx, sender, tap.type);
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
        return rate(ctx, botId, null);
      case "rename":
        await openDialog(ctx, "botSetting", { botId, what: "name" });
        return "answered";
      case "rate":
        await openDialog(ctx, "botSetting", { botId, what: "rate" });
        return "answered";
      case "token":
        if (sender.managed) return { draw: async (ctx) => drawTokenQuestion(ctx, sender) };
        await openDialog(ctx, "botToken", { botId });
        return "answered";
      case "type-token":
        await openDialog(ctx, "botToken", { botId });
        return "answered";
      case "yes-token":
        await replaceManagedToken(senders, actor, botId);
        log.info({ bot: botId, by: ctx.from?.id }, "the token of a managed bot is replaced");
        return { draw: one(botId), said: t("bots-token-is-new") };
      case "fetch-token":
        await renewToken(senders, actor, botId);
        log.info({ bot: botId, by: ctx.from?.id }, "the token of a managed bot is fetched");
        return { draw: one(botId), said: t("bots-token-is-here") };
      case "remove":
        return askRemoval(ctx, sender);
      case "yes-remove":
        return remove(ctx, sender);
    }
  }

  async function rate(ctx: HeraldContext, botId: number, messages: number | null): Promise<Tapped> {
    await setRate(senders, ctx.actor, botId, messages, true);
    log.info({ bot: botId, rate: messages, by: ctx.from?.id }, "the rate of a bot is set");
    return { draw: one(botId), said: ctx.t("bots-rate-set") };
  }

  async function askRemoval(ctx: HeraldContext, sender: Sender): Promise<Tapped> {
    const { botId } = sender;
    const loss = await lossOf(senders.home, botId);
    if (!mustNameIt(loss, deps.confirmTypedFrom))
      return { draw: async (ctx) => drawRemoval(deps, ctx, sender, loss) };
    await openDialog(ctx, "botRemoval", { botId });
    return "answered";
  }

  /** Of what may be removed by a tap, no campaign ends. */
  async function remove(ctx: HeraldContext, sender: Sender): Promise<Tapped> {
    const { botId } = sender;
    try {
      await removeSender(senders, ctx.actor, { botId, ending: [], typed: null }, deps.confirmTypedFrom);
    } catch (error) {
      if (!isMore(error)) throw error;
      return askRemoval(ctx, sender);
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
