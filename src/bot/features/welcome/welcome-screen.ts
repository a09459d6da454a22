import { Composer } from "grammy";
import { beginWelcome } from "../../../campaign/actions/begin-welcome.ts";
import { removeWelcome } from "../../../campaign/actions/set-welcome.ts";
import { isSource } from "../../../audience/source.ts";
import { type Welcome, EVERYONE, listWelcomes } from "../../../campaign/welcome/welcome-store.ts";
import { mainBot, scopeOf } from "../../../db/scope.ts";
import { DomainError } from "../../../errors.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import { pairs } from "../../ui/card.ts";
import { postName } from "../../ui/post-summary.ts";
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
import { openComposer, openDraft } from "../compose/dialog/open-composer.ts";

const WELCOME = "welcome";

/** What a button does, to which bot, and to which of its welcomes. */
interface Tap {
  verb: string;
  botId: number;
  id: number | undefined;
}

function readTap(what: string): Tap | null {
  const [, verb, bot, id] = /^([a-z]+)\.(\d{1,16})(?:\.(\d{1,15}))?$/.exec(what) ?? [];
  if (verb === undefined || bot === undefined) return null;
  return { verb, botId: Number(bot), id: id === undefined ? undefined : Number(id) };
}

/** `Welcome…` in /settings, and /welcome: the posts that answer /start. `back` draws the settings; null where there are none. */
export function welcomeScreen(deps: BotDeps, back: Draw | null): Composer<HeraldContext> {
  const { scope } = deps;
  const of =
    (botId: number): Draw =>
    (ctx) =>
      drawBot(deps, ctx, botId, back !== null);
  const drawFirst = drawWelcomes(deps, back !== null);
  const screen: Screen = { name: WELCOME, outdated: "screen-outdated", draw: drawFirst, tapped };

  async function tapped(ctx: HeraldContext, what: string): Promise<Tapped> {
    if (what === "back") return { draw: back ?? drawFirst };
    if (what === "bots") return { draw: drawFirst };
    const tap = readTap(what);
    // The data of a button comes from outside.
    if (!tap || !(await answeredBots(scope)).some(({ botId }) => botId === tap.botId))
      return { outdated: drawFirst };
    try {
      return await act(ctx, tap);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      await sayRefusal(ctx, error);
      return "answered";
    }
  }

  async function act(ctx: HeraldContext, { verb, botId, id }: Tap): Promise<Tapped> {
    const welcomes = await listWelcomes(scopeOf(scope, { botId }));
    const welcome = welcomes.find((one) => one.id === id);
    switch (verb) {
      case "bot":
        return { draw: of(botId) };
      case "set":
        await openComposer(ctx, { draft: null, welcome: { bot: botId, source: EVERYONE } });
        return "answered";
      case "source":
        await openComposer(ctx, { draft: null, welcome: { bot: botId } });
        return "answered";
      case "open":
        return welcome ? { draw: async (ctx) => drawWelcome(ctx, welcome) } : { outdated: of(botId) };
      case "change":
        if (!welcome) return { outdated: of(botId) };
        await change(ctx, welcome);
        return "answered";
      case "remove": {
        const gone = welcome && (await removeWelcome(scope, ctx.actor, welcome));
        if (!gone) return { outdated: of(botId) };
        deps.log.info({ bot: botId, by: ctx.from?.id }, "a welcome is removed");
        return { draw: of(botId), said: ctx.t("welcome-removed") };
      }
      default:
        return { outdated: of(botId) };
    }
  }

  async function change(ctx: HeraldContext, welcome: Welcome): Promise<void> {
    const draft = await beginWelcome(scope, ctx.actor, welcome, `update:${ctx.update.update_id}`);
    await openDraft(ctx, draft.id, "review");
  }

  /** `/welcome`, `/welcome @shop_bot`, `/welcome promo_vk0`, `/welcome off promo_vk0`, in any order of the words. */
  async function typed(ctx: HeraldContext, text: string): Promise<void> {
    const bots = await answeredBots(scope);
    const words = text.split(/\s+/).filter(Boolean);
    const named = words.map((word) => (word.startsWith("@") ? botIn(bots, word) : undefined)).find(Boolean);
    const rest = words.filter((word) => !word.startsWith("@"));
    const off = rest[0]?.toLowerCase() === "off";
    const [source = EVERYONE, ...more] = off ? rest.slice(1) : rest;
    const isReadable =
      more.length === 0 &&
      (source === EVERYONE || isSource(source)) &&
      (named !== undefined || rest.length === words.length);
    if (!isReadable) return void (await ctx.reply(ctx.t("welcome-typed")));
    if (rest.length === 0) return void (await sendScreen(ctx, named ? of(named.botId) : drawFirst));
    const botId = named?.botId ?? bots.find((bot) => bot.botId === mainBot(scope))?.botId ?? bots[0]?.botId;
    if (botId === undefined) return void (await ctx.reply(ctx.t("welcome-no-bots")));
    if (!off) return openComposer(ctx, { draft: null, welcome: { bot: botId, source } });
    const gone = await removeWelcome(scope, ctx.actor, { botId, source });
    await ctx.reply(ctx.t(gone ? "welcome-removed" : "welcome-none-there"));
  }

  const composer = new Composer<HeraldContext>();
  composer.use(screenMenus(screen));
  composer.command("welcome", (ctx) => typed(ctx, ctx.match));
  return composer;
}

