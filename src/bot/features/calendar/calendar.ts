import { Composer, InlineKeyboard } from "grammy";
import { type Planned, listPlanned } from "../../../campaign/planned.ts";
import { summarize } from "../../../content/content.ts";
import { instantAt, wallOf } from "../../../schedule/wall.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import { calendarTap, cardTap, onTap, screenLink } from "../../ui/callback-data.ts";
import { editTapped } from "../../ui/message-edits.ts";
import { kindName } from "../../ui/post-summary.ts";
import { grouped } from "../../ui/grouped.ts";
import { nameBots, rangesOf } from "../../ui/bundle-words.ts";
import { type SendingBot, botLines, severalBots, typedBot } from "../../ui/sending-bots.ts";
import { type Reader, weekdayName } from "../../ui/times.ts";
import { dateFormat, timeOfDay } from "../../ui/words.ts";

/** Days on one screen. */
const DAYS = 7;

/** Campaigns that are listed per day; the others are counted, because a message holds 4,096 characters. */
const MOST_A_DAY = 10;

/** Campaigns that have a button. Telegram allows 100 below a message, but nobody reads more rows than these. */
const MOST_TAPPED = 40;

/** Buttons per row. */
const A_ROW = 4;

/** Two years, which is as far ahead as anything can be scheduled, and one week more. */
const LAST_WEEK = 106;

/** `/calendar`: the coming week in the admin's zone, and the weeks after it. */
export function calendarCommand(deps: BotDeps): Composer<HeraldContext> {
  const composer = new Composer<HeraldContext>();
  composer.command("calendar", async (ctx) => {
    const only = await typedBot(deps, ctx, ctx.match);
    if (only === null) return;
    const { text, keyboard } = await calendarScreen(deps, ctx, { bot: only?.botId });
    await ctx.reply(text, { reply_markup: keyboard });
  });
  composer.use(onTap(calendarTap, (ctx, from) => showCalendar(deps, ctx, from)));
  return composer;
}

/** Shows the calendar in the message whose button was tapped, from the given day on, otherwise from today on. */
export async function showCalendar(
  deps: BotDeps,
  ctx: HeraldContext,
  from: CalendarView = {},
): Promise<void> {
  const { text, keyboard } = await calendarScreen(deps, ctx, from);
  await editTapped(ctx, text, keyboard);
}

/** Where the calendar begins, and whose it is: all bots', or one's. */
interface CalendarView {
  day?: DayNumber | undefined;
  bot?: number | undefined;
}

/** Calendar days since 1 January 1970, independent of any zone. Buttons carry them. */
type DayNumber = number;

const DAY_MS = 86_400_000;

function dayOf(instant: Date, timezone: string): DayNumber {
  const { year, month, day } = wallOf(instant, timezone);
  return Date.UTC(year, month - 1, day) / DAY_MS;
}

/** The first instant of a day. */
function startOf(day: DayNumber, timezone: string): Date {
  return instantAt(wallOf(new Date(day * DAY_MS), "UTC"), timezone);
}

async function calendarScreen({ scope, clock }: BotDeps, ctx: HeraldContext, { day = 0, bot }: CalendarView) {
  const { t, locale, timezone } = ctx;
  const now = clock.now();
  const today = dayOf(now, timezone);
  const last = today + LAST_WEEK * DAYS;
  const first = Math.min(Math.max(day, today), last);
  const days = Array.from({ length: DAYS + 1 }, (_, index) => startOf(first + index, timezone));
  const [from, to] = [startOf(first, timezone), startOf(first + DAYS, timezone)];
  const planned = await listPlanned(scope, from, to, now, bot);
  const bots = await severalBots(scope);
  const week = (from: DayNumber) => calendarTap.encode({ day: from, ...(bot !== undefined && { bot }) });

  const keyboard = new InlineKeyboard();
  for (const [index, { ids, bundleId }] of entriesOn(days, planned).entries()) {
    if (index > 0 && index % A_ROW === 0) keyboard.row();
    const [id = 0] = ids;
    const tap = ids.length > 1 && bundleId !== null ? { id: bundleId, verb: "bundle" as const } : null;
    keyboard.text(t("list-number", { id: rangesOf(ids) }), cardTap.encode(tap ?? { id, verb: "open" }));
  }
  keyboard.row();
  if (first > today) keyboard.text(t("button-previous-week"), week(first - DAYS));
  if (first < last) keyboard.text(t("button-next-week"), week(first + DAYS));
  keyboard.row().text(t("button-all-campaigns"), screenLink("campaigns").encode("list"));
  return { text: calendarText({ t, locale, timezone, now }, days, planned, { bots, bot }), keyboard };
}

