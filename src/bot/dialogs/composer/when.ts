import { setTimezone, timezoneOf } from "../../../campaign/preferences.ts";
import type { Campaign } from "../../../campaign/campaign.ts";
import { editDraft } from "../../../campaign/lifecycle.ts";
import { getDraft } from "../../../campaign/queries.ts";
import { faultOf, startOf } from "../../../campaign/scheduling.ts";
import { type Reading, needsNoZone, readMoment } from "../../../schedule/moment.ts";
import { instantAt, daysLater, wallOf } from "../../../schedule/wall.ts";
import { readRecurrence } from "../../../schedule/recurrence.ts";
import { readWindow, waitsUntil } from "../../../schedule/window.ts";
import { readTimeOfDay } from "../../../schedule/zones.ts";
import type { Card, Keyboard } from "../../card.ts";
import type { BotDeps, HeraldContext } from "../../context.ts";
import { boundLines, planLines } from "../../plan.ts";
import {
  type Reader,
  briefTime,
  clockTime,
  dateOnly,
  describeWindow,
  echoTime,
  epoch,
  fullDay,
  fullTime,
  instantFrom,
  offsetOf,
  readerOf,
  timeEntity,
} from "../../times.ts";
import { cut, timeOfDay } from "../../words.ts";
import { knownZone, readZone, zoneButtons, zoneQuestion, zoneRows } from "../timezone.ts";
import { type At, type DraftVerb, draftButton, numberOf, say, showCard } from "./dialog.ts";
import { takeRepeat } from "./repeat.ts";
import { review } from "./review.ts";

/**
 * Step 3: asks for the time. Who never chose a zone is asked for that first. `back` is "review" before the first
 * review: then no time was chosen, not even "now".
 */
export async function askWhen(
  deps: BotDeps,
  ctx: HeraldContext,
  draft: number,
  back: DraftVerb = "back",
): Promise<At> {
  const campaign = await getDraft(deps.scope, draft);
  if ((await timezoneOf(deps.scope, ctx.from?.id ?? 0)) === null) return askZone(ctx, draft, back);
  const reader = readerOf(deps, ctx);
  const card = whenCard(campaign, reader, back, deps.lateLimitHours);
  await showCard(ctx, card);
  return { draft, expects: "moment", keyboard: card.keyboard };
}

function whenCard(campaign: Campaign, reader: Reader, back: DraftVerb, lateLimitHours: number): Card {
  const { t, now, timezone } = reader;
  const button = (label: string, verb: DraftVerb, argument = "") =>
    draftButton(campaign.id, t(label), verb, argument);
  const start = startOf(campaign, now);
  const isSet = start !== null || back !== "review";
  const plan = isSet
    ? planLines(campaign, start, reader, lateLimitHours)
    : boundLines(campaign, reader, lateLimitHours);
  // To a time that has passed there is no way on.
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

/** What a preset means now; null for one that there is not. */
function preset(name: string, now: Date, zone: string): Date | null {
  const today = wallOf(now, zone);
  if (name === "hour") return new Date(Math.ceil((now.getTime() + HOUR_MS) / MINUTE_MS) * MINUTE_MS);
  if (name === "evening") return instantAt({ ...today, hour: 19, minute: 0 }, zone);
  if (name === "tomorrow") return instantAt(daysLater({ ...today, hour: 10, minute: 0 }, 1), zone);
  return null;
}

export async function presetTapped(
  deps: BotDeps,
  ctx: HeraldContext,
  at: At,
  draft: number,
  name: string,
): Promise<At> {
  const instant = preset(name, deps.clock.now(), ctx.timezone);
  return instant ? choose(deps, ctx, at, draft, instant) : at;
}

/** One of several times that the bot offered was tapped. */
export async function timeTapped(
  deps: BotDeps,
  ctx: HeraldContext,
  at: At,
  draft: number,
  seconds: string,
): Promise<At> {
  const instant = instantFrom(seconds);
  return instant ? choose(deps, ctx, at, draft, instant) : at;
}

/** A typed time. What is not one clear time ahead is answered with what was understood; the dialog waits on. */
export async function takeMoment(deps: BotDeps, ctx: HeraldContext, at: At): Promise<At> {
  const text = ctx.message?.text?.trim();
  if (at.draft === null) return at;
  if (text) return takeText(deps, ctx, at, at.draft, text);
  await ctx.reply(ctx.t("when-examples"));
  return at;
}

async function takeText(deps: BotDeps, ctx: HeraldContext, at: At, draft: number, text: string): Promise<At> {
  const { now, timezone } = readerOf(deps, ctx);
  const { reading, words } = meant(text, at.asked, now, timezone);
  if (reading.type === "unknown") return takeOther(deps, ctx, at, draft, text);
  if (words !== text) return takeReading(deps, ctx, at, draft, reading, words);
  // Another day was typed, or a whole time: what comes next does not belong to the day that was asked about before.
  const { asked: _, ...fresh } = at;
  return takeReading(deps, ctx, fresh, draft, reading, words);
}

/**
 * What a typed time means, and the words that say so. "Monday" was asked back "at what time?": "10" is that Monday's,
 * not the next one on the clock. Only what names no day is joined with the day that was asked about.
 */
function meant(
  text: string,
  asked: string | undefined,
  now: Date,
  zone: string,
): { reading: Reading; words: string } {
  const own = { reading: readMoment(text, now, zone), words: text };
  if (asked === undefined || !isDayless(text, now, zone)) return own;
  const words = `${asked} ${text}`;
  const joined = readMoment(words, now, zone);
  if (joined.type === "unknown") return own;
  // "10.12" is a time of the day that was asked about, or another day: the admin says which.
  if (joined.type === "at" && own.reading.type === "which-hour") {
    const candidates = [joined.instant, ...own.reading.suggestions.slice(0, 3)];
    return { reading: { type: "ambiguous", candidates }, words: text };
  }
  return { reading: joined, words };
}

/** Whether a text is a time or a part of a day, of no day in particular: it goes with a day, as no second day does. */
function isDayless(text: string, now: Date, zone: string): boolean {
  return readTimeOfDay(text) !== null || readMoment(`tomorrow ${text}`, now, zone).type !== "unknown";
}

async function takeReading(
  deps: BotDeps,
  ctx: HeraldContext,
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
      // No time ahead is this very one: "now" was typed.
      return reading.instant <= now
        ? takeNow(deps, ctx, at, draft)
        : choose(deps, ctx, at, draft, reading.instant);
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
      // Of one day that was named only the hour is open: one that is typed belongs to it.
      const [day, another] = new Set(candidates.map((instant) => dateOnly(instant, reader)));
      const isNamed = day !== undefined && another === undefined && !isDayless(words, now, timezone);
      return isNamed ? { ...offered, asked: day } : offered;
    }
  }
}

