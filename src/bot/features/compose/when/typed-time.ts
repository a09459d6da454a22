import { timezoneOf } from "../../../../access/preferences.ts";
import { getDraft } from "../../../../campaign/queries.ts";
import { readHours } from "../../../../schedule/typed/read-hours.ts";
import { needsNoZone, readClock, readMoment } from "../../../../schedule/typed/read-moment.ts";
import { readRepeat } from "../../../../schedule/typed/read-repeat.ts";
import type { Reading } from "../../../../schedule/typed/reading.ts";
import type { BotDeps } from "../../../ui/bot-context.ts";
import {
  briefTime,
  clockTime,
  dateOnly,
  epoch,
  fullDay,
  fullTime,
  offsetOf,
  readerOf,
} from "../../../ui/times.ts";
import { cut, timeOfDay } from "../../../ui/words.ts";
import type { At } from "../dialog/at.ts";
import { draftButton, offers } from "../dialog/draft-button.ts";
import { takeWindow } from "./hours.ts";
import { takeRepeat } from "./ask-repeat.ts";
import { chooseTime, sendNowInstead } from "./when.ts";
import { askZone } from "./zone-card.ts";
import type { NamesOf, StepContext } from "../dialog/step.ts";

/**
 * Takes a time, a repeat or hours that were typed on the review card, as the question for the time would. Null if the text is
 * something else, or if the time can no longer be changed. A bare number is not a time here: it may be the number of people,
 * which the next step asks for.
 */
export async function takeAtReview(deps: BotDeps, ctx: StepContext, at: At): Promise<At | null> {
  const { draft, keyboard } = at;
  const text = ctx.message?.text?.trim() ?? "";
  const isReview = offers(keyboard, "discard") && offers(keyboard, "when");
  const isBare = /^\d*$/.test(text) && at.asked === undefined;
  if (draft === null || !isReview || isBare || !saysWhen(text, deps.clock.now(), ctx.timezone)) return null;
  if (needsNoZone(text) || (await timezoneOf(deps.scope, ctx.from?.id ?? 0)) !== null)
    return takeText(deps, ctx, at, draft, text);
  const asked = await askZone(ctx, draft, "back");
  return { ...asked, typed: text };
}

/** Takes a typed time. If it is not one clear time ahead, says what was understood, and the dialog keeps waiting. */
export async function takeMoment(deps: BotDeps, ctx: StepContext, at: At): Promise<At> {
  const text = ctx.message?.text?.trim();
  if (at.draft === null) return at;
  if (text) return takeText(deps, ctx, at, at.draft, text);
  await ctx.reply(ctx.t("when-examples"));
  return at;
}

export async function takeText(
  deps: BotDeps,
  ctx: StepContext,
  at: At,
  draft: number,
  text: string,
): Promise<At> {
  const { now, timezone } = readerOf(deps, ctx);
  const { reading, words } = readTypedTime(text, at.asked, now, timezone);
  if (reading.type === "unknown") return takeOther(deps, ctx, at, draft, text);
  if (words !== text) return takeReading(deps, ctx, at, draft, reading, words);
  // Another day or a whole time was typed, so the next message does not belong to the day that was asked about before.
  const { asked: _, ...fresh } = at;
  return takeReading(deps, ctx, fresh, draft, reading, words);
}

/**
 * What a typed time means, and the words it was read from. If the bot answered "Monday" with "at what time?", then "10" is on
 * that Monday, and not the next ten o'clock. Only a text that names no day is joined with the day that was asked about.
 */
function readTypedTime(
  text: string,
  asked: string | undefined,
  now: Date,
  zone: string,
): { reading: Reading; words: string } {
  const alone = { reading: readMoment(text, now, zone), words: text };
  if (asked === undefined || !isDayless(text, now, zone)) return alone;
  const words = `${asked} ${text}`;
  const joined = readMoment(words, now, zone);
  if (joined.type === "unknown") return alone;
  // "10.12" is a time on the day that was asked about, or another day: the admin has to say which.
  if (joined.type === "at" && alone.reading.type === "which-hour") {
    const candidates = [joined.instant, ...alone.reading.suggestions.slice(0, 3)];
    return { reading: { type: "ambiguous", candidates }, words: text };
  }
  return { reading: joined, words };
}

/** Whether a text is a time or a part of a day but names no day: it makes sense after "tomorrow", where a day does not. */
function isDayless(text: string, now: Date, zone: string): boolean {
  return readClock(text) !== null || readMoment(`tomorrow ${text}`, now, zone).type !== "unknown";
}

