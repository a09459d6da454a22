import { getDraft } from "../../../../campaign/queries.ts";
import type { Recurrence } from "../../../../schedule/recurrence.ts";
import { readMoment } from "../../../../schedule/typed/read-moment.ts";
import type { Reading } from "../../../../schedule/typed/reading.ts";
import { instantAt, wallOf } from "../../../../schedule/wall.ts";
import type { BotDeps, HeraldContext } from "../../../ui/bot-context.ts";
import { describeRepeat } from "../../../ui/repeat-words.ts";
import { briefTime, epoch, fullDay, instantFrom, readerOf } from "../../../ui/times.ts";
import { cut } from "../../../ui/words.ts";
import type { At } from "../dialog/at.ts";
import { saveRepeat } from "./save-repeat.ts";
import type { Keyboard } from "../../../ui/card.ts";
import { showAlert } from "../../../ui/replies.ts";
import { draftButton } from "../dialog/draft-button.ts";
import { showCard } from "../dialog/show-card.ts";
import type { NamesOf, Tap, StepContext } from "../dialog/step.ts";

/** A series of more runs than this is one without an end. */
const MOST_RUNS = 10_000;

const RUN_COUNTS = [3, 5, 10, 30];

/** Asks when a series ends. */
export async function askEnds(deps: BotDeps, ctx: StepContext, draft: number): Promise<At> {
  const { t } = ctx;
  const { recurrence } = await getDraft(deps.scope, draft);
  if (!recurrence) return ctx.goTo("repeat", draft);
  const keyboard: Keyboard = [
    [draftButton(draft, t("button-never"), "endless")],
    RUN_COUNTS.map((count) => draftButton(draft, t("button-runs", { count }), "runs", String(count))),
    [draftButton(draft, t("button-back"), "repeat")],
  ];
  await showCard(ctx, { text: t("ends-ask", { repeats: describeRepeat(recurrence, ctx) }), keyboard });
  return { draft, expects: "ends", keyboard };
}

/** Takes a typed end: a number of runs, or a date, which is included. */
export async function takeEnd(deps: BotDeps, ctx: StepContext, at: At): Promise<At> {
  const { t } = ctx;
  const text = (ctx.message?.text ?? "").trim();
  if (at.draft === null) return at;
  const count =
    /^(?:after|после)?\s*(\d{1,5})\s*(?:runs?|times?|раза?|повтор\p{L}*|запуск\p{L}*|выпуск\p{L}*)?$/iu.exec(
      text,
    )?.[1];
  if (count !== undefined) return runsTapped(deps, ctx, at, at.draft, count);
  const reading = readMoment(text, deps.clock.now(), ctx.timezone);
  const days = daysMeant(reading, ctx.timezone);
  const [day] = days;
  if (day === undefined) {
    await ctx.reply(noEndText(ctx, reading, cut(text, 60)));
    return at;
  }
  if (days.length === 1) return endsBy(deps, ctx, at, at.draft, day);
  const reader = readerOf(deps, ctx);
  const rows = days.map((one) => [
    draftButton(at.draft ?? 0, briefTime(one, reader), "until", String(epoch(one))),
  ]);
  await ctx.reply(t("when-ambiguous", { text: cut(text, 60) }), {
    reply_markup: { inline_keyboard: rows },
  });
  return { ...at, keyboard: [...rows, ...at.keyboard] };
}

function noEndText({ t, locale, timezone }: HeraldContext, reading: Reading, text: string): string {
  if (reading.type === "past")
    return t("when-past-day", { day: fullDay(reading.instant, { locale, timezone }) });
  const isNone = reading.type === "no-date" || reading.type === "no-time";
  return t(isNone ? `when-${reading.type}` : "ends-unknown", { text });
}

/** The ends of the days that a text may mean; none if it does not mean a day ahead. */
function daysMeant(reading: Reading, zone: string): Date[] {
  const instants =
    reading.type === "at"
      ? [reading.instant]
      : reading.type === "which-hour"
        ? reading.suggestions
        : reading.type === "ambiguous"
          ? reading.candidates
          : reading.type === "twice"
            ? [...reading.instants]
            : [];
  const ends = instants.map((instant) => instantAt({ ...wallOf(instant, zone), hour: 23, minute: 59 }, zone));
  return [...new Set(ends.map(epoch))].map((seconds) => new Date(seconds * 1000));
}

export async function runsTapped(
  deps: BotDeps,
  ctx: StepContext,
  at: At,
  draft: number,
  count: string,
): Promise<At> {
  const runs = Number(count);
  if (!Number.isInteger(runs) || runs < 1 || runs > MOST_RUNS) {
    await showAlert(ctx, ctx.t("ends-too-many", { most: MOST_RUNS }));
    return at;
  }
  return setEnd(deps, ctx, at, draft, { runs });
}

export async function untilTapped(
  deps: BotDeps,
  ctx: StepContext,
  at: At,
  draft: number,
  seconds: string,
): Promise<At> {
  const until = instantFrom(seconds);
  return until ? endsBy(deps, ctx, at, draft, until) : at;
}

function endsBy(deps: BotDeps, ctx: StepContext, at: At, draft: number, until: Date): Promise<At> {
  return setEnd(deps, ctx, at, draft, { until: until.toISOString() });
}

/** Sets the end of a series. Without one, it continues until someone ends it. */
export async function setEnd(
  deps: BotDeps,
  ctx: StepContext,
  at: At,
  draft: number,
  end: Pick<Recurrence, "until" | "runs">,
): Promise<At> {
  const campaign = await getDraft(deps.scope, draft);
  if (!campaign.recurrence) return ctx.goTo("repeat", draft);
  const { until: _, runs: __, ...endless } = campaign.recurrence;
  return saveRepeat(deps, ctx, at, campaign, { ...endless, ...end });
}

export const repeatEndStep = {
  takes: { ends: takeEnd },
  taps: {
    ends: ({ deps, ctx, draft }: Tap) => askEnds(deps, ctx, draft),
    runs: ({ deps, ctx, at, draft, argument }: Tap) => runsTapped(deps, ctx, at, draft, argument),
    until: ({ deps, ctx, at, draft, argument }: Tap) => untilTapped(deps, ctx, at, draft, argument),
    endless: ({ deps, ctx, at, draft }: Tap) => setEnd(deps, ctx, at, draft, {}),
  },
};

declare module "../dialog/step.ts" {
  interface Expectations extends NamesOf<typeof repeatEndStep.takes, "repeat-end"> {}
  interface Verbs extends NamesOf<typeof repeatEndStep.taps, "repeat-end"> {}
}
