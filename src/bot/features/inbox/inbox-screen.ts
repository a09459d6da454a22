import { Composer } from "grammy";
import { nameTargets } from "../../../audience/chats.ts";
import { mainBot, scopeOf } from "../../../db/scope.ts";
import { DomainError } from "../../../errors.ts";
import { type Inbox, getInbox } from "../../../inbox/inbox-setting.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import { pairs } from "../../ui/card.ts";
import { openDialog } from "../../ui/dialogs.ts";
import { sayRefusal } from "../../ui/refusal.ts";
import {
  type Draw,
  type Drawn,
  type Screen,
  type Tapped,
  screenMenus,
  sendScreen,
} from "../../ui/screens.ts";
import { type SendingBot, answeredBots, botIn } from "../../ui/sending-bots.ts";
import { cut } from "../../ui/words.ts";
import { chatIn } from "../chats/add-chat.ts";
import { chooseAnswer, chooseGroup } from "./inbox-setup.ts";

const INBOX = "inbox";

/** What a screen shows of an answer. */
const SHOWN = 300;

/** `Inbox…` in /settings, and /inbox: what becomes of what people write. `back` draws the settings; null where there are none. */
export function inboxScreen(deps: BotDeps, back: Draw | null): Composer<HeraldContext> {
  const { scope } = deps;
  const hasBack = back !== null;
  const drawFirst = drawInboxes(deps, hasBack);
  const screen: Screen = { name: INBOX, outdated: "screen-outdated", draw: drawFirst, tapped };

  async function tapped(ctx: HeraldContext, what: string): Promise<Tapped> {
    if (what === "back") return { draw: back ?? drawFirst };
    if (what === "bots") return { draw: drawFirst };
    const [, verb, bot] = /^([a-z]+)\.(\d{1,16})$/.exec(what) ?? [];
    const botId = Number(bot);
    // The data of a button comes from outside.
    if (!(await answeredBots(scope)).some((one) => one.botId === botId)) return { outdated: drawFirst };
    const draw: Draw = (ctx) => drawInbox(deps, ctx, botId, hasBack);
    switch (verb) {
      case "bot":
        return { draw };
      case "off":
        return refused(ctx, async () => {
          await chooseAnswer(deps, ctx, botId, null);
          return { draw, said: ctx.t("settings-saved") };
        });
      case "answer":
        await openDialog(ctx, "inboxAnswer", { bot: botId });
        return "answered";
      case "group":
        await openDialog(ctx, "inboxGroup", { bot: botId });
        return "answered";
      default:
        return { outdated: draw };
    }
  }

  /** `/inbox`, `/inbox @shop_bot`, `/inbox off`, `/inbox answer Hello`, `/inbox group t.me/c/123 replies`. */
  async function typed(ctx: HeraldContext, text: string): Promise<void> {
    const bots = await answeredBots(scope);
    const [, first = "", afterBot = ""] = /^(@\S+)?\s*(.*)$/s.exec(text.trim()) ?? [];
    const named = first === "" ? undefined : botIn(bots, first);
    const botId = named?.botId ?? bots.find((bot) => bot.botId === mainBot(scope))?.botId ?? bots[0]?.botId;
    if (botId === undefined) return void (await ctx.reply(ctx.t("inbox-no-bots")));
    if (first !== "" && !named) return void (await ctx.reply(ctx.t("inbox-typed")));
    if (afterBot === "")
      return void (await sendScreen(ctx, named ? (ctx) => drawInbox(deps, ctx, botId, hasBack) : drawFirst));
    const [, verb = "", rest = ""] = /^(\S+)\s*(.*)$/s.exec(afterBot) ?? [];
    const shown = () => sendScreen(ctx, (ctx) => drawInbox(deps, ctx, botId, hasBack));
    if (verb.toLowerCase() === "off" && rest === "") {
      await chooseAnswer(deps, ctx, botId, null);
      return void (await shown());
    }
    if (verb.toLowerCase() === "answer" && rest !== "") {
      await chooseAnswer(deps, ctx, botId, { text: rest });
      return void (await shown());
    }
    const [, group = "", replies] = /^(\S+)(?:\s+(replies))?$/i.exec(rest) ?? [];
    const chat = /^-\d{1,16}$/.test(group) ? Number(group) : chatIn(group)?.chat;
    if (verb.toLowerCase() !== "group" || chat === undefined)
      return void (await ctx.reply(ctx.t("inbox-typed")));
    const result = await chooseGroup(deps, ctx, botId, chat, replies !== undefined);
    if ("unfit" in result) await ctx.reply(ctx.t(result.unfit));
    else await shown();
  }

  const composer = new Composer<HeraldContext>();
  composer.use(screenMenus(screen));
  composer.command("inbox", async (ctx) => {
    await refused(ctx, async () => {
      await typed(ctx, ctx.match);
      return "answered";
    });
  });
  return composer;
}

