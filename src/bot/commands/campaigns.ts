import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Composer, InputFile } from "grammy";
import { stringify } from "csv-stringify";
import { type Campaign, isOver } from "../../campaign/campaign.ts";
import { setCardView } from "../../campaign/cards.ts";
import { cancel, duplicate, pause, resume, retry } from "../../campaign/lifecycle.ts";
import { missedOf, progressOf } from "../../campaign/progress.ts";
import { eachFailure, getCampaign, getWithDetails } from "../../campaign/queries.ts";
import { beginChange } from "../../campaign/scheduling.ts";
import { endSeries, findNextRun } from "../../campaign/series.ts";
import { DomainError } from "../../errors.ts";
import { isOpen } from "../../schedule/window.ts";
import { type CardVerb, cardTitle, parseCardTap } from "../card.ts";
import type { BotDeps, HeraldContext } from "../context.ts";
import { placeLiveCard } from "../edit.ts";
import { sayRefusal } from "../refusal.ts";
import { fullTime } from "../times.ts";

/** Typed instead of tapped: `/pause 12`. */
const TYPED: Record<string, CardVerb> = {
  pause: "pause",
  resume: "resume",
  cancel: "cancel",
  edit: "edit",
  reschedule: "reschedule",
  retry: "retry",
  failures: "failures",
  duplicate: "duplicate",
};

/** What these show is not the campaign's card. */
const ELSEWHERE: ReadonlySet<CardVerb> = new Set(["failures", "duplicate", "edit", "reschedule"]);

/** Shows and steers campaigns: the buttons of cards, and the same as commands. */
export function campaignCommands(deps: BotDeps): Composer<HeraldContext> {
  const composer = new Composer<HeraldContext>();

  composer.callbackQuery(/^c:/, async (ctx) => {
    const tap = parseCardTap(ctx.callbackQuery.data);
    const { message } = ctx.callbackQuery;
    if (!tap || !message) return;
    await guarded(ctx, async () => {
      const said = await act(deps, ctx, tap.id, tap.verb);
      // Whichever card was tapped last is the one that lives on.
      await placeAndDraw(deps, ctx, tap.id, tap.verb, message.message_id);
      if (said) await ctx.answerCallbackQuery({ text: said });
    });
    // A refused tap came from a card that was behind.
    await deps.engine.refresh(tap.id);
  });

  composer.command(Object.keys(TYPED), async (ctx) => {
    const command = ctx.msg.text.slice(1).split(/[\s@]/, 1)[0] ?? "";
    const verb = TYPED[command];
    const id = numberIn(ctx.match);
    if (!verb) return;
    if (id === null) {
      await ctx.reply(ctx.t("number-missing", { command }));
      return;
    }
    await guarded(ctx, async () => {
      await act(deps, ctx, id, verb);
      if (!ELSEWHERE.has(verb)) await showCampaign(deps, ctx, id, verb);
    });
  });

  composer.command("campaign", async (ctx) => {
    const id = numberIn(ctx.match);
    if (id === null) await ctx.reply(ctx.t("number-missing", { command: "campaign" }));
    else await guarded(ctx, () => showCampaign(deps, ctx, id));
  });

  return composer;
}

/** Sends a campaign's card; from now on it is the live one in this chat. A draft's is the review card. */
export async function showCampaign(
  deps: BotDeps,
  ctx: HeraldContext,
  id: number,
  verb?: CardVerb,
): Promise<void> {
  const campaign = await getCampaign(deps.scope, id);
  if (campaign.state === "draft") {
    await ctx.conversation.exitAll();
    await ctx.conversation.enter("composer", { draft: id, tap: { verb: "review", argument: "" } });
    return;
  }
  const message = await ctx.reply(cardTitle(ctx.t, campaign, deps.clock.now()));
  await placeAndDraw(deps, ctx, id, verb, message.message_id);
}

async function placeAndDraw(
  deps: BotDeps,
  ctx: HeraldContext,
  id: number,
  verb: CardVerb | undefined,
  messageId: number,
): Promise<void> {
  const chatId = ctx.chat?.id ?? 0;
  await placeLiveCard(deps, ctx, id, messageId, async () => {
    if (verb === "cancel") await setCardView(deps.scope, id, chatId, "ask-cancel");
    if (verb === "retry-uncertain") await setCardView(deps.scope, id, chatId, "ask-uncertain");
    await deps.engine.refresh(id);
  });
}

