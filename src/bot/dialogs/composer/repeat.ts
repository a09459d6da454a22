import type { Campaign } from "../../../campaign/campaign.ts";
import { editDraft } from "../../../campaign/lifecycle.ts";
import { getCampaign, getDraft } from "../../../campaign/queries.ts";
import { faultOf, startOf } from "../../../campaign/scheduling.ts";
import { type Reading, readEitherHour, readMoment } from "../../../schedule/moment.ts";
import { type Recurrence, checkCron, readRecurrence } from "../../../schedule/recurrence.ts";
import { leavesAt, nextRunWithin, nextRunsWithin } from "../../../schedule/runs.ts";
import { type Weekday, instantAt, wallOf } from "../../../schedule/wall.ts";
import { readTimeOfDay } from "../../../schedule/zones.ts";
import type { Keyboard } from "../../card.ts";
import type { BotDeps, HeraldContext } from "../../context.ts";
import {
  briefTime,
  clockTime,
  describeRepeat,
  epoch,
  fullDay,
  fullTime,
  instantFrom,
  readerOf,
  weekdayName,
} from "../../times.ts";
import { cut } from "../../words.ts";
import { type At, type DraftVerb, draftButton, numberOf, say, showCard } from "./dialog.ts";

type Rule = Recurrence["rule"];

/** So many of the runs to come are shown. */
const RUNS_SHOWN = 5;

/** A series of more runs is one without an end. */
const MOST_RUNS = 10_000;

/** Asks how often; answered by buttons, words, or a cron expression. */
export async function askRepeat(deps: BotDeps, ctx: HeraldContext, draft: number): Promise<At> {
  const { t } = ctx;
  const campaign = await getDraft(deps.scope, draft);
  const button = (label: string, verb: DraftVerb, argument = "") =>
    draftButton(draft, t(label), verb, argument);
  const { recurrence } = campaign;
  const keyboard: Keyboard = [
    [button("button-daily", "rule", "d"), button("button-weekdays", "days")],
    [button("button-monthly", "month")],
    ...(recurrence ? [[button("button-ends", "ends"), button("button-once", "once")]] : []),
    [button("button-back", "when")],
  ];
  const text = [
    t("repeat-ask", { id: numberOf(campaign) }),
    t("repeat-examples"),
    ...(recurrence ? ["", t("repeat-chosen", { repeats: describeRepeat(recurrence, ctx) })] : []),
  ].join("\n");
  await showCard(ctx, { text, keyboard });
  return { draft, expects: "repeat", keyboard };
}

/** A typed repeat; for days that are ticked already, their hour is enough. */
export async function takeRepeat(
  deps: BotDeps,
  ctx: HeraldContext,
  at: At,
  text = (ctx.message?.text ?? "").trim(),
): Promise<At> {
  const { t, timezone } = ctx;
  if (at.draft === null) return at;
  if (at.rule !== undefined && readTimeOfDay(text)) return takeHour(deps, ctx, at, text);
  const now = deps.clock.now();
  const reading = readRecurrence(text, now, timezone);
  switch (reading.type) {
    case "recurrence":
      return setRule(deps, ctx, at, at.draft, reading.rule);
    case "which-half": {
      const { rule } = reading;
      return askHalf(ctx, at, text, codeOf(rule), [rule.hour, rule.hour + 12]);
    }
    case "no-time": {
      const whole = readRecurrence(`${text} 00:00`, now, timezone);
      const code = whole.type === "recurrence" ? codeOf(whole.rule) : null;
      if (code !== null) return askHour(ctx, at.draft, code);
      await ctx.reply(t("repeat-no-time"));
      return at;
    }
    case "cron-fault":
      await ctx.reply(t(`repeat-${reading.fault}`));
      return at;
    case "unknown":
      await ctx.reply(`${t("repeat-unknown", { text: cut(text, 60) })}\n${t("repeat-examples")}`);
      return at;
  }
}

