import type { Campaign } from "../../../../campaign/campaign.ts";
import { startOf } from "../../../../campaign/start-time.ts";
import { daysLater, instantAt, wallOf } from "../../../../schedule/wall.ts";
import { boundLines, planLines } from "../../../ui/plan-lines.ts";
import type { Reader } from "../../../ui/times.ts";
import { timeOfDay } from "../../../ui/words.ts";
import type { Card, Keyboard } from "../../../ui/card.ts";
import type { DraftVerb } from "../dialog/step.ts";
import { draftButton, numberOf } from "../dialog/draft-button.ts";

/** The question for the time. `back` is "review" before the first review, when no time has been chosen yet. */
export function whenCard(campaign: Campaign, reader: Reader, back: DraftVerb, lateLimitHours: number): Card {
  const { t, now, timezone } = reader;
  const button = (label: string, verb: DraftVerb, argument = "") =>
    draftButton(campaign.id, t(label), verb, argument);
  const start = startOf(campaign, now);
  const isSet = start !== null || back !== "review";
  const plan = isSet
    ? planLines(campaign, start, reader, lateLimitHours)
    : boundLines(campaign, reader, lateLimitHours);
  // A time that has passed cannot be kept.
  const stands = isSet && (start === null ? campaign.changes === null : start > now);
  const lines = [
    t("when-ask", { id: numberOf(campaign) }),
    t("when-examples"),
    ...(plan.length > 0 ? ["", ...plan] : []),
    "",
    t("when-clock", { time: timeOfDay(now, timezone), zone: timezone }),
  ];
  const evening = preset("evening", now, timezone);
  const keyboard: Keyboard = [
    [
      button("button-in-hour", "preset", "hour"),
      ...(evening && evening > now ? [button("button-today", "preset", "evening")] : []),
    ],
    [button("button-tomorrow", "preset", "tomorrow"), button("button-repeat", "repeat")],
    [button("button-hours", "hours"), button("button-late", "late")],
    [...(stands ? [button("audience-continue", "review")] : []), button("button-back", back)],
  ];
  return { text: lines.join("\n"), keyboard };
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** The instant of a preset; null if there is no such preset. */
export function preset(name: string, now: Date, zone: string): Date | null {
  const today = wallOf(now, zone);
  if (name === "hour") return new Date(Math.ceil((now.getTime() + HOUR_MS) / MINUTE_MS) * MINUTE_MS);
  if (name === "evening") return instantAt({ ...today, hour: 19, minute: 0 }, zone);
  if (name === "tomorrow") return instantAt(daysLater({ ...today, hour: 10, minute: 0 }, 1), zone);
  return null;
}
