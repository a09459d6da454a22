import { isBundleOver, stateOfBundle } from "../../campaign/bundle.ts";
import { type Campaign, hasNotStarted, isOver } from "../../campaign/campaign.ts";
import { OUTCOMES } from "../../campaign/counters.ts";
import { progressOf } from "../../campaign/progress.ts";
import type { CardView } from "../../db/states.ts";
import { type CardVerb, cardTap } from "../ui/callback-data.ts";
import type { Card, Keyboard } from "../ui/card.ts";
import { rangesOf } from "../ui/bundle-words.ts";
import { planLines } from "../ui/plan-lines.ts";
import { contentLines } from "../ui/post-summary.ts";
import { type SendingBot, nameOfBot } from "../ui/sending-bots.ts";
import { type Reader, dayAndTime, span } from "../ui/times.ts";
import { type Translate, duration } from "../ui/words.ts";
import { barOf } from "../ui/bar.ts";
import { totalsLine } from "./card-lines.ts";

/** What the card of a bundle shows besides its campaigns. */
export interface BundleFacts {
  bots: readonly SendingBot[];
  /** The audience in words. */
  audience: string;
  author: string;
  /** Recipients per second of all together; null if there is nothing to measure yet. */
  speed: number | null;
  lateLimitHours: number;
  /** Replaces the title in a report that is sent as a new message. */
  headline?: string;
}

/** Buttons in a row, and campaigns that have a line and a button: a message holds 4,096 characters. */
const A_ROW = 3;

/** The card of campaigns that were confirmed together: what all of them came to, a line for each, and what can be done. */
export function bundleCard(
  bundle: readonly Campaign[],
  view: CardView,
  facts: BundleFacts,
  reader: Reader,
): Card {
  const { t } = reader;
  const [first] = bundle;
  if (!first) return { text: "", keyboard: [] };
  const button = (verb: CardVerb, label: string) => ({
    text: t(label),
    callback_data: cardTap.encode({ id: first.bundleId ?? first.id, verb }),
  });
  if (view === "ask-cancel" && !isBundleOver(bundle)) return askCancel(bundle, reader, button);
  const lines = [
    facts.headline ?? bundleTitle(t, bundle),
    ...contentLines(t, first.content),
    ...(bundle.every(hasNotStarted)
      ? [
          ...planLines({ ...first, recurrence: null }, first.startsAt, reader, facts.lateLimitHours),
          t("bundle-to", { audience: facts.audience, author: facts.author }),
        ]
      : [
          [...period(bundle, reader), t("card-by", { name: facts.author }), facts.audience].join(" · "),
          ...totals(bundle, facts, reader),
        ]),
    ...(first.eachOnce ? [t("bundle-once")] : []),
    "",
    ...bundle.map((campaign) => campaignLine(campaign, facts, reader)),
  ];
  return { text: lines.join("\n"), keyboard: buttonsOf(bundle, facts, reader, button) };
}

/** "Campaigns #12–#14 · sending". */
export function bundleTitle(t: Translate, bundle: readonly Campaign[]): string {
  const ids = rangesOf(bundle.map(({ id }) => id));
  return t("bundle-title", { id: ids, state: t(`state-${stateOfBundle(bundle)}`) });
}

/** The counters of all campaigns together. */
export function sumOfBundle(bundle: readonly Campaign[]): Campaign | null {
  const [first] = bundle;
  if (!first) return null;
  const sum = (of: (campaign: Campaign) => number) =>
    bundle.reduce((total, campaign) => total + of(campaign), 0);
  const counted = Object.fromEntries(OUTCOMES.map((name) => [name, sum((one) => one[name])]));
  const times = (of: (campaign: Campaign) => Date | null) =>
    bundle.flatMap((campaign) => of(campaign)?.getTime() ?? []);
  const [started, ended] = [times((one) => one.startedAt), times((one) => one.finishedAt)];
  return {
    ...first,
    ...counted,
    total: sum(({ total }) => total),
    ungathered: sum(({ ungathered }) => ungathered),
    departed: sum(({ departed }) => departed),
    idleSeconds: 0,
    state: stateOfBundle(bundle),
    startedAt: started.length > 0 ? new Date(Math.min(...started)) : null,
    finishedAt: ended.length > 0 ? new Date(Math.max(...ended)) : null,
  };
}