/** No time was typed: a repeat or hours are taken as their own steps would. */
async function takeOther(
  deps: BotDeps,
  ctx: HeraldContext,
  at: At,
  draft: number,
  text: string,
): Promise<At> {
  const { timezone } = ctx;
  if (isRepeat(text, deps.clock.now(), timezone)) return takeRepeat(deps, ctx, at, text);
  const window = readWindow(text, timezone);
  if (window) return setWindow(deps, ctx, draft, window);
  return refuse(ctx, at, ctx.t("when-unknown", { text: cut(text, 60) }));
}

function isRepeat(text: string, now: Date, zone: string): boolean {
  const reading = readRecurrence(text, now, zone);
  // Any few numbers in a row look like a cron expression to it.
  return reading.type === "cron-fault" ? reading.fault !== "not-cron" : reading.type !== "unknown";
}

/** "Now" was typed: the draft is sent at once, but a scheduled campaign needs a time. */
async function takeNow(deps: BotDeps, ctx: HeraldContext, at: At, draft: number): Promise<At> {
  const { changes } = await getDraft(deps.scope, draft);
  return changes === null ? sendNowInstead(deps, ctx, draft) : refuse(ctx, at, ctx.t("change-needs-time"));
}

async function refuse(ctx: HeraldContext, at: At, text: string): Promise<At> {
  await ctx.reply(`${text}\n${ctx.t("when-examples")}`);
  return at;
}