/** Toggles for the weekdays; `chosen` is those that are on, as in "135". */
export async function askDays(ctx: HeraldContext, draft: number, chosen: string): Promise<At> {
  const { t, locale } = ctx;
  const days = WEEK.filter((day) => chosen.includes(String(day)));
  const toggle = (day: Weekday) => {
    const on = days.includes(day);
    const after = WEEK.filter((one) => (one === day ? !on : days.includes(one))).join("");
    return draftButton(draft, `${on ? "✅ " : ""}${weekdayName(day, locale)}`, "days", after);
  };
  const keyboard: Keyboard = [
    WEEK.slice(0, 4).map(toggle),
    WEEK.slice(4).map(toggle),
    ...(days.length > 0 ? [[draftButton(draft, t("audience-continue"), "rule", `w${days.join("")}`)]] : []),
    [draftButton(draft, t("button-back"), "repeat")],
  ];
  await showCard(ctx, { text: t("repeat-which-days"), keyboard });
  return { draft, expects: "repeat", keyboard, ...(days.length > 0 && { rule: `w${days.join("")}` }) };
}

const MONTH_DAYS = [1, 5, 10, 15, 20, 25];

/** The day of the month, tapped or typed. */
export async function askMonthday(ctx: HeraldContext, draft: number): Promise<At> {
  const { t } = ctx;
  const day = (number: number) => draftButton(draft, String(number), "rule", `m${number}`);
  const keyboard: Keyboard = [
    MONTH_DAYS.map(day),
    [draftButton(draft, t("button-last-day"), "rule", "m31")],
    [draftButton(draft, t("button-back"), "repeat")],
  ];
  await showCard(ctx, { text: t("repeat-which-day"), keyboard });
  return { draft, expects: "monthday", keyboard };
}

/** A typed day of the month: 1 to 31, or a repeat in words after all. */
export async function takeMonthday(deps: BotDeps, ctx: HeraldContext, at: At): Promise<At> {
  const day = Number(/^\s*(\d{1,2})\s*\.?\s*$/.exec(ctx.message?.text ?? "")?.[1] ?? 0);
  if (at.draft === null) return at;
  return day >= 1 && day <= 31 ? askHour(ctx, at.draft, `m${day}`) : takeRepeat(deps, ctx, at);
}

/** A repeat was tapped: its hour is asked for, unless the button has it. */
export async function ruleTapped(
  deps: BotDeps,
  ctx: HeraldContext,
  at: At,
  draft: number,
  code: string,
): Promise<At> {
  const rule = ruleOf(code);
  if (rule) return setRule(deps, ctx, at, draft, rule);
  return ruleOf(`${code}@0`) ? askHour(ctx, draft, code) : askRepeat(deps, ctx, draft);
}

const HOURS = [8, 9, 10, 12, 15, 18, 19, 20];

async function askHour(ctx: HeraldContext, draft: number, code: string): Promise<At> {
  const { t } = ctx;
  const button = (hour: number) => draftButton(draft, clockTime(hour * 60), "rule", `${code}@${hour * 60}`);
  const keyboard: Keyboard = [
    HOURS.slice(0, 4).map(button),
    HOURS.slice(4).map(button),
    [draftButton(draft, t("button-back"), "repeat")],
  ];
  await showCard(ctx, { text: t("repeat-which-hour", { zone: ctx.timezone }), keyboard });
  return { draft, expects: "hour", keyboard, rule: code };
}

/** A typed hour for the repeat that was chosen before. */
export async function takeHour(
  deps: BotDeps,
  ctx: HeraldContext,
  at: At,
  text = (ctx.message?.text ?? "").trim(),
): Promise<At> {
  const either = readEitherHour(text);
  if (either && at.rule !== undefined) return askHalf(ctx, at, text, at.rule, either);
  const time = readTimeOfDay(text);
  const rule = time && at.rule !== undefined ? ruleOf(`${at.rule}@${time.hour * 60 + time.minute}`) : null;
  if (at.draft === null) return at;
  if (rule) return setRule(deps, ctx, at, at.draft, rule);
  await ctx.reply(ctx.t("repeat-no-hour", { text: cut(text, 60) }));
  return at;
}

