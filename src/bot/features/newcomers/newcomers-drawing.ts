import { countPool } from "../../../campaign/code-pool.ts";
import { type LiveStep, listSteps } from "../../../campaign/live-steps.ts";
import { missedOf, progressOf } from "../../../campaign/progress.ts";
import { scopeOf } from "../../../db/scope.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import { pairs } from "../../ui/card.ts";
import { describePlan } from "../../ui/plan-words.ts";
import { postName } from "../../ui/post-summary.ts";
import type { Draw, Drawn } from "../../ui/screens.ts";
import { allBots } from "../../ui/sending-bots.ts";

export const NEWCOMERS = "newcomers";

/** The series of the only bot, or the bots to choose from. `hasBack`: there is a way back to /settings. */
export function drawNewcomers(deps: BotDeps, hasBack: boolean): Draw {
  return async (ctx) => {
    const bots = await allBots(deps.scope);
    const [only] = bots;
    if (only && bots.length === 1) return drawSeries(deps, ctx, only.botId, hasBack);
    return {
      screen: NEWCOMERS,
      text: ctx.t("newcomers-which-bot"),
      rows: [
        ...pairs(bots.map(({ botId, name }) => ({ text: name, what: `bot.${botId}` }))),
        ...(hasBack ? [[{ text: ctx.t("button-back"), what: "back" }]] : []),
      ],
    };
  };
}

/** The steps of a bot's series with their counts. */
export async function drawSeries(
  { scope }: BotDeps,
  { t }: HeraldContext,
  botId: number,
  hasBack: boolean,
): Promise<Drawn> {
  const steps = await listSteps(scopeOf(scope, { botId }));
  const bots = await allBots(scope);
  const several = bots.length > 1;
  const bot = several ? (bots.find((one) => one.botId === botId)?.name ?? "none") : "none";
  const areOn = steps.filter(({ state }) => state !== "paused");
  return {
    screen: NEWCOMERS,
    text: [
      t("newcomers-title", { bot }),
      "",
      ...(steps.length > 0 ? steps.flatMap((step) => stepLines(t, step)) : [t("newcomers-empty")]),
      "",
      t("newcomers-hint"),
    ].join("\n"),
    rows: [
      ...pairs(
        steps.map(({ id }) => ({
          text: t("newcomers-open", { id: String(id) }),
          what: `open.${botId}.${id}`,
        })),
      ),
      [{ text: t("newcomers-add"), what: `add.${botId}` }],
      ...(steps.length > 0
        ? [
            areOn.length > 0
              ? [{ text: t("button-pause-all"), what: `stop.${botId}` }]
              : [{ text: t("button-resume-all"), what: `go.${botId}` }],
          ]
        : []),
      ...(several || hasBack ? [[{ text: t("button-back"), what: several ? "bots" : "back" }]] : []),
    ],
  };
}

export async function drawStep({ scope }: BotDeps, { t }: HeraldContext, step: LiveStep): Promise<Drawn> {
  const { botId, id, state } = step;
  const pool = await countPool(scope, step.codePool);
  const button = (label: string, verb: string) => ({ text: t(label), what: `${verb}.${botId}.${id}` });
  return {
    screen: NEWCOMERS,
    text: [...stepLines(t, step), ...(pool ? [t("newcomers-codes", { free: pool.free })] : [])].join("\n"),
    rows: [
      [button("newcomers-change", "change"), button("newcomers-when", "when")],
      ...(pool ? [[button("option-codes", "codes")]] : []),
      [
        state === "paused" ? button("button-resume", "resume") : button("button-pause", "pause"),
        button("newcomers-remove", "remove"),
      ],
      [button("newcomers-report", "report")],
      [{ text: t("button-back"), what: `bot.${botId}` }],
    ],
  };
}

function stepLines(t: HeraldContext["t"], step: LiveStep): string[] {
  const progress = progressOf(step);
  return [
    t("newcomers-line", {
      id: String(step.id),
      when: describePlan(t, step.step),
      post: postName(t, step.content),
    }),
    t("newcomers-counts", {
      sent: progress.sent,
      missed: missedOf(progress),
      left: progress.left,
      paused: step.state === "paused" ? "yes" : "no",
    }),
    ...(step.state === "paused" && step.pauseReason === "codes"
      ? [t("newcomers-lacks-codes", { count: Number(step.pauseDetail) })]
      : []),
  ];
}