/** An entry of the calendar: one campaign, or several that were confirmed together and begin at the same time. */
interface Entry extends Planned {
  ids: number[];
  botIds: number[];
}

/** The entries of each day, in order. */
function byDay(days: readonly Date[], planned: readonly Planned[]): { start: Date; ofDay: Entry[] }[] {
  const entries = together(planned);
  return days.slice(0, -1).map((start, index) => {
    const end = days[index + 1] ?? start;
    return { start, ofDay: entries.filter(({ at }) => at >= start && at < end) };
  });
}

/** What it has in common with those that it is one entry with. */
function keyOf({ at, id, bundleId, what }: Planned): string {
  return `${at.getTime()} ${what} ${bundleId === null ? id : `of ${bundleId}`}`;
}

function together(planned: readonly Planned[]): Entry[] {
  return [...grouped(planned, keyOf).values()].flatMap((same) => {
    const [first] = same;
    return first ? [{ ...first, ids: same.map(({ id }) => id), botIds: same.map(({ botId }) => botId) }] : [];
  });
}

/** The entries that the screen names, each once. A run that does not exist yet leads to the one before it. */
function entriesOn(days: readonly Date[], planned: readonly Planned[]): Entry[] {
  const shown = byDay(days, planned).flatMap(({ ofDay }) => ofDay.slice(0, MOST_A_DAY));
  return [...new Map(shown.map((entry) => [entry.ids.join(), entry])).values()].slice(0, MOST_TAPPED);
}

/**
 * The screen: one paragraph per day; days without campaigns are left out. `days` are the beginnings of the days, and of the
 * day after them.
 */
export function calendarText(
  reader: Reader,
  days: readonly Date[],
  planned: readonly Planned[],
  { bots, bot }: { bots: readonly SendingBot[]; bot?: number | undefined } = { bots: [] },
): string {
  const { t, timezone } = reader;
  const named = bot === undefined ? bots : [];
  const paragraphs = byDay(days, planned).flatMap(({ start, ofDay }) =>
    ofDay.length > 0 ? [paragraph(reader, start, ofDay, named)] : [],
  );
  const title = [
    t("calendar-title", { week: weekOf(reader, days), zone: timezone }),
    ...botLines(t, bots, bot, "/calendar"),
  ].join("\n");
  return [title, ...(paragraphs.length > 0 ? paragraphs : [t("calendar-empty")])].join("\n\n");
}

function paragraph(reader: Reader, start: Date, planned: Entry[], bots: readonly SendingBot[]): string {
  const { t, locale, timezone } = reader;
  const { weekday, day } = wallOf(start, timezone);
  const lines = planned
    .slice(0, MOST_A_DAY)
    .map((one) => entry(reader, one, bots.length === 0 ? null : nameBots(t, bots, one.botIds)));
  const more = planned.length - lines.length;
  if (more > 0) lines.push(t("calendar-more", { count: more }));
  const name = `${weekdayName(weekday, locale)} ${day}`;
  return [t("calendar-day", { day: name, first: lines[0] ?? "" }), ...lines.slice(1)].join("\n");
}

const MARKS: Record<Planned["what"], string[]> = {
  once: [],
  repeats: ["🔁"],
  later: ["🔁"],
  paused: ["⏸"],
  "goes-on": [],
};

/** "10:00 #12 Sale: everything …"; a run that does not exist yet has no number, and names the one before it. */
function entry({ t, timezone }: Reader, { at, content, ids, what }: Entry, from: string | null): string {
  const { opening } = summarize(content);
  const id = rangesOf(ids);
  return [
    timeOfDay(at, timezone),
    ...(what === "later" ? [] : [t("list-number", { id })]),
    ...MARKS[what],
    ...(from === null ? [] : [`${from}:`]),
    opening || kindName(t, content),
    ...(what === "later" ? [t("calendar-after", { id })] : []),
    ...(what === "goes-on" ? [t("calendar-goes-on")] : []),
  ].join(" ");
}

/** "21 – 27 Nov", "28 Nov – 4 Dec". */
function weekOf({ locale, timezone }: Reader, days: readonly Date[]): string {
  const [first, last] = [days[0], days.at(-2)];
  if (!first || !last) return "";
  return dateFormat(locale, { day: "numeric", month: "short" }).formatRange(first, last, timezone);
}
