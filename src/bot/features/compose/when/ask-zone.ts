import { setTimezone } from "../../../../access/preferences.ts";
import { needsNoZone, readMoment } from "../../../../schedule/typed/read-moment.ts";
import type { BotDeps } from "../../../ui/bot-context.ts";
import { cut } from "../../../ui/words.ts";
import { knownZone, readZone, zoneButtons, zoneRows } from "../../timezone/timezone.ts";
import type { At } from "../dialog/at.ts";
import { saysWhen, takeText } from "./typed-time.ts";
import { askZone } from "./zone-card.ts";
import { draftButton } from "../dialog/draft-button.ts";
import type { NamesOf, Tap, StepContext } from "../dialog/step.ts";

/** Takes a typed zone: a city, a zone, or what a clock shows there now. */
export async function takeZone(deps: BotDeps, ctx: StepContext, at: At): Promise<At> {
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

/** Something else than a zone was typed. A time that needs one is kept until the zone is known. */
async function takeTimeFirst(
  deps: BotDeps,
  ctx: StepContext,
  at: At,
  draft: number,
  text: string,
): Promise<At> {
  if (needsNoZone(text)) return takeText(deps, ctx, at, draft, text);
  const isTime = saysWhen(text, deps.clock.now(), ctx.timezone);
  await ctx.reply(isTime ? ctx.t("zone-first", { text: cut(text, 60) }) : ctx.t("zone-unknown"));
  return isTime ? { ...at, typed: text } : at;
}

/** The admin's zone is known now, so asks for the time, unless it was typed before. */
export async function zoneChosen(
  deps: BotDeps,
  ctx: StepContext,
  at: At,
  draft: number,
  name: string,
): Promise<At> {
  const zone = knownZone(name);
  if (zone === null) return askZone(ctx, draft, "back");
  await setTimezone(deps.scope, ctx.from?.id ?? 0, zone);
  ctx.timezone = zone;
  const { typed } = at;
  // One clear time leaves nothing to ask.
  const isClear = typed !== undefined && readMoment(typed, deps.clock.now(), zone).type === "at";
  const next: At = isClear
    ? { draft, expects: "moment", keyboard: [] }
    : await ctx.goTo("when", draft, at.reviewed ? "back" : "review");
  return typed === undefined ? next : takeText(deps, ctx, next, draft, typed);
}

export const zoneStep = {
  takes: { zone: takeZone },
  taps: { zone: ({ deps, ctx, at, draft, argument }: Tap) => zoneChosen(deps, ctx, at, draft, argument) },
};

declare module "../dialog/step.ts" {
  interface Expectations extends NamesOf<typeof zoneStep.takes, "zone"> {}
  interface Verbs extends NamesOf<typeof zoneStep.taps, "zone"> {}
}
