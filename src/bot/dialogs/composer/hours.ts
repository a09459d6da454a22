import type { Campaign } from "../../../campaign/campaign.ts";
import { editDraft } from "../../../campaign/lifecycle.ts";
import { getDraft } from "../../../campaign/queries.ts";
import { LATE_POLICIES } from "../../../db/states.ts";
import { DAYTIME, readWindow } from "../../../schedule/window.ts";
import type { Keyboard } from "../../card.ts";
import type { BotDeps, HeraldContext } from "../../context.ts";
import { describeWindow } from "../../times.ts";
import { cut } from "../../words.ts";
import { type At, draftButton, numberOf, showCard } from "./dialog.ts";
import { askWhen, setWindow } from "./when.ts";

/** Asks in which hours the campaign may be sent. */
export async function askHours(deps: BotDeps, ctx: HeraldContext, draft: number): Promise<At> {
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
      button(isDaytime, describeWindow(daytime, ctx), `${DAYTIME.from}-${DAYTIME.to}`),
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

/** Typed hours, such as 09:00–18:00 Mon–Fri. */
export async function takeHours(deps: BotDeps, ctx: HeraldContext, at: At): Promise<At> {
  const { t } = ctx;
  const text = (ctx.message?.text ?? "").trim();
  if (at.draft === null) return at;
  const window = readWindow(text, ctx.timezone);
  if (window) return setWindow(deps, ctx, at.draft, window);
  await ctx.reply(t("hours-unknown", { text: cut(text, 60) }));
  return at;
}

export async function windowTapped(
  deps: BotDeps,
  ctx: HeraldContext,
  draft: number,
  argument: string,
): Promise<At> {
  if (argument === "any") return setWindow(deps, ctx, draft, null);
  // No other hours have a button, whatever its data says.
  const isDaytime = argument === `${DAYTIME.from}-${DAYTIME.to}`;
  return isDaytime
    ? setWindow(deps, ctx, draft, { ...DAYTIME, zone: ctx.timezone })
    : askHours(deps, ctx, draft);
}

/** Asks what becomes of the campaign when it is found due too late, or takes the answer that was tapped. */
export async function lateTapped(
  deps: BotDeps,
  ctx: HeraldContext,
  draft: number,
  argument: string,
): Promise<At> {
  const latePolicy = LATE_POLICIES.find((policy) => policy === argument);
  const campaign = await getDraft(deps.scope, draft);
  if (!latePolicy) return askLate(deps, ctx, campaign);
  if (latePolicy !== campaign.latePolicy)
    await editDraft(deps.scope, campaign, { latePolicy }, ctx.from?.id ?? 0);
  if (ctx.callbackQuery) await ctx.answerCallbackQuery({ text: ctx.t(`late-is-${latePolicy}`) });
  return askWhen(deps, ctx, draft);
}

async function askLate({ lateLimitHours }: BotDeps, ctx: HeraldContext, campaign: Campaign): Promise<At> {
  const { t } = ctx;
  const draft = campaign.id;
  const keyboard: Keyboard = [
    ...(["send", "ask", "expire"] as const).map((policy) => [
      draftButton(
        draft,
        `${policy === campaign.latePolicy ? "✅ " : ""}${t(`button-late-${policy}`)}`,
        "late",
        policy,
      ),
    ]),
    [draftButton(draft, t("button-back"), "when")],
  ];
  const text = t("late-ask", { id: numberOf(campaign), hours: lateLimitHours });
  await showCard(ctx, { text, keyboard });
  return { draft, expects: "label", keyboard };
}