/** Asks which of two hours of the day was meant; a time may be typed as well. */
async function askHalf(
  ctx: HeraldContext,
  at: At,
  text: string,
  code: string,
  hours: [number, number],
): Promise<At> {
  const row = hours.map((hour) =>
    draftButton(at.draft ?? 0, clockTime(hour * 60), "rule", `${code}@${hour * 60}`),
  );
  await ctx.reply(ctx.t("when-ambiguous", { text: cut(text, 60) }), {
    reply_markup: { inline_keyboard: [row] },
  });
  return { ...at, expects: "repeat", rule: code, keyboard: [row, ...at.keyboard] };
}

/** The draft repeats by this rule from its next time on. */
async function setRule(deps: BotDeps, ctx: HeraldContext, at: At, draft: number, rule: Rule): Promise<At> {
  const { t, timezone } = ctx;
  const now = deps.clock.now();
  const fault = rule.every === "cron" ? checkCron(rule.expression, timezone, now) : "ok";
  if (fault !== "ok") {
    await say(ctx, t(`repeat-${fault}`));
    return at;
  }
  const recurrence: Recurrence = { zone: timezone, rule };
  return repeats(deps, ctx, at, await getDraft(deps.scope, draft), recurrence);
}

/** Saves a repeat and shows it in words, with the runs to come. One that has no run ahead is refused. */
async function repeats(
  deps: BotDeps,
  ctx: HeraldContext,
  at: At,
  campaign: Campaign,
  recurrence: Recurrence,
): Promise<At> {
  const now = deps.clock.now();
  const startsAt = await firstRun(deps, campaign, recurrence, now);
  if (!startsAt || faultOf(startsAt, now)) {
    await say(ctx, ctx.t("repeat-none", { repeats: describeRepeat(recurrence, ctx) }));
    return at;
  }
  await editDraft(deps.scope, campaign, { recurrence, startsAt }, ctx.from?.id ?? 0);
  return showRepeat(deps, ctx, campaign.id);
}