/** Asks which of several times was meant; another one may be typed as well. */
async function offer(
  ctx: HeraldContext,
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

/** Takes a time for the draft, says it in full, and goes on to the review. */
async function choose(deps: BotDeps, ctx: HeraldContext, at: At, draft: number, instant: Date): Promise<At> {
  const { t } = ctx;
  const reader = readerOf(deps, ctx);
  const fault = instant <= reader.now ? "past" : faultOf(instant, reader.now);
  if (fault) {
    await say(ctx, t(`when-${fault}`, { time: fullTime(instant, reader) }));
    return at;
  }
  const campaign = await getDraft(deps.scope, draft);
  // A run of a series can be moved and the series stays; anything else goes out once.
  const recurrence = campaign.changes === null ? null : campaign.recurrence;
  const same =
    campaign.startsAt?.getTime() === instant.getTime() &&
    (campaign.recurrence === null || recurrence !== null);
  // An impatient second tap: the review stands there already.
  if (same && ctx.callbackQuery && at.expects === "label") return at;
  if (!same) await editDraft(deps.scope, campaign, { startsAt: instant, recurrence }, ctx.from?.id ?? 0);
  const isDropped = campaign.recurrence !== null && recurrence === null;
  await showCard(ctx, chosenCard(campaign, instant, reader, isDropped));
  return review(deps, ctx, draft);
}

function chosenCard({ window }: Campaign, instant: Date, reader: Reader, isDropped: boolean): Card {
  const { t } = reader;
  const waits = waitsUntil(window, instant);
  const text = [
    echoTime(instant, reader),
    ...(waits ? [t("when-outside", { opens: briefTime(waits, reader) })] : []),
    ...(isDropped ? [t("when-repeat-dropped")] : []),
  ].join("\n");
  return { text, keyboard: [], entities: timeEntity(text, fullTime(instant, reader), instant) };
}

/** The draft is to be sent at once after all, and not again. */
export async function sendNowInstead(deps: BotDeps, ctx: HeraldContext, draft: number): Promise<At> {
  const campaign = await getDraft(deps.scope, draft);
  if (campaign.startsAt || campaign.recurrence)
    await editDraft(deps.scope, campaign, { startsAt: null, recurrence: null }, ctx.from?.id ?? 0);
  if (campaign.recurrence) await say(ctx, ctx.t("when-repeat-dropped"));
  return review(deps, ctx, draft);
}

/** The hours in which the draft may be sent; null is at any time. */
export async function setWindow(
  deps: BotDeps,
  ctx: HeraldContext,
  draft: number,
  window: Campaign["window"],
): Promise<At> {
  const { t } = ctx;
  const campaign = await getDraft(deps.scope, draft);
  await editDraft(deps.scope, campaign, { window }, ctx.from?.id ?? 0);
  const text = window ? t("hours-set", { hours: describeWindow(window, ctx) }) : t("hours-set-any");
  if (ctx.callbackQuery) await ctx.answerCallbackQuery({ text });
  else await ctx.reply(text);
  return askWhen(deps, ctx, draft);
}

async function askZone(ctx: HeraldContext, draft: number, back: DraftVerb): Promise<At> {
  const keyboard = [...zoneKeyboard(ctx, draft), [draftButton(draft, ctx.t("button-back"), back)]];
  await showCard(ctx, { text: zoneQuestion(ctx), keyboard });
  return { draft, expects: "zone", keyboard };
}

function zoneKeyboard(ctx: HeraldContext, draft: number): Keyboard {
  const button = (label: string, zone: string) => draftButton(draft, label, "zone", zone);
  return zoneRows(zoneButtons(ctx, button));
}

/** A city, a zone, or what a clock shows there now. */
export async function takeZone(deps: BotDeps, ctx: HeraldContext, at: At): Promise<At> {
  const { draft } = at;
  if (draft === null) return at;
  const text = ctx.message?.text?.trim() ?? "";
  const now = deps.clock.now();
  const reading = readZone(text, now);
  if (reading.type === "zone") return zoneChosen(deps, ctx, at, draft, reading.zone);
  if (reading.type === "unknown") return takeTimeFirst(deps, ctx, at, draft, text);
  const button = (label: string, zone: string) => draftButton(draft, label, "zone", zone);
  const rows = zoneRows(zoneButtons(ctx, button, reading.zones, now));
  await ctx.reply(ctx.t("zone-which"), { reply_markup: { inline_keyboard: rows } });
  return { ...at, keyboard: [...rows, ...at.keyboard] };
}

/** No zone was typed. A time that needs one is kept until it is known. */
async function takeTimeFirst(
  deps: BotDeps,
  ctx: HeraldContext,
  at: At,
  draft: number,
  text: string,
): Promise<At> {
  if (needsNoZone(text)) return takeText(deps, ctx, at, draft, text);
  const isTime = saysWhen(text, deps.clock.now(), ctx.timezone);
  await ctx.reply(isTime ? ctx.t("zone-first", { text: cut(text, 60) }) : ctx.t("zone-unknown"));
  return isTime ? { ...at, typed: text } : at;
}

/** Whether a text would be understood as an answer to the question for the time. */
function saysWhen(text: string, now: Date, zone: string): boolean {
  const isMoment = readMoment(text, now, zone).type !== "unknown";
  return isMoment || isRepeat(text, now, zone) || readWindow(text, zone) !== null;
}

/** The zone of the admin is known, and the time is asked for by it, unless it was typed already. */
export async function zoneChosen(
  deps: BotDeps,
  ctx: HeraldContext,
  at: At,
  draft: number,
  name: string,
): Promise<At> {
  const zone = knownZone(name);
  if (zone === null) return askZone(ctx, draft, "back");
  await setTimezone(deps.scope, ctx.from?.id ?? 0, zone);
  ctx.timezone = zone;
  const { typed } = at;
  // Nothing is left to ask when it is one clear time.
  const isClear = typed !== undefined && readMoment(typed, deps.clock.now(), zone).type === "at";
  const next: At = isClear
    ? { draft, expects: "moment", keyboard: [] }
    : await askWhen(deps, ctx, draft, "review");
  return typed === undefined ? next : takeText(deps, ctx, next, draft, typed);
}
