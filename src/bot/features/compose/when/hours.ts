import type { Campaign } from "../../../../campaign/campaign.ts";
import { editDraft } from "../../../../campaign/actions/edit-draft.ts";
import { getDraft } from "../../../../campaign/queries.ts";
import { type HoursReading, readHours } from "../../../../schedule/typed/read-hours.ts";
import { type Window, DAYTIME } from "../../../../schedule/window.ts";
import type { BotDeps } from "../../../ui/bot-context.ts";
import { describeWindow } from "../../../ui/times.ts";
import type { At } from "../dialog/at.ts";
import { weekdaysIn } from "./repeat-codes.ts";
import type { Keyboard } from "../../../ui/card.ts";
import { draftButton, numberOf, offers } from "../dialog/draft-button.ts";
import { showCard } from "../dialog/show-card.ts";
import { cut } from "../../../ui/words.ts";
import type { NamesOf, Tap, StepContext } from "../dialog/step.ts";

/** Asks for the sending hours of a campaign. */
export async function askHours(deps: BotDeps, ctx: StepContext, draft: number): Promise<At> {
  const { t } = ctx;
  const campaign = await getDraft(deps.scope, draft);
  const { window } = campaign;
  const daytime = { ...DAYTIME, zone: ctx.timezone };
  const isDaytime = window !== null && describeWindow(window, ctx) === describeWindow(daytime, ctx);
  const button = (on: boolean, label: string, argument: string) =>
    draftButton(draft, `${on ? "✅ " : ""}${label}`, "window", argument);
  const keyboard: Keyboard = [
    [
      button(window === null, t("button-any-time"), "any"),
      button(isDaytime, describeWindow(daytime, ctx), windowCode(DAYTIME)),
    ],
    [draftButton(draft, t("button-back"), "when")],
  ];
  const text = [
    t("hours-ask", { id: numberOf(campaign) }),
    ...(window && !isDaytime ? ["", t("hours-chosen", { hours: describeWindow(window, ctx) })] : []),
  ].join("\n");
  await showCard(ctx, { text, keyboard });
  return { draft, expects: "hours", keyboard };
}

/** Takes typed hours, such as 09:00–18:00 Mon–Fri. */
export async function takeHours(deps: BotDeps, ctx: StepContext, at: At): Promise<At> {
  const text = (ctx.message?.text ?? "").trim();
  if (at.draft === null) return at;
  return takeWindow(deps, ctx, at, at.draft, text, readHours(text, ctx.timezone));
}

export async function windowTapped(
  deps: BotDeps,
  ctx: StepContext,
  at: At,
  draft: number,
  argument: string,
): Promise<At> {
  if (argument === "any") return setWindow(deps, ctx, at, draft, null);
  const hours = readWindowCode(argument);
  return hours
    ? setWindow(deps, ctx, at, draft, { zone: ctx.timezone, ...hours })
    : askHours(deps, ctx, draft);
}

/** The data of a button comes from outside: null for anything but hours. */
function readWindowCode(code: string): Omit<Window, "zone"> | null {
  const [, begin, end, digits] = /^(\d{1,4})-(\d{1,4})(?:\/([1-7]{1,7}))?$/.exec(code) ?? [];
  const [from, to] = [Number(begin), Number(end)];
  const days = weekdaysIn(digits ?? "1234567");
  return from < 24 * 60 && to < 24 * 60 && from !== to ? { from, to, days } : null;
}

/** Takes sending hours that were typed at this step or at the question for the time. */
export async function takeWindow(
  deps: BotDeps,
  ctx: StepContext,
  at: At,
  draft: number,
  text: string,
  reading: HoursReading,
): Promise<At> {
  const quoted = { text: cut(text, 60) };
  switch (reading.type) {
    case "hours":
      return setWindow(deps, ctx, at, draft, reading.window);
    case "ambiguous": {
      const rows = reading.windows.map((window) => [
        draftButton(draft, describeWindow(window, ctx), "window", windowCode(window)),
      ]);
      await ctx.reply(ctx.t("hours-ambiguous", quoted), { reply_markup: { inline_keyboard: rows } });
      return { ...at, keyboard: [...rows, ...at.keyboard] };
    }
    case "no-such-time":
      await ctx.reply(ctx.t("when-no-time", quoted));
      return at;
    case "unknown":
      await ctx.reply(ctx.t("hours-unknown", quoted));
      return at;
  }
}

/** Hours as the data of a button, in the zone of the admin who taps: "540-1260", on some days "540-1260/12345". */
export function windowCode({ from, to, days }: Omit<Window, "zone">): string {
  return `${from}-${to}${days.length === 7 ? "" : `/${days.join("")}`}`;
}

/** Sets the sending hours; null means any time. Continues with the card on which they were given. */
export async function setWindow(
  deps: BotDeps,
  ctx: StepContext,
  at: At,
  draft: number,
  window: Campaign["window"],
): Promise<At> {
  const { t } = ctx;
  const campaign = await getDraft(deps.scope, draft);
  await editDraft(deps.scope, ctx.actor, campaign, { window });
  const text = window ? t("hours-set", { hours: describeWindow(window, ctx) }) : t("hours-set-any");
  if (ctx.callbackQuery) await ctx.answerCallbackQuery({ text });
  else await ctx.reply(text);
  return offers(at.keyboard, "discard") ? ctx.goTo("review", draft) : ctx.goTo("when", draft);
}

export const hoursStep = {
  takes: { hours: takeHours },
  taps: {
    hours: ({ deps, ctx, draft }: Tap) => askHours(deps, ctx, draft),
    window: ({ deps, ctx, at, draft, argument }: Tap) => windowTapped(deps, ctx, at, draft, argument),
  },
};

declare module "../dialog/step.ts" {
  interface Expectations extends NamesOf<typeof hoursStep.takes, "hours"> {}
  interface Verbs extends NamesOf<typeof hoursStep.taps, "hours"> {}
}