/** When only the end changes, a run that waits keeps its time. */
async function firstRun(
  deps: BotDeps,
  campaign: Campaign,
  recurrence: Recurrence,
  now: Date,
): Promise<Date | null> {
  const before = campaign.recurrence;
  const start = startOf(campaign, now);
  const isSame =
    before !== null && codeOf(before.rule) === codeOf(recurrence.rule) && before.zone === recurrence.zone;
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

async function showRepeat(deps: BotDeps, ctx: HeraldContext, draft: number): Promise<At> {
  const { t } = ctx;
  const campaign = await getDraft(deps.scope, draft);
  const { recurrence } = campaign;
  const reader = readerOf(deps, ctx);
  const first = startOf(campaign, reader.now);
  if (!recurrence || !first) return askRepeat(deps, ctx, draft);
  const made = (await runsBefore(deps, campaign)) + 1;
  const { window } = campaign;
  const after = leavesAt(window, first);
  const runs = [first, ...nextRunsWithin(recurrence, window, after, made, RUNS_SHOWN - 1)];
  const { rule } = recurrence;
  const text = [
    t("repeat-echo", { repeats: describeRepeat(recurrence, reader), zone: recurrence.zone }),
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
export async function repeatNoMore(deps: BotDeps, ctx: HeraldContext, draft: number): Promise<At> {
  const campaign = await getDraft(deps.scope, draft);
  const startsAt = startOf(campaign, deps.clock.now());
  if (campaign.recurrence)
    await editDraft(deps.scope, campaign, { recurrence: null, startsAt }, ctx.from?.id ?? 0);
  return askRepeat(deps, ctx, draft);
}

const RUN_COUNTS = [3, 5, 10, 30];

/** Asks when a series ends. */
export async function askEnds(deps: BotDeps, ctx: HeraldContext, draft: number): Promise<At> {
  const { t } = ctx;
  const { recurrence } = await getDraft(deps.scope, draft);
  if (!recurrence) return askRepeat(deps, ctx, draft);
  const keyboard: Keyboard = [
    [draftButton(draft, t("button-never"), "endless")],
    RUN_COUNTS.map((count) => draftButton(draft, t("button-runs", { count }), "runs", String(count))),
    [draftButton(draft, t("button-back"), "repeat")],
  ];
  await showCard(ctx, { text: t("ends-ask", { repeats: describeRepeat(recurrence, ctx) }), keyboard });
  return { draft, expects: "ends", keyboard };
}

/** A typed end: a number of runs, or a date, whose whole day still counts. */
export async function takeEnd(deps: BotDeps, ctx: HeraldContext, at: At): Promise<At> {
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
    await ctx.reply(noEnd(ctx, reading, cut(text, 60)));
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

function noEnd({ t, locale, timezone }: HeraldContext, reading: Reading, text: string): string {
  if (reading.type === "past")
    return t("when-past-day", { day: fullDay(reading.instant, { locale, timezone }) });
  const isNone = reading.type === "no-date" || reading.type === "no-time";
  return t(isNone ? `when-${reading.type}` : "ends-unknown", { text });
}

/** The ends of the days that a text may mean; none when it means no day ahead. */
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
  ctx: HeraldContext,
  at: At,
  draft: number,
  count: string,
): Promise<At> {
  const runs = Number(count);
  if (!Number.isInteger(runs) || runs < 1 || runs > MOST_RUNS) {
    await say(ctx, ctx.t("ends-too-many", { most: MOST_RUNS }));
    return at;
  }
  return ends(deps, ctx, at, draft, { runs });
}

export async function untilTapped(
  deps: BotDeps,
  ctx: HeraldContext,
  at: At,
  draft: number,
  seconds: string,
): Promise<At> {
  const until = instantFrom(seconds);
  return until ? endsBy(deps, ctx, at, draft, until) : at;
}

function endsBy(deps: BotDeps, ctx: HeraldContext, at: At, draft: number, until: Date): Promise<At> {
  return ends(deps, ctx, at, draft, { until: until.toISOString() });
}

/** Sets the end of a series; without one it goes on until somebody ends it. */
export async function ends(
  deps: BotDeps,
  ctx: HeraldContext,
  at: At,
  draft: number,
  end: Pick<Recurrence, "until" | "runs">,
): Promise<At> {
  const campaign = await getDraft(deps.scope, draft);
  if (!campaign.recurrence) return askRepeat(deps, ctx, draft);
  const { zone, rule } = campaign.recurrence;
  return repeats(deps, ctx, at, campaign, { zone, rule, ...end });
}

const WEEK: readonly Weekday[] = [1, 2, 3, 4, 5, 6, 7];

/** A rule as a button carries it, without its hour: "d", "w135", "m31". Of cron, which is typed, the expression. */
function codeOf(rule: Rule): string {
  switch (rule.every) {
    case "day":
      return "d";
    case "week":
      return `w${rule.days.join("")}`;
    case "month":
      return `m${rule.day}`;
    case "cron":
      return rule.expression;
  }
}

/** Reads "w135@600", minutes since midnight behind the @. What a button carries comes from outside: null for anything else. */
function ruleOf(code: string): Rule | null {
  const match = /^(?:(d)|w([1-7]{1,7})|m([1-9]|[12]\d|3[01]))@(\d{1,4})$/.exec(code);
  const minutes = Number(match?.[4] ?? -1);
  if (!match || minutes < 0 || minutes >= 24 * 60) return null;
  const time = { hour: Math.floor(minutes / 60), minute: minutes % 60 };
  const [, day, week, month] = match;
  if (day !== undefined) return { every: "day", ...time };
  if (month !== undefined) return { every: "month", day: Number(month), ...time };
  const days = WEEK.filter((one) => week?.includes(String(one)));
  return days.length === 7 ? { every: "day", ...time } : { every: "week", days, ...time };
}
