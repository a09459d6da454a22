import { type PostOptions, LONGEST_STAY_HOURS } from "../../content/content.ts";
import { readToggle } from "./callback-data.ts";
import type { Switch } from "./post-summary.ts";
import type { Translate } from "./words.ts";

/* The options of a post: those of one draft, or the defaults of new campaigns. */

/** Offered as buttons, in hours. Any whole number up to the last one can be typed. */
export const LIFETIMES = [1, 6, 12, 24, LONGEST_STAY_HOURS];

/** "✅ Silent" */
export function switchLabel(t: Translate, options: PostOptions, which: Switch): string {
  return `${options[which] ? "✅ " : ""}${t(`option-${which}`)}`;
}

/** "✅ Delete after… · 24 h" */
export function lifetimeLabel(t: Translate, { deleteAfterHours: hours }: PostOptions): string {
  return hours === undefined
    ? t("option-delete")
    : `✅ ${t("option-delete")} · ${t("option-hours", { hours })}`;
}

/** The options after a tap on one of the `offered` switches. Null if the button no longer applies. */
export function applySwitch(
  options: PostOptions = {},
  offered: readonly Switch[],
  data: string,
): PostOptions | null {
  const wanted = readToggle(data);
  const which = offered.find((one) => one === wanted?.what);
  if (!wanted || which === undefined) return null;
  const { [which]: isOn = false, ...others } = options;
  if (isOn === wanted.on) return null;
  return wanted.on ? { ...others, [which]: true } : others;
}
