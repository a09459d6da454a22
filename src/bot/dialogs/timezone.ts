import { Composer } from "grammy";
import { setTimezone } from "../../campaign/preferences.ts";
import { COMMON_ZONES, findZones, readTimeOfDay, zonesShowing } from "../../schedule/zones.ts";
import { isZone } from "../../schedule/wall.ts";
import { COMMANDS } from "../commands/menu.ts";
import type { Keyboard } from "../card.ts";
import type { BotDeps, Dialog, HeraldContext } from "../context.ts";
import { editTapped } from "../edit.ts";
import { offsetOf, zoneName } from "../times.ts";
import { type Locale, timeOfDay } from "../words.ts";

/** More do not help to choose. */
const MOST_ZONES = 12;

export type ZoneReading =
  | { type: "zone"; zone: string }
  /** Several fit, the likeliest first. */
  | { type: "several"; zones: string[] }
  | { type: "unknown" };

/** Reads what an admin types for their zone: a city, a zone, or what their clock shows now. */
export function readZone(text: string, now: Date): ZoneReading {
  const typed = text.trim().slice(0, 60);
  const found = findZones(typed);
  const time = found.length > 0 ? null : readTimeOfDay(typed);
  const zones = time ? withOffsets(zonesShowing(time.hour, time.minute, now), now) : found;
  const [first] = zones;
  if (first === undefined) return { type: "unknown" };
  // By the clock one never knows for sure, even if there is but one zone.
  return zones.length === 1 && !time
    ? { type: "zone", zone: first }
    : { type: "several", zones: zones.slice(0, MOST_ZONES) };
}

/** Behind zones by their cities, the offsets that they have now: of those that show the same time, only one is named. */
function withOffsets(zones: string[], now: Date): string[] {
  return [...new Set([...zones, ...zones.flatMap((zone) => findZones(offsetOf(now, zone)))])];
}

/** "Moscow"; of a zone that is only an offset, "UTC+3". */
function labelOf(zone: string, locale: Locale, now: Date): string {
  return zone.startsWith("Etc/") ? offsetOf(now, zone) : zoneName(zone, locale);
}

/** What a button carries comes from outside. */
export function knownZone(name: string): string | null {
  return name.length <= 40 && isZone(name) ? name : null;
}

export function zoneQuestion({ t }: Pick<HeraldContext, "t">): string {
  return t("zone-ask");
}

type MakeButton = (label: string, zone: string) => Keyboard[number][number];

/** A button a zone; with `now` the time there stands behind the name. */
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

/** Two in a row. */
export function zoneRows(buttons: Keyboard[number]): Keyboard {
  return buttons.flatMap((_, index) => (index % 2 === 0 ? [buttons.slice(index, index + 2)] : []));
}

/** `/timezone` shows the zone and changes it: by a button, or typed, behind the command or after it. */
export function timezoneCommand(deps: BotDeps): Composer<HeraldContext> {
  const composer = new Composer<HeraldContext>();
  composer.command("timezone", async (ctx) => {
    const typed = ctx.match.trim();
    if (typed && (await takeTyped(deps, ctx, typed))) return;
    if (!typed) await showTimezone(deps, ctx);
    // In the middle of another dialog what is typed is meant for that one; the buttons work all the same.
    if (Object.keys(ctx.conversation.active()).length === 0) await ctx.conversation.enter("timezone");
  });
  composer.callbackQuery(/^z:/, async (ctx) => {
    await ctx.conversation.exit("timezone");
    await zoneTapped(deps, ctx);
  });
  return composer;
}

/** Waits for a zone to be typed after `/timezone`. */
export function createTimezone(deps: BotDeps) {
  return async function timezoneDialog(dialog: Dialog): Promise<void> {
    for (let done = false; !done;) {
      const ctx = await dialog.wait();
      if (ctx.hasCommand(COMMANDS)) await dialog.halt({ next: true });
      if (ctx.message?.text === undefined) await dialog.skip({ next: true });
      done = await dialog.external((ctx) => takeTyped(deps, ctx, ctx.message?.text ?? ""));
    }
  };
}

async function showTimezone({ clock }: BotDeps, ctx: HeraldContext): Promise<void> {
  await ctx.reply([current(ctx, clock.now()), "", zoneQuestion(ctx)].join("\n"), {
    reply_markup: { inline_keyboard: zoneRows(zoneButtons(ctx, tapButton)) },
  });
}

/** Resolves true when it was a zone. */
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

/** A zone was tapped; `z:<zone>` is the data of its button. */
async function zoneTapped(deps: BotDeps, ctx: HeraldContext): Promise<void> {
  const zone = knownZone(ctx.callbackQuery?.data?.slice(2) ?? "");
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

const tapButton: MakeButton = (text, zone) => ({ text, callback_data: `z:${zone}` });
