import { type Middleware, Composer } from "grammy";
import { setTimezone } from "../../../access/preferences.ts";
import { COMMON_ZONES, findZones, zonesShowing } from "../../../schedule/zones.ts";
import { readClock } from "../../../schedule/typed/read-moment.ts";
import { isZone } from "../../../schedule/zone-data.ts";
import { onTap, zoneTap } from "../../ui/callback-data.ts";
import { COMMANDS } from "../../ui/command-menu.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import { runDialog, isInDialog, leaveDialog, openDialog } from "../../ui/dialogs.ts";
import { editTapped } from "../../ui/message-edits.ts";
import { offsetOf, zoneName } from "../../ui/times.ts";
import { type Locale, timeOfDay } from "../../ui/words.ts";
import type { Keyboard } from "../../ui/card.ts";

/** More would not make choosing easier. */
const MOST_ZONES = 12;

export type ZoneReading =
  | { type: "zone"; zone: string }
  /** Several match, the most likely first. */
  | { type: "several"; zones: string[] }
  | { type: "unknown" };

/** Reads a zone as an admin types it: a city, a zone, or the time that their clock shows now. */
export function readZone(text: string, now: Date): ZoneReading {
  const typed = text.trim().slice(0, 60);
  const found = findZones(typed);
  const time = found.length > 0 ? null : readClock(typed);
  const zones = time ? withOffsets(zonesShowing(time.hour, time.minute, now), now) : found;
  const [first] = zones;
  if (first === undefined) return { type: "unknown" };
  // A clock alone is never certain, even if only one zone shows that time.
  return zones.length === 1 && !time
    ? { type: "zone", zone: first }
    : { type: "several", zones: zones.slice(0, MOST_ZONES) };
}

/** Adds plain offsets, such as UTC+3, after the cities, because only one of several cities with the same time is listed. */
function withOffsets(zones: string[], now: Date): string[] {
  return [...new Set([...zones, ...zones.flatMap((zone) => findZones(offsetOf(now, zone)))])];
}

/** "Moscow"; "UTC+3" for a zone that is only an offset. */
function labelOf(zone: string, locale: Locale, now: Date): string {
  return zone.startsWith("Etc/") ? offsetOf(now, zone) : zoneName(zone, locale);
}

/** The data of a button comes from outside. */
export function knownZone(name: string): string | null {
  return name.length <= 40 && isZone(name) ? name : null;
}

export function zoneQuestion({ t }: Pick<HeraldContext, "t">): string {
  return t("zone-ask");
}

type MakeButton = (label: string, zone: string) => Keyboard[number][number];

/** One button per zone; with `now`, its label includes the time there. */
export function zoneButtons(
  { locale }: Pick<HeraldContext, "locale">,
  button: MakeButton,
  zones: readonly string[] = COMMON_ZONES.map(({ zone }) => zone),
  now?: Date,
): Keyboard[number] {
  return zones.map((zone) => {
    const name = labelOf(zone, locale, now ?? new Date(0));
    return button(now ? `${name} · ${timeOfDay(now, zone)}` : name, zone);
  });
}

/** Two per row. */
export function zoneRows(buttons: Keyboard[number]): Keyboard {
  return buttons.flatMap((_, index) => (index % 2 === 0 ? [buttons.slice(index, index + 2)] : []));
}

/** `/timezone` shows the zone and changes it: by a button, or typed after the command or in the next message. */
export function timezoneCommand(deps: BotDeps): Composer<HeraldContext> {
  const composer = new Composer<HeraldContext>();
  composer.command("timezone", async (ctx) => {
    const typed = ctx.match.trim();
    if (typed && (await takeTyped(deps, ctx, typed))) return;
    if (!typed) await showTimezone(deps, ctx);
    // In another dialog, typed text belongs to that dialog; the buttons work anyway.
    if (!isInDialog(ctx)) await openDialog(ctx, "timezone");
  });
  composer.use(
    onTap(zoneTap, async (ctx, name) => {
      await leaveDialog(ctx, "timezone");
      await zoneTapped(deps, ctx, name);
    }),
  );
  return composer;
}

/** Waits for a zone to be typed after `/timezone`. */
export function timezoneDialog(deps: BotDeps): Middleware<HeraldContext> {
  return runDialog("timezone", async (dialog) => {
    for (let done = false; !done;) {
      const ctx = await dialog.next();
      if (ctx.hasCommand(COMMANDS)) await dialog.end();
      if (ctx.message?.text === undefined) await dialog.passOn();
      done = await dialog.act((ctx) => takeTyped(deps, ctx, ctx.message?.text ?? ""));
    }
  });
}

async function showTimezone({ clock }: BotDeps, ctx: HeraldContext): Promise<void> {
  await ctx.reply([current(ctx, clock.now()), "", zoneQuestion(ctx)].join("\n"), {
    reply_markup: { inline_keyboard: zoneRows(zoneButtons(ctx, tapButton)) },
  });
}

/** Resolves with true if it was a zone. */
async function takeTyped(deps: BotDeps, ctx: HeraldContext, text: string): Promise<boolean> {
  const now = deps.clock.now();
  const reading = readZone(text, now);
  if (reading.type === "zone") {
    await change(deps, ctx, reading.zone);
    await ctx.reply(current(ctx, now));
    return true;
  }
  if (reading.type === "unknown") await ctx.reply(ctx.t("zone-unknown"));
  else
    await ctx.reply(ctx.t("zone-which"), {
      reply_markup: { inline_keyboard: zoneRows(zoneButtons(ctx, tapButton, reading.zones, now)) },
    });
  return false;
}

async function zoneTapped(deps: BotDeps, ctx: HeraldContext, name: string): Promise<void> {
  const zone = knownZone(name);
  if (zone === null) return;
  await change(deps, ctx, zone);
  await editTapped(ctx, current(ctx, deps.clock.now()), { inline_keyboard: [] });
}

async function change({ scope, log }: BotDeps, ctx: HeraldContext, zone: string): Promise<void> {
  await setTimezone(scope, ctx.from?.id ?? 0, zone);
  ctx.timezone = zone;
  log.info({ admin: ctx.from?.id, zone }, "an admin chose a time zone");
}

function current({ t, timezone, locale }: HeraldContext, now: Date): string {
  const name = labelOf(timezone, locale, now);
  return t("zone-now", {
    zone: name === timezone || timezone.startsWith("Etc/") ? name : `${name} (${timezone})`,
    time: timeOfDay(now, timezone),
  });
}

const tapButton: MakeButton = (text, zone) => ({ text, callback_data: zoneTap.encode(zone) });

declare module "../../ui/dialogs.ts" {
  interface DialogEntries {
    timezone: undefined;
  }
}