async function refused(ctx: HeraldContext, work: () => Promise<Tapped>): Promise<Tapped> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    await sayRefusal(ctx, error);
    return "answered";
  }
}

/** The inbox of the only bot, or the bots to choose from. `hasBack`: there is a way back to /settings. */
export function drawInboxes(deps: BotDeps, hasBack: boolean): Draw {
  return async (ctx) => {
    const bots = await answeredBots(deps.scope);
    const [only] = bots;
    return bots.length > 1 || !only
      ? drawBots(ctx, bots, hasBack)
      : drawInbox(deps, ctx, only.botId, hasBack);
  };
}

function drawBots({ t }: HeraldContext, bots: readonly SendingBot[], hasBack: boolean): Drawn {
  return {
    screen: INBOX,
    text: t(bots.length > 0 ? "inbox-which-bot" : "inbox-no-bots"),
    rows: [
      ...pairs(bots.map(({ botId, name }) => ({ text: name, what: `bot.${botId}` }))),
      ...(hasBack ? [[{ text: t("button-back"), what: "back" }]] : []),
    ],
  };
}

/** What becomes of what people write to one bot. */
export async function drawInbox(
  deps: BotDeps,
  ctx: HeraldContext,
  botId: number,
  hasBack: boolean,
): Promise<Drawn> {
  const { t } = ctx;
  const inbox = await getInbox(scopeOf(deps.scope, { botId }));
  const bots = await answeredBots(deps.scope);
  const several = bots.length > 1;
  const name = (several && bots.find((bot) => bot.botId === botId)?.name) || "none";
  const mark = (isOn: boolean, key: string) => `${isOn ? "✅ " : ""}${t(key)}`;
  return {
    screen: INBOX,
    text: [t("inbox-title", { bot: name }), "", ...(await inboxLines(deps, ctx, botId, inbox))].join("\n"),
    rows: [
      [
        { text: mark(inbox === null, "inbox-off"), what: `off.${botId}` },
        { text: mark(inbox?.mode === "answer", "inbox-answer"), what: `answer.${botId}` },
      ],
      [{ text: mark(inbox !== null && inbox.mode !== "answer", "inbox-group"), what: `group.${botId}` }],
      ...(several || hasBack ? [[{ text: t("button-back"), what: several ? "bots" : "back" }]] : []),
    ],
  };
}

async function inboxLines(
  { scope }: BotDeps,
  { t }: HeraldContext,
  botId: number,
  inbox: Inbox | null,
): Promise<string[]> {
  if (inbox === null) return [t("inbox-is-off"), "", t("inbox-hint")];
  if (inbox.mode === "answer") return [t("inbox-is-answer", { text: cut(inbox.answer.text, SHOWN, "…") })];
  const [group = ""] = await nameTargets(scopeOf(scope, { botId }), [{ chatId: inbox.groupId }]);
  return [t(`inbox-is-${inbox.mode}`, { group }), "", t("inbox-who-answers")];
}
