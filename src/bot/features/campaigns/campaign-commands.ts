import { Composer } from "grammy";
import { type Campaign, canBeChanged, isOver } from "../../../campaign/campaign.ts";
import { setCardView } from "../../../campaign/card-places.ts";
import { cancel, cancelSeries } from "../../../campaign/actions/cancel.ts";
import { pauseEdit, resumeEdit, stopEdit } from "../../../campaign/actions/edit-sent.ts";
import { duplicate } from "../../../campaign/actions/duplicate.ts";
import { sendToRest } from "../../../campaign/actions/send-to-rest.ts";
import { pause } from "../../../campaign/actions/pause.ts";
import { resume } from "../../../campaign/actions/resume.ts";
import { retry } from "../../../campaign/actions/retry.ts";
import { missedOf, progressOf } from "../../../campaign/progress.ts";
import { CODE_COLUMNS, codeRows } from "../../../campaign/report/code-rows.ts";
import { MISSED_COLUMNS, missedRows } from "../../../campaign/report/missed.ts";
import { getCampaign, getWithDetails } from "../../../campaign/queries.ts";
import { beginStepChange } from "../../../campaign/actions/change-newcomers.ts";
import { isStep } from "../../../campaign/live-steps.ts";
import { beginChange } from "../../../campaign/actions/begin-change.ts";
import { findNextRun } from "../../../campaign/series.ts";
import { DomainError } from "../../../errors.ts";
import { cardTitle } from "../../cards/campaign-card.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import { type CardVerb, type OwnVerb, cardTap, isBundleVerb, onTap } from "../../ui/callback-data.ts";
import { csvFile } from "../../ui/csv-file.ts";
import { showPost } from "./show-post-again.ts";
import { sayOthers, tapBundle } from "./bundle-commands.ts";
import { enterOverdue } from "./overdue.ts";
import { placeLiveCard } from "../../ui/message-edits.ts";
import { sayRefusal } from "../../ui/refusal.ts";
import { fullTime } from "../../ui/times.ts";
import { sendPollResults } from "../votes/poll-results-file.ts";
import { drawGroups } from "../lists/campaign-people.ts";
import { sendScreen } from "../../ui/screens.ts";
import { openDraft } from "../compose/dialog/open-composer.ts";
import { scopeOf } from "../../../db/scope.ts";

/** Commands that do the same as buttons: `/pause 12`. */
const TYPED: Record<string, OwnVerb> = {
  pause: "pause",
  resume: "resume",
  cancel: "cancel",
  edit: "edit",
  pause_edit: "pause-edit",
  resume_edit: "resume-edit",
  stop_edit: "stop-edit",
  reschedule: "reschedule",
  retry: "retry",
  failures: "failures",
  results: "results",
  codes: "codes",
  duplicate: "duplicate",
  rest: "rest",
  post: "post",
};

/** These show something other than the campaign's card. */
const ELSEWHERE: ReadonlySet<CardVerb> = new Set([
  "failures",
  "results",
  "codes",
  "duplicate",
  "rest",
  "edit",
  "edit-sent",
  "reschedule",
  "post",
]);