function period(bundle: readonly Campaign[], reader: Reader): string[] {
  const { startedAt = null, finishedAt = null } = sumOfBundle(bundle) ?? {};
  if (!startedAt) return [];
  return [
    finishedAt && isBundleOver(bundle) ? span(startedAt, finishedAt, reader) : dayAndTime(startedAt, reader),
  ];
}

function totals(bundle: readonly Campaign[], { speed }: BundleFacts, { t }: Reader): string[] {
  const sum = sumOfBundle(bundle);
  if (!sum) return [];
  const progress = progressOf(sum);
  const isOver = isBundleOver(bundle);
  const percent = Math.floor(progress.share * 100);
  return [
    ...(isOver ? [] : [`${barOf(percent)} ${t("card-share", { share: percent })}`]),
    totalsLine(t, progress, isOver),
    ...(sum.state === "running" && speed !== null && speed > 0
      ? [t("bundle-speed", { rate: Math.round(speed), duration: duration(t, progress.left / speed) })]
      : []),
  ];
}

/** "#12 @shop_bot · finished · 4,806 of 4,812". What paused it by itself is on its own card. */
function campaignLine(campaign: Campaign, { bots }: BundleFacts, { t }: Reader): string {
  const { id, botId, state, pauseReason } = campaign;
  const { sent, total } = progressOf(campaign);
  const isTrouble = state === "paused" && pauseReason !== "admin";
  return [
    `${t("list-number", { id: String(id) })} ${nameOfBot(bots, botId) ?? ""}`.trim(),
    `${isTrouble ? "⚠️ " : ""}${t(`state-${state}`)}`,
    ...(hasNotStarted(campaign) ? [] : [t("bundle-sent", { sent, total })]),
  ].join(" · ");
}

type ButtonMaker = (verb: CardVerb, label: string) => Keyboard[number][number];

function buttonsOf(
  bundle: readonly Campaign[],
  { bots }: BundleFacts,
  { t }: Reader,
  button: ButtonMaker,
): Keyboard {
  const some = (...states: Campaign["state"][]) => bundle.some(({ state }) => states.includes(state));
  const each = bundle.map(({ id, botId }) => ({
    text: `${t("list-number", { id: String(id) })} ${nameOfBot(bots, botId) ?? ""}`.trim(),
    callback_data: cardTap.encode({ id, verb: "open" }),
  }));
  const steer = [
    ...(some("running", "scheduled") ? [button("pause-all", "button-pause-all")] : []),
    ...(some("paused") ? [button("resume-all", "button-resume-all")] : []),
    ...(isBundleOver(bundle) ? [] : [button("cancel-all", "button-cancel-all")]),
  ];
  return [
    ...(steer.length > 0 ? [steer] : []),
    ...Array.from({ length: Math.ceil(each.length / A_ROW) }, (_, row) =>
      each.slice(row * A_ROW, (row + 1) * A_ROW),
    ),
    [button("post-all", "button-show-post"), button("duplicate-all", "button-duplicate")],
  ];
}

function askCancel(bundle: readonly Campaign[], { t }: Reader, button: ButtonMaker): Card {
  const open = bundle.filter(({ state }) => !isOver(state));
  const left = open.reduce((sum, campaign) => sum + progressOf(campaign).left, 0);
  const id = rangesOf(open.map((campaign) => campaign.id));
  return {
    text: t(open.every(hasNotStarted) ? "ask-cancel-all-scheduled" : "ask-cancel-all", { id, left }),
    keyboard: [
      [
        { ...button("yes-cancel-all", "button-yes-cancel"), style: "danger" },
        button("back-all", "button-back"),
      ],
    ],
  };
}
