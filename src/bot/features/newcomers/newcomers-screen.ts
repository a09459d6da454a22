import { Composer } from "grammy";
import { pause } from "../../../campaign/actions/pause.ts";
import { resume } from "../../../campaign/actions/resume.ts";
import { listSteps } from "../../../campaign/live-steps.ts";
import { scopeOf } from "../../../db/scope.ts";
import { DomainError } from "../../../errors.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import { sayRefusal } from "../../ui/refusal.ts";
import { type Draw, type Screen, type Tapped, screenMenus } from "../../ui/screens.ts";
import { allBots } from "../../ui/sending-bots.ts";
import { showCampaign } from "../campaigns/campaign-commands.ts";
import { openComposer } from "../compose/dialog/open-composer.ts";
import { changeStep, dropStep, newcomersCommand } from "./newcomers-command.ts";
import { NEWCOMERS, drawNewcomers, drawSeries, drawStep } from "./newcomers-drawing.ts";

/** `Newcomers…` in /settings, and /newcomers: the series for newcomers. `back` draws the settings; null where there are none. */
export function newcomersScreen(deps: BotDeps, back: Draw | null): Composer<HeraldContext> {
  const { scope, clock, engine } = deps;
  const drawFirst = drawNewcomers(deps, back !== null);
  const of =
    (botId: number): Draw =>
    (ctx) =>
      drawSeries(deps, ctx, botId, back !== null);
  const screen: Screen = { name: NEWCOMERS, outdated: "screen-outdated", draw: drawFirst, tapped };

  async function tapped(ctx: HeraldContext, what: string): Promise<Tapped> {
    if (what === "back") return { draw: back ?? drawFirst };
    if (what === "bots") return { draw: drawFirst };
    // The data of a button comes from outside.
    const [, verb = "", bot, id] = /^([a-z]+)\.(\d{1,16})(?:\.(\d{1,15}))?$/.exec(what) ?? [];
    const botId = (await allBots(scope)).find((one) => String(one.botId) === bot)?.botId;
    if (botId === undefined) return { outdated: drawFirst };
    try {
      const tapped =
        id === undefined ? await onSeries(ctx, verb, botId) : await onStep(ctx, verb, botId, Number(id));
      return tapped ?? { outdated: of(botId) };
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      await sayRefusal(ctx, error);
      return "answered";
    }
  }

  /** Null for a button that no longer applies. */
  async function onSeries(ctx: HeraldContext, verb: string, botId: number): Promise<Tapped | null> {
    switch (verb) {
      case "bot":
        return { draw: of(botId) };
      case "add":
        await openComposer(ctx, { draft: null, step: { bot: botId } });
        return "answered";
      case "stop":
      case "go": {
        for (const { id, state } of await listSteps(scopeOf(scope, { botId })))
          if (verb === "stop" && state !== "paused") await pause(scope, ctx.actor, id);
          else if (verb === "go" && state === "paused") await resume(scope, ctx.actor, id, clock.now());
        engine.poke();
        return { draw: of(botId) };
      }
      default:
        return null;
    }
  }

  async function onStep(ctx: HeraldContext, verb: string, botId: number, id: number): Promise<Tapped | null> {
    const find = async () => (await listSteps(scopeOf(scope, { botId }))).find((one) => one.id === id);
    const step = await find();
    if (!step) return null;
    const again: Draw = async (ctx) => {
      const now = await find();
      return now ? drawStep(deps, ctx, now) : drawSeries(deps, ctx, botId, back !== null);
    };
    switch (verb) {
      case "open":
        return { draw: again };
      case "pause":
        await pause(scope, ctx.actor, id);
        engine.poke();
        return { draw: again };
      case "resume":
        await resume(scope, ctx.actor, id, clock.now());
        engine.poke();
        return { draw: again };
      case "remove":
        await dropStep(deps, ctx, step);
        return { draw: of(botId), said: ctx.t("newcomers-removed", { id: String(id) }) };
      case "change":
        await changeStep(deps, ctx, step);
        return "answered";
      case "codes":
        await changeStep(deps, ctx, step, "codes");
        return "answered";
      case "when":
        await openComposer(ctx, { draft: null, step: { bot: botId, of: id } });
        return "answered";
      case "report":
        await showCampaign(deps, ctx, id);
        return "answered";
      default:
        return null;
    }
  }

  const composer = new Composer<HeraldContext>();
  composer.use(screenMenus(screen));
  composer.use(newcomersCommand(deps, drawFirst, of));
  return composer;
}
