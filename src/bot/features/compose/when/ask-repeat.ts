import { getDraft } from "../../../../campaign/queries.ts";
import {
  type Repeat,
  type RepeatReading,
  readHourOf,
  readRepeat,
  ruleAt,
} from "../../../../schedule/typed/read-repeat.ts";
import type { BotDeps } from "../../../ui/bot-context.ts";
import { describeRepeat, repeatLabel } from "../../../ui/repeat-words.ts";
import { clockTime, readerOf } from "../../../ui/times.ts";
import { cut } from "../../../ui/words.ts";
import type { At } from "../dialog/at.ts";
import { codeEnd, codeOf, readCode } from "./repeat-codes.ts";
import type { Keyboard } from "../../../ui/card.ts";
import type { DraftVerb, StepContext, NamesOf, Tap } from "../dialog/step.ts";
import { draftButton, numberOf } from "../dialog/draft-button.ts";
import { showCard } from "../dialog/show-card.ts";
import { askDays, askHour, askMonthday } from "./repeat-days.ts";
import { endRepeat, setRule } from "./save-repeat.ts";

/** Asks how often to repeat. The answer is a button, words, or a cron expression. */
export async function askRepeat(deps: BotDeps, ctx: StepContext, draft: number): Promise<At> {
  const { t } = ctx;
  const campaign = await getDraft(deps.scope, draft);
  const button = (label: string, verb: DraftVerb, argument = "") =>
    draftButton(draft, t(label), verb, argument);
  const { recurrence } = campaign;
  const keyboard: Keyboard = [
    [button("button-daily", "rule", "d"), button("button-other-days", "rule", "d/2")],
    [button("button-weekdays", "days"), button("button-two-weeks", "days", "/2")],
    [button("button-monthly", "month")],
    ...(recurrence ? [[button("button-ends", "ends"), button("button-once", "once")]] : []),
    [button("button-back", "when")],
  ];
  const text = [
    t("repeat-ask", { id: numberOf(campaign) }),
    t("repeat-examples"),
    ...(recurrence
      ? ["", t("repeat-chosen", { repeats: describeRepeat(recurrence, readerOf(deps, ctx)) })]
      : []),
  ].join("\n");
  await showCard(ctx, { text, keyboard });
  return { draft, expects: "repeat", keyboard };
}

/** Takes a typed repeat. If its days are already chosen, the hour is enough. */
export async function takeRepeat(
  deps: BotDeps,
  ctx: StepContext,
  at: At,
  text = (ctx.message?.text ?? "").trim(),
): Promise<At> {
  const chosen = at.rule === undefined ? null : readCode(at.rule);
  const hour: RepeatReading = chosen ? readHourOf(chosen.days, text) : { type: "unknown" };
  const reading = hour.type === "unknown" ? readRepeat(text, deps.clock.now()) : hour;
  return takeReading(deps, ctx, at, text, reading);
}

async function takeReading(
  deps: BotDeps,
  ctx: StepContext,
  at: At,
  text: string,
  reading: RepeatReading,
): Promise<At> {
  const { t } = ctx;
  const { draft } = at;
  if (draft === null) return at;
  const quoted = { text: cut(text, 60) };
  switch (reading.type) {
    case "rule":
      return setRule(deps, ctx, at, draft, reading.rule);
    case "which-hour":
      return askHour(ctx, draft, codeOf(reading.days));
    case "which-day": {
      const end = codeEnd(reading.step, reading.minutes);
      return reading.unit === "week" ? askDays(ctx, draft, end) : askMonthday(ctx, draft, end);
    }
    case "ambiguous":
      return askWhich(ctx, at, quoted.text, reading.repeats);
    case "cron-fault":
      await ctx.reply(t(`repeat-${reading.fault}`));
      return at;
    case "no-such-time":
      await ctx.reply(t("when-no-time", quoted));
      return at;
    case "unknown":
      await ctx.reply(`${t("repeat-unknown", quoted)}\n${t("repeat-examples")}`);
      return at;
  }
}

/** Takes a typed day of the month: 1 to 31, or a repeat in words instead. */
export async function takeMonthday(deps: BotDeps, ctx: StepContext, at: At): Promise<At> {
  const { draft, rule: end = "", ...rest } = at;
  if (draft === null) return at;
  const day = /^\s*(\d{1,2})\s*\.?\s*$/.exec(ctx.message?.text ?? "")?.[1];
  const code = `m${Number(day)}${end}`;
  return readCode(code) ? ruleTapped(deps, ctx, at, draft, code) : takeRepeat(deps, ctx, { ...rest, draft });
}

/** Takes a tapped repeat. Asks for its hour, unless the button has it. */
export async function ruleTapped(
  deps: BotDeps,
  ctx: StepContext,
  at: At,
  draft: number,
  code: string,
): Promise<At> {
  const chosen = readCode(code);
  if (!chosen) return askRepeat(deps, ctx, draft);
  const { days, minutes } = chosen;
  return minutes === undefined
    ? askHour(ctx, draft, codeOf(days))
    : setRule(deps, ctx, at, draft, ruleAt(days, minutes));
}

/** Takes a typed hour for the repeat that was chosen before. */
export async function takeHour(deps: BotDeps, ctx: StepContext, at: At): Promise<At> {
  const text = (ctx.message?.text ?? "").trim();
  const chosen = readCode(at.rule ?? "");
  const reading: RepeatReading = chosen ? readHourOf(chosen.days, text) : { type: "unknown" };
  if (reading.type !== "unknown") return takeReading(deps, ctx, at, text, reading);
  await ctx.reply(ctx.t("repeat-no-hour", { text: cut(text, 60) }));
  return at;
}

/** Asks which of several repeats was meant. Another one can be typed instead; if only the hour is open, just the hour. */
async function askWhich(ctx: StepContext, at: At, text: string, repeats: readonly Repeat[]): Promise<At> {
  const { t } = ctx;
  const [code = "", another] = new Set(repeats.map(({ days }) => codeOf(days)));
  const isSameDays = another === undefined;
  const buttons = repeats.map((repeat) => {
    const { days, minutes } = repeat;
    const isHour = isSameDays && minutes !== undefined;
    const label = isHour ? clockTime(minutes) : repeatLabel(repeat, ctx);
    return draftButton(at.draft ?? 0, label, "rule", codeOf(days, minutes));
  });
  const rows = isSameDays ? [buttons] : buttons.map((button) => [button]);
  await ctx.reply(t("when-ambiguous", { text }), { reply_markup: { inline_keyboard: rows } });
  const { rule: _, ...rest } = at;
  return {
    ...rest,
    expects: "repeat",
    ...(isSameDays && { rule: code }),
    keyboard: [...rows, ...at.keyboard],
  };
}

export const repeatStep = {
  takes: { repeat: takeRepeat, monthday: takeMonthday, hour: takeHour },
  taps: {
    repeat: ({ deps, ctx, draft }: Tap) => askRepeat(deps, ctx, draft),
    days: ({ ctx, draft, argument }: Tap) => askDays(ctx, draft, argument),
    month: ({ ctx, draft }: Tap) => askMonthday(ctx, draft),
    rule: ({ deps, ctx, at, draft, argument }: Tap) => ruleTapped(deps, ctx, at, draft, argument),
    once: ({ deps, ctx, draft }: Tap) => endRepeat(deps, ctx, draft),
  },
};

declare module "../dialog/step.ts" {
  interface Expectations extends NamesOf<typeof repeatStep.takes, "repeat"> {}
  interface Verbs extends NamesOf<typeof repeatStep.taps, "repeat"> {}
}
