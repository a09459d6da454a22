import type { Weekday } from "../../../../schedule/wall.ts";
import type { HeraldContext } from "../../../ui/bot-context.ts";
import type { Keyboard } from "../../../ui/card.ts";
import { clockTime, weekdayName } from "../../../ui/times.ts";
import type { At } from "../dialog/at.ts";
import { draftButton } from "../dialog/draft-button.ts";
import { showCard } from "../dialog/show-card.ts";
import { WEEK, weekdaysIn } from "./repeat-codes.ts";

/* The questions that complete a repeat: on which weekdays, on which day of the month, at what time. */

/**
 * Asks for the weekdays with toggles. `chosen` has those that are on, such as "135", and after them what is already known:
 * "135/2" for every other week, "135@600" for ten o'clock.
 */
export async function askDays(ctx: HeraldContext, draft: number, chosen: string): Promise<At> {
  const { t, locale } = ctx;
  const [digits = ""] = /^\d*/.exec(chosen) ?? [];
  const end = chosen.slice(digits.length);
  const days = weekdaysIn(digits);
  const toggle = (day: Weekday) => {
    const on = days.includes(day);
    const after = WEEK.filter((one) => (one === day ? !on : days.includes(one))).join("");
    return draftButton(draft, `${on ? "✅ " : ""}${weekdayName(day, locale)}`, "days", after + end);
  };
  const code = `w${days.join("")}${end}`;
  const keyboard: Keyboard = [
    WEEK.slice(0, 4).map(toggle),
    WEEK.slice(4).map(toggle),
    ...(days.length > 0 ? [[draftButton(draft, t("audience-continue"), "rule", code)]] : []),
    [draftButton(draft, t("button-back"), "repeat")],
  ];
  await showCard(ctx, { text: t("repeat-which-days"), keyboard });
  return { draft, expects: "repeat", keyboard, ...(days.length > 0 && { rule: code }) };
}

const MONTH_DAYS = [1, 5, 10, 15, 20, 25];

/** Asks for the day of the month. `end` is what is already known, as in askDays(). */
export async function askMonthday(ctx: HeraldContext, draft: number, end = ""): Promise<At> {
  const { t } = ctx;
  const day = (number: number) => draftButton(draft, String(number), "rule", `m${number}${end}`);
  const keyboard: Keyboard = [
    MONTH_DAYS.map(day),
    [draftButton(draft, t("button-last-day"), "rule", `m31${end}`)],
    [draftButton(draft, t("button-back"), "repeat")],
  ];
  await showCard(ctx, { text: t("repeat-which-day"), keyboard });
  return { draft, expects: "monthday", keyboard, rule: end };
}

const HOURS = [8, 9, 10, 12, 15, 18, 19, 20];

/** Asks for the time of a repeat whose days are chosen. */
export async function askHour(ctx: HeraldContext, draft: number, code: string): Promise<At> {
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