/** The welcomes of the only bot, or the bots to choose from. `hasBack`: there is a way back to /settings. */
export function drawWelcomes(deps: BotDeps, hasBack: boolean): Draw {
  return async (ctx) => {
    const bots = await answeredBots(deps.scope);
    const [only] = bots;
    return bots.length > 1 || !only ? drawBots(ctx, bots, hasBack) : drawBot(deps, ctx, only.botId, hasBack);
  };
}

function drawBots({ t }: HeraldContext, bots: readonly SendingBot[], hasBack: boolean): Drawn {
  return {
    screen: WELCOME,
    text: t(bots.length > 0 ? "welcome-which-bot" : "welcome-no-bots"),
    rows: [
      ...pairs(bots.map(({ botId, name }) => ({ text: name, what: `bot.${botId}` }))),
      ...(hasBack ? [[{ text: t("button-back"), what: "back" }]] : []),
    ],
  };
}

/** The welcomes of one bot. */
async function drawBot(deps: BotDeps, { t }: HeraldContext, botId: number, hasBack: boolean): Promise<Drawn> {
  const welcomes = await listWelcomes(scopeOf(deps.scope, { botId }));
  const bots = await answeredBots(deps.scope);
  const several = bots.length > 1;
  const forEveryone = welcomes.find(({ source }) => source === EVERYONE);
  const lines = welcomes.flatMap((welcome) => [
    t("welcome-line", { source: welcome.source || "none", post: postName(t, welcome.content) }),
    ...refusalLine(t, welcome),
  ]);
  return {
    screen: WELCOME,
    text: [
      t("welcome-title", { bot: (several && bots.find((bot) => bot.botId === botId)?.name) || "none" }),
      "",
      ...(forEveryone ? [] : [t("welcome-own-words")]),
      ...lines,
      "",
      t("welcome-hint"),
    ].join("\n"),
    rows: [
      ...(forEveryone ? [] : [[{ text: t("welcome-set-button"), what: `set.${botId}` }]]),
      ...welcomes.map(({ id, source }) => [
        { text: t("welcome-open", { source: source || "none" }), what: `open.${botId}.${id}` },
      ]),
      [{ text: t("welcome-for-source"), what: `source.${botId}` }],
      ...(several || hasBack ? [[{ text: t("button-back"), what: several ? "bots" : "back" }]] : []),
    ],
  };
}

function drawWelcome({ t }: HeraldContext, welcome: Welcome): Drawn {
  const { botId, id, source, content } = welcome;
  return {
    screen: WELCOME,
    text: [
      t("welcome-line", { source: source || "none", post: postName(t, content) }),
      ...refusalLine(t, welcome),
    ].join("\n"),
    rows: [
      [
        { text: t("welcome-change"), what: `change.${botId}.${id}` },
        { text: t("welcome-remove"), what: `remove.${botId}.${id}` },
      ],
      [{ text: t("button-back"), what: `bot.${botId}` }],
    ],
  };
}

function refusalLine(t: HeraldContext["t"], { refusal }: Welcome): string[] {
  return refusal === null ? [] : [t("welcome-refused", { description: refusal })];
}