/** Does what a button or a command asks for. Returns what to say over the button. @throws DomainError */
async function act(deps: BotDeps, ctx: HeraldContext, id: number, verb: CardVerb): Promise<string | null> {
  const { scope, engine } = deps;
  const { t } = ctx;
  const actor = ctx.from?.id ?? 0;
  deps.log.debug({ campaign: id, asked: verb, by: actor }, "an admin steers a campaign");
  const note = (event: string) => deps.log.info({ campaign: id, by: actor }, event);
  switch (verb) {
    case "pause":
      await pause(scope, id, actor);
      engine.poke(); // what is claimed already must not leave
      note("campaign paused");
      return t("done-paused");
    case "resume": {
      const now = deps.clock.now();
      const resumed = await resume(scope, id, actor, now);
      engine.poke();
      note(resumed.state === "running" ? "campaign resumed" : "campaign waits for its time again");
      return t(startsAtOnce(resumed, now) ? "done-sending" : "done-resumed");
    }
    case "cancel":
      await mustBe(deps, id, ["scheduled", "running", "paused"]);
      return null;
    case "yes-cancel": {
      const cancelled = await cancel(scope, id, deps.clock.now(), actor);
      engine.poke();
      note("campaign cancelled");
      return sayNext(deps, ctx, cancelled);
    }
    case "cancel-series":
      if (await cancelSeries(deps, id, actor)) note("campaign cancelled");
      engine.poke();
      note("series cancelled");
      return t("done-series-cancelled");
    case "edit":
      await change(deps, ctx, id, "review");
      return null;
    case "reschedule":
      await change(deps, ctx, id, "when");
      return null;
    case "retry":
      await retry(scope, id, "failed", actor);
      engine.poke();
      note("campaign retried");
      return t("done-retried");
    case "retry-uncertain":
      await mustBe(deps, id, ["finished"]);
      await getWithDetails(scope, id);
      return null;
    case "yes-retry":
      await retry(scope, id, "uncertain", actor);
      engine.poke();
      note("campaign retried");
      return t("done-retried");
    case "back":
      return null;
    case "failures":
      await sendFailures(deps, ctx, id);
      return null;
    case "duplicate": {
      const draft = await duplicate(scope, id, actor, `update:${ctx.update.update_id}`);
      await ctx.conversation.exitAll();
      await ctx.conversation.enter("composer", { draft: draft.id, tap: { verb: "review", argument: "" } });
      return t("done-duplicated", { id: String(draft.id) });
    }
  }
}

/** Its time has come, and its hours let it go out. */
function startsAtOnce({ state, startsAt, window }: Campaign, now: Date): boolean {
  const isDue = state === "scheduled" && startsAt !== null && startsAt <= now;
  return isDue && (window === null || isOpen(window, now));
}

/** Of a run of a series it is said when the next one goes out. */
async function sayNext({ scope }: BotDeps, ctx: HeraldContext, { seriesId }: Campaign): Promise<string> {
  const next = seriesId === null ? null : await findNextRun(scope, seriesId);
  return next?.startsAt
    ? ctx.t("done-cancelled-run", { id: String(next.id), time: fullTime(next.startsAt, ctx) })
    : ctx.t("done-cancelled");
}

/** Nothing follows any more, and the run that was asked about ends, too, if it is not over. Returns whether it was not. */
async function cancelSeries({ scope, clock }: BotDeps, id: number, actor: number): Promise<boolean> {
  const { state, seriesId } = await endSeries(scope, id, clock.now(), actor);
  const goesOn = seriesId !== null && !isOver(state);
  if (goesOn) await cancel(scope, id, clock.now(), actor);
  return goesOn;
}

/** Opens a campaign to be changed, one that is scheduled or whose post is at fault: a draft with its content that is saved whole. A draft is opened itself. */
async function change(
  { scope }: BotDeps,
  ctx: HeraldContext,
  id: number,
  step: "review" | "when",
): Promise<void> {
  const campaign = await getCampaign(scope, id);
  const actor = ctx.from?.id ?? 0;
  // One change of a campaign as it stands for each admin: a second tap opens the same.
  const originKey = `change:${id}:${campaign.revision}:${actor}`;
  const draft = campaign.state === "draft" ? campaign : await beginChange(scope, id, actor, originKey);
  await ctx.conversation.exitAll();
  await ctx.conversation.enter("composer", { draft: draft.id, tap: { verb: step, argument: "" } });
}

async function mustBe({ scope }: BotDeps, id: number, states: Campaign["state"][]): Promise<void> {
  const { state } = await getCampaign(scope, id);
  if (!states.includes(state)) throw new DomainError("conflict", { id, state });
}

/** Sends who was not reached as a file; it is written while it is read, whatever its length. */
async function sendFailures({ scope }: BotDeps, ctx: HeraldContext, id: number): Promise<void> {
  const count = missedOf(progressOf(await getWithDetails(scope, id)));
  if (count === 0) {
    await ctx.reply(ctx.t("failures-none", { id: String(id) }));
    return;
  }
  const rows = async function* () {
    for await (const { chatId, state, reason, description, attempts, settledAt } of eachFailure(scope, id))
      yield [chatId, state, reason, description, attempts, settledAt?.toISOString()];
  };
  const table = stringify({
    header: true,
    columns: ["chat_id", "state", "reason", "description", "attempts", "settled_at"],
    // A spreadsheet must not take what a stranger's text begins with for a formula.
    escape_formulas: true,
  });
  // An error ends the table too, and with it the upload that reads it.
  pipeline(Readable.from(rows()), table).catch(() => undefined);
  await ctx.replyWithDocument(new InputFile(table, `campaign-${id}-failures.csv`), {
    caption: ctx.t("failures-caption", { id: String(id), count }),
  });
}

async function guarded(ctx: HeraldContext, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    await sayRefusal(ctx, error);
  }
}

function numberIn(text: string): number | null {
  const match = /^#?(\d{1,15})$/.exec(text.trim());
  return match ? Number(match[1]) : null;
}
