import { Composer } from "grammy";
import { beginStepChange, removeStep } from "../../../campaign/actions/change-newcomers.ts";
import { type LiveStep, listSteps } from "../../../campaign/live-steps.ts";
import { mainBot, scopeOf } from "../../../db/scope.ts";
import { DomainError } from "../../../errors.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import { sayRefusal } from "../../ui/refusal.ts";
import { type Draw, sendScreen } from "../../ui/screens.ts";
import { type SendingBot, allBots, botIn } from "../../ui/sending-bots.ts";
import { openComposer, openDraft } from "../compose/dialog/open-composer.ts";
import { readPlan } from "../compose/post/newcomers-step.ts";

/**
 * `/newcomers`, `/newcomers add 3 days at 10:00`, and `change 12`, `when 12` or `remove 12` after it. With several bots, one can
 * stand first: `/newcomers @shop_bot`.
 */
export function newcomersCommand(
  deps: BotDeps,
  drawFirst: Draw,
  drawOf: (botId: number) => Draw,
): Composer<HeraldContext> {
  const { scope, timezone } = deps;

  /** False if it cannot be read. */
  async function take(ctx: HeraldContext, text: string): Promise<boolean> {
    const bots = await allBots(scope);
    const [, at, rest = ""] = /^(@\S+)?\s*(.*)$/su.exec(text.trim()) ?? [];
    const named = at === undefined ? undefined : botIn(bots, at);
    if (at !== undefined && !named) return false;
    const [, verb = "", argument = ""] = /^(\S*)\s*(.*)$/su.exec(rest) ?? [];
    switch (verb.toLowerCase()) {
      case "":
        await sendScreen(ctx, named ? drawOf(named.botId) : drawFirst);
        return true;
      case "add": {
        const plan = argument === "" ? undefined : readPlan(argument, timezone);
        if (plan === null) return false;
        const bot = named?.botId ?? mainBot(scope);
        await openComposer(ctx, { draft: null, step: { bot, ...(plan && { plan }) } });
        return true;
      }
      case "change":
      case "when":
      case "remove": {
        const step = await findStep(bots, argument);
        if (step) await onStep(ctx, verb.toLowerCase(), step);
        return step !== undefined;
      }
      default:
        return false;
    }
  }

  async function onStep(ctx: HeraldContext, verb: string, step: LiveStep): Promise<void> {
    if (verb === "change") return changeStep(deps, ctx, step);
    if (verb === "when") return openComposer(ctx, { draft: null, step: { bot: step.botId, of: step.id } });
    await dropStep(deps, ctx, step);
    await ctx.reply(ctx.t("newcomers-removed", { id: String(step.id) }));
  }

  async function findStep(bots: readonly SendingBot[], id: string): Promise<LiveStep | undefined> {
    for (const bot of bots) {
      const steps = await listSteps(scopeOf(scope, bot));
      const step = steps.find((one) => String(one.id) === id.replace(/^#/, ""));
      if (step) return step;
    }
    return undefined;
  }

  const composer = new Composer<HeraldContext>();
  composer.command("newcomers", async (ctx) => {
    try {
      if (!(await take(ctx, ctx.match))) await ctx.reply(ctx.t("newcomers-typed"));
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      await sayRefusal(ctx, error);
    }
  });
  return composer;
}

/** Opens a draft with the post of a step, or its codes. */
export async function changeStep(
  { scope }: BotDeps,
  ctx: HeraldContext,
  step: LiveStep,
  at: "review" | "codes" = "review",
): Promise<void> {
  const draft = await beginStepChange(scope, ctx.actor, step, `update:${ctx.update.update_id}`);
  await openDraft(ctx, draft.id, at);
}

/** Takes a step out of the series. */
export async function dropStep(
  { scope, clock, log, engine }: BotDeps,
  ctx: HeraldContext,
  { id }: LiveStep,
): Promise<void> {
  await removeStep(scope, ctx.actor, id, clock.now());
  engine.poke();
  log.info({ campaign: id, by: ctx.from?.id }, "a step for newcomers is removed");
}