async function takeReading(
  deps: BotDeps,
  ctx: StepContext,
  at: At,
  draft: number,
  reading: Exclude<Reading, { type: "unknown" }>,
  words: string,
): Promise<At> {
  const { t } = ctx;
  const reader = readerOf(deps, ctx);
  const { now, timezone } = reader;
  const quoted = { text: cut(words, 60) };
  switch (reading.type) {
    case "at":
      // Only "now" is read as a time that is not ahead.
      return reading.instant <= now
        ? takeNow(deps, ctx, at, draft)
        : chooseTime(deps, ctx, at, draft, reading.instant);
    case "twice":
      return offer(
        ctx,
        at,
        t("when-twice", { time: fullTime(reading.instants[0], reader) }),
        reading.instants,
        (instant) => `${timeOfDay(instant, timezone)} ${offsetOf(instant, timezone)}`,
      );
    case "gap": {
      const { hour, minute } = reading.wall;
      const next = briefTime(reading.next, reader);
      return offer(
        ctx,
        at,
        t("when-gap", { time: clockTime(hour * 60 + minute), next }),
        [reading.next],
        () => next,
      );
    }
    case "past":
      return refuse(
        ctx,
        at,
        reading.whole === "part"
          ? t("when-past-part", quoted)
          : reading.whole === "day"
            ? t("when-past-day", { day: fullDay(reading.instant, reader) })
            : t("when-past", { time: fullTime(reading.instant, reader) }),
      );
    case "too-far": {
      const time = (reading.whole ? fullDay : fullTime)(reading.instant, reader);
      return refuse(ctx, at, t("when-too-far", { time }));
    }
    case "no-date":
    case "no-time":
      return refuse(ctx, at, t(`when-${reading.type}`, quoted));
    case "which-hour":
      return {
        ...(await offer(ctx, at, t("when-which-hour", quoted), reading.suggestions, (instant) =>
          briefTime(instant, reader),
        )),
        asked: quoted.text,
      };
    case "ambiguous": {
      const { candidates } = reading;
      const offered = await offer(ctx, at, t("when-ambiguous", quoted), candidates, (instant) =>
        briefTime(instant, reader),
      );
      // If a single day was named, only the hour is open, and an hour that is typed next belongs to it.
      const [day, another] = new Set(candidates.map((instant) => dateOnly(instant, reader)));
      const isNamed = day !== undefined && another === undefined && !isDayless(words, now, timezone);
      return isNamed ? { ...offered, asked: day } : offered;
    }
  }
}

/** It was not a time: takes a repeat or hours as their own steps would. */
async function takeOther(deps: BotDeps, ctx: StepContext, at: At, draft: number, text: string): Promise<At> {
  const { timezone } = ctx;
  if (isRepeat(text, deps.clock.now())) return takeRepeat(deps, ctx, at, text);
  const hours = readHours(text, timezone);
  return hours.type === "unknown"
    ? refuse(ctx, at, ctx.t("when-unknown", { text: cut(text, 60) }))
    : takeWindow(deps, ctx, at, draft, text, hours);
}

function isRepeat(text: string, now: Date): boolean {
  const reading = readRepeat(text, now);
  // A few numbers in a row already look like a cron expression.
  return reading.type === "cron-fault" ? reading.fault !== "not-cron" : reading.type !== "unknown";
}

/** Takes "now": a draft is sent at once, but a change of a scheduled campaign needs a time. */
async function takeNow(deps: BotDeps, ctx: StepContext, at: At, draft: number): Promise<At> {
  const { changes } = await getDraft(deps.scope, draft);
  return changes === null ? sendNowInstead(deps, ctx, draft) : refuse(ctx, at, ctx.t("error-needs-time"));
}

async function refuse(ctx: StepContext, at: At, text: string): Promise<At> {
  await ctx.reply(`${text}\n${ctx.t("when-examples")}`);
  return at;
}

/** Asks which of several times was meant. Another one can be typed instead. */
async function offer(
  ctx: StepContext,
  at: At,
  text: string,
  instants: readonly Date[],
  label: (instant: Date) => string,
): Promise<At> {
  const rows = instants.map((instant) => [
    draftButton(at.draft ?? 0, label(instant), "at", String(epoch(instant))),
  ]);
  await ctx.reply(text, { reply_markup: { inline_keyboard: rows } });
  return { ...at, keyboard: [...rows, ...at.keyboard] };
}

/** Whether a text can be read as an answer to the question for the time. */
export function saysWhen(text: string, now: Date, zone: string): boolean {
  const isMoment = readMoment(text, now, zone).type !== "unknown";
  return isMoment || isRepeat(text, now) || readHours(text, zone).type !== "unknown";
}

export const typedTimeStep = {
  takes: { moment: takeMoment },
};

declare module "../dialog/step.ts" {
  interface Expectations extends NamesOf<typeof typedTimeStep.takes, "typed-time"> {}
}