/** Shows and controls campaigns: the buttons of cards, and commands that do the same. */
export function campaignCommands(deps: BotDeps): Composer<HeraldContext> {
  const composer = new Composer<HeraldContext>();

  composer.use(
    onTap(cardTap, async (ctx, tap) => {
      const { message } = ctx.callbackQuery;
      if (!message) return;
      if (tap.verb === "open") return guarded(ctx, () => showCampaign(deps, ctx, tap.id));
      const { id, verb } = tap;
      if (isBundleVerb(verb)) return guarded(ctx, () => tapBundle(deps, ctx, id, verb, message.message_id));
      await guarded(ctx, async () => {
        const said = await act(deps, ctx, id, verb);
        // The card that was tapped last becomes the live one.
        await placeAndDraw(deps, ctx, id, verb, message.message_id);
        if (said) await ctx.answerCallbackQuery({ text: said });
      });
      // A refused tap means that the card was out of date.
      await deps.engine.refresh(id);
    }),
  );

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
      if (verb === "pause" || verb === "resume") await sayOthers(deps, ctx, id, verb);
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

/** Sends a campaign's card, which becomes the live one in this chat. Drafts have the review card instead. */
export async function showCampaign(
  deps: BotDeps,
  ctx: HeraldContext,
  id: number,
  verb?: CardVerb,
): Promise<void> {
  const campaign = await getCampaign(deps.scope, id);
  if (campaign.state === "draft") {
    await openDraft(ctx, id, "review");
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

/** Does what a button or a command asks for. Returns what to say above the button. @throws DomainError */
async function act(deps: BotDeps, ctx: HeraldContext, id: number, verb: OwnVerb): Promise<string | null> {
  const { scope, engine } = deps;
  const { t } = ctx;
  const by = ctx.from?.id ?? 0;
  deps.log.debug({ campaign: id, asked: verb, by }, "an admin steers a campaign");
  const note = (event: string) => deps.log.info({ campaign: id, by }, event);
  switch (verb) {
    case "pause":
      await pause(scope, ctx.actor, id);
      engine.poke(); // deliveries that are claimed already must not leave
      note("campaign paused");
      return t("done-paused");
    case "resume": {
      const resumed = await resume(scope, ctx.actor, id, deps.clock.now());
      engine.poke();
      note(resumed.state === "running" ? "campaign resumed" : "campaign waits for its time again");
      return t("done-resumed");
    }
    case "cancel":
      await mustBe(deps, id, ["scheduled", "running", "paused"]);
      return null;
    case "yes-cancel": {
      const cancelled = await cancel(scope, ctx.actor, id, deps.clock.now());
      engine.poke();
      note("campaign cancelled");
      return sayNext(deps, ctx, cancelled);
    }
    case "cancel-series":
      if ((await cancelSeries(scope, ctx.actor, id, deps.clock.now())).wasGoingOn) note("campaign cancelled");
      engine.poke();
      note("series cancelled");
      return t("done-series-cancelled");
    case "pause-edit":
      await pauseEdit(scope, ctx.actor, id);
      engine.poke();
      note("edit of sent posts paused");
      return t("done-edit-paused");
    case "resume-edit":
      await resumeEdit(scope, ctx.actor, id);
      engine.poke();
      note("edit of sent posts resumed");
      return t("done-edit-resumed");
    case "stop-edit":
      await stopEdit(scope, ctx.actor, id);
      engine.poke();
      note("edit of sent posts stopped");
      return t("done-edit-stopped");
    case "edit":
    case "edit-sent":
      await change(deps, ctx, id, "review");
      return null;
    case "reschedule":
      await change(deps, ctx, id, "when");
      return null;
    case "retry":
      await retry(scope, ctx.actor, id, "failed");
      engine.poke();
      note("campaign retried");
      return t("done-retried");
    case "retry-uncertain":
      await mustBe(deps, id, ["finished"]);
      await getWithDetails(scope, id);
      return null;
    case "yes-retry":
      await retry(scope, ctx.actor, id, "uncertain");
      engine.poke();
      note("campaign retried");
      return t("done-retried");
    case "open":
    case "back":
      await getCampaign(scope, id);
      return null;
    case "post": {
      const campaign = await getCampaign(scope, id);
      await showPost(deps, ctx, campaign);
      // Its card moves below.
      if (!isOver(campaign.state)) engine.covered(ctx.chat?.id ?? 0, id);
      return null;
    }
    case "failures":
      await sendFailures(deps, ctx, id);
      return null;
    case "results":
      await sendPollResults(deps, ctx, id);
      return null;
    case "codes":
      await openCodes(deps, ctx, id);
      return null;
    case "people":
      await sendScreen(ctx, (ctx) => drawGroups(deps, ctx, id));
      return null;
    case "duplicate": {
      const draft = await duplicate(scope, ctx.actor, id, `update:${ctx.update.update_id}`);
      await openDraft(ctx, draft.id, "review");
      return t("done-duplicated", { id: String(draft.id) });
    }
    case "rest": {
      const draft = await sendToRest(scope, ctx.actor, id, `update:${ctx.update.update_id}`);
      await openDraft(ctx, draft.id, "review");
      return t("done-rest", { id: String(draft.id) });
    }
  }
}

/** For a run of a series, says when the next one is sent. */
async function sayNext({ scope }: BotDeps, ctx: HeraldContext, campaign: Campaign): Promise<string> {
  const { seriesId } = campaign;
  const next = seriesId === null ? null : await findNextRun(scopeOf(scope, campaign), seriesId);
  return next?.startsAt
    ? ctx.t("done-cancelled-run", { id: String(next.id), time: fullTime(next.startsAt, ctx) })
    : ctx.t("done-cancelled");
}

/** Opens a campaign as a draft that changes it. A draft is opened as it is. */
async function change(
  { scope }: BotDeps,
  ctx: HeraldContext,
  id: number,
  step: "review" | "when" | "codes",
): Promise<void> {
  const campaign = await getCampaign(scope, id);
  // One change draft per admin and revision of the campaign, so that a second tap opens the same one.
  const originKey = `change:${id}:${campaign.revision}:${ctx.from?.id ?? 0}`;
  const begin = () =>
    isStep(campaign)
      ? beginStepChange(scope, ctx.actor, campaign, originKey)
      : beginChange(scope, ctx.actor, id, originKey);
  const draft = campaign.state === "draft" ? campaign : await begin();
  await openDraft(ctx, draft.id, step);
}

async function mustBe({ scope }: BotDeps, id: number, states: Campaign["state"][]): Promise<void> {
  const { state } = await getCampaign(scope, id);
  if (!states.includes(state)) throw new DomainError("conflict", { id, state });
}

/** Opens `Codes…` of a campaign that can still be changed; of any other, sends who got which code. */
async function openCodes(deps: BotDeps, ctx: HeraldContext, id: number): Promise<void> {
  const campaign = await getCampaign(deps.scope, id);
  if (campaign.state === "draft" || canBeChanged(campaign)) return change(deps, ctx, id, "codes");
  const withDetails = await getWithDetails(deps.scope, id);
  if (campaign.codePool === null) return void (await ctx.reply(ctx.t("codes-none", { id: String(id) })));
  await ctx.replyWithDocument(
    csvFile(
      `campaign-${id}-codes.csv`,
      CODE_COLUMNS,
      rowsOf(codeRows(scopeOf(deps.scope, campaign), withDetails)),
    ),
    { caption: ctx.t("codes-caption", { id: String(id) }) },
  );
}

async function* rowsOf(pages: AsyncIterable<unknown[][]>) {
  for await (const page of pages) yield* page;
}

/** Sends the list of those who were not reached as a file. */
async function sendFailures({ scope }: BotDeps, ctx: HeraldContext, id: number): Promise<void> {
  const campaign = await getWithDetails(scope, id);
  const count = missedOf(progressOf(campaign));
  if (count === 0) {
    await ctx.reply(ctx.t("failures-none", { id: String(id) }));
    return;
  }
  const rows = missedRows(scopeOf(scope, campaign), id);
  await ctx.replyWithDocument(csvFile(`campaign-${id}-failures.csv`, MISSED_COLUMNS, rows), {
    caption: ctx.t("failures-caption", { id: String(id), count }),
  });
}

async function guarded(ctx: HeraldContext, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const { id } = error.details;
    // This refusal leads to a question.
    if (error.code === "overdue") await enterOverdue(ctx, { id: Number(id) });
    else await sayRefusal(ctx, error);
  }
}

function numberIn(text: string): number | null {
  const match = /^#?(\d{1,15})$/.exec(text.trim());
  return match ? Number(match[1]) : null;
}
