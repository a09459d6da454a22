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

/** How many of the next runs are shown. */
const RUNS_SHOWN = 5;

/** Makes the draft repeat by this rule. */
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

/** Saves a repeat and shows it in words, with the next runs. A repeat without a run ahead is refused. */
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
  // An unchanged rule keeps counting from where it began.
  const since = same ? campaign.recurrence?.since : undefined;
  const counted = since === undefined ? anchored(recurrence, startsAt) : { ...recurrence, since };
  await editDraft(deps.scope, ctx.actor, campaign, { recurrence: counted, startsAt });
  return showRepeat(deps, ctx, campaign.id);
}

function isSameRule(before: Recurrence | null, { rule, zone }: Recurrence): boolean {
  return before?.zone === zone && isDeepStrictEqual(before.rule, rule);
}

/** The time of the first run. If only the end changes, a scheduled run keeps its time. */
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

/** How many runs there were before the one that is changed; 0 if this is not a change of a run. */
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
    // Without `now`, because the next runs are listed below.
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
  // Another repeat can be typed right away.
  return { draft, expects: "repeat", keyboard };
}

/** Ends the repeat: the draft is sent once, at its present time. */
export async function endRepeat(deps: BotDeps, ctx: StepContext, draft: number): Promise<At> {
  const campaign = await getDraft(deps.scope, draft);
  const startsAt = startOf(campaign, deps.clock.now());
  if (campaign.recurrence) await editDraft(deps.scope, ctx.actor, campaign, { recurrence: null, startsAt });
  return ctx.goTo("repeat", draft);
}
