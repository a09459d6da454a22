import { isDeepStrictEqual } from "node:util";
import { editDraft } from "../../../../campaign/actions/edit-draft.ts";
import type { Campaign } from "../../../../campaign/campaign.ts";
import { getCampaign, getDraft } from "../../../../campaign/queries.ts";
import { cronFault } from "../../../../schedule/cron.ts";
import { type Recurrence, type Rule, anchored } from "../../../../schedule/recurrence.ts";
import { leavesAt, nextRunWithin, nextRunsWithin } from "../../../../schedule/runs.ts";
import type { BotDeps } from "../../../ui/bot-context.ts";
import type { Keyboard } from "../../../ui/card.ts";
import { showAlert } from "../../../ui/replies.ts";
import { describeRepeat } from "../../../ui/repeat-words.ts";
import { fullTime, readerOf } from "../../../ui/times.ts";
import type { At } from "../dialog/at.ts";
import { draftButton } from "../dialog/draft-button.ts";
import { showCard } from "../dialog/show-card.ts";
import type { StepContext } from "../dialog/step.ts";
import { startOf, timeFault } from "../../../../campaign/start-time.ts";

/** So many of the runs to come are shown. */
const RUNS_SHOWN = 5;

/** The draft repeats by this rule from its next time on. */
export async function setRule(
  deps: BotDeps,
  ctx: StepContext,
  at: At,
  draft: number,
  rule: Rule,
): Promise<At> {
  const { t, timezone } = ctx;
  const now = deps.clock.now();
  const fault = rule.every === "cron" ? cronFault(rule.expression, now) : null;
  if (fault) {
    await showAlert(ctx, t(`repeat-${fault}`));
    return at;
  }
  const recurrence: Recurrence = { zone: timezone, rule };
  return saveRepeat(deps, ctx, at, await getDraft(deps.scope, draft), recurrence);
}

/** Saves a repeat and shows it in words, with the runs to come. One that has no run ahead is refused. */
export async function saveRepeat(
  deps: BotDeps,
  ctx: StepContext,
  at: At,
  campaign: Campaign,
  recurrence: Recurrence,
): Promise<At> {
  const now = deps.clock.now();
  const same = isSameRule(campaign.recurrence, recurrence);
  const startsAt = await firstRun(deps, campaign, recurrence, same, now);
  if (!startsAt || timeFault(startsAt, now)) {
    await showAlert(ctx, ctx.t("repeat-none", { repeats: describeRepeat(recurrence, ctx) }));
    return at;
  }
  // What stays the same goes on counting from where it began.
  const since = same ? campaign.recurrence?.since : undefined;
  const counted = since === undefined ? anchored(recurrence, startsAt) : { ...recurrence, since };
  await editDraft(deps.scope, ctx.actor, campaign, { recurrence: counted, startsAt });
  return showRepeat(deps, ctx, campaign.id);
}

function isSameRule(before: Recurrence | null, { rule, zone }: Recurrence): boolean {
  return before?.zone === zone && isDeepStrictEqual(before.rule, rule);
}

/** When only the end changes, a run that waits keeps its time. */
async function firstRun(
  deps: BotDeps,
  campaign: Campaign,
  recurrence: Recurrence,
  isSame: boolean,
  now: Date,
): Promise<Date | null> {
  const start = startOf(campaign, now);
  const made = await runsBefore(deps, campaign);
  if (!isSame || !start) return nextRunWithin(recurrence, campaign.window, now, made);
  const { until, runs } = recurrence;
  return (until !== undefined && start > new Date(until)) || (runs !== undefined && made >= runs)
    ? null
    : start;
}

/** Of a change to a run of a series: how many runs there were before it. */
async function runsBefore({ scope }: BotDeps, { changes }: Campaign): Promise<number> {
  if (changes === null) return 0;
  const { run } = await getCampaign(scope, changes);
  return run === null ? 0 : run - 1;
}

async function showRepeat(deps: BotDeps, ctx: StepContext, draft: number): Promise<At> {
  const { t } = ctx;
  const campaign = await getDraft(deps.scope, draft);
  const { recurrence } = campaign;
  const reader = readerOf(deps, ctx);
  const first = startOf(campaign, reader.now);
  if (!recurrence || !first) return ctx.goTo("repeat", draft);
  const made = (await runsBefore(deps, campaign)) + 1;
  const { window } = campaign;
  const after = leavesAt(window, first);
  const runs = [first, ...nextRunsWithin(recurrence, window, after, made, RUNS_SHOWN - 1)];
  const { rule } = recurrence;
  const text = [
    // The runs stand below.
    t("repeat-echo", { repeats: describeRepeat(recurrence, ctx), zone: recurrence.zone }),
    ...(rule.every === "month" && rule.day > 28 ? [t("repeat-short-months", { day: rule.day })] : []),
    "",
    t("repeat-next", { count: runs.length }),
    ...runs.map((run) => `· ${fullTime(run, reader)}`),
  ].join("\n");
  const keyboard: Keyboard = [
    [draftButton(draft, t("audience-continue"), "review")],
    [draftButton(draft, t("button-ends"), "ends"), draftButton(draft, t("button-back"), "repeat")],
  ];
  await showCard(ctx, { text, keyboard });
  // Another repeat may be typed at once.
  return { draft, expects: "repeat", keyboard };
}

/** It goes out once after all, at the time that it has. */
export async function repeatNoMore(deps: BotDeps, ctx: StepContext, draft: number): Promise<At> {
  const campaign = await getDraft(deps.scope, draft);
  const startsAt = startOf(campaign, deps.clock.now());
  if (campaign.recurrence) await editDraft(deps.scope, ctx.actor, campaign, { recurrence: null, startsAt });
  return ctx.goTo("repeat", draft);
}
