import { countEveryone } from "../../../audience/segment/audience.ts";
import { nameOf } from "../../../access/admins.ts";
import type { Receiver } from "../../../senders/look-at-bot.ts";
import { scopeOf } from "../../../db/scope.ts";
import type { Sender } from "../../../senders/sender.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import type { Button, Drawn } from "../../ui/screens.ts";
import { readerOf } from "../../ui/times.ts";
import { type Translate, moment } from "../../ui/words.ts";
import { BACK, BOTS, botButton as button } from "./bot-taps.ts";

/** "Shop (@shop_bot)"; the id where Telegram has not said the username yet. */
export function titleOf({ name, username, botId }: Sender): string {
  const handle = username === null ? String(botId) : `@${username}`;
  return name === handle ? name : `${name} (${handle})`;
}

/** "beside another program · 28 messages a second · 1,204 people". */
export async function factsLine(deps: BotDeps, t: Translate, sender: Sender): Promise<string> {
  const { reachable } = await countEveryone(scopeOf(deps.senders.home, { botId: sender.botId }));
  const rate = sender.rate ?? deps.engine.status().rate.set;
  return [
    ...(sender.isHome ? [t("bots-home")] : []),
    await stateOf(deps, t, sender),
    t("bots-rate", { rate }),
    t("bots-people", { count: reachable }),
  ].join(" · ");
}

async function stateOf({ senders, byWebhook }: BotDeps, t: Translate, sender: Sender): Promise<string> {
  const answers = byWebhook ? "bots-state-webhook" : "bots-state-answers";
  if (sender.isHome) return t(answers);
  if ((await senders.vault.open(sender)) === null) return t("bots-trouble-no-token");
  if (sender.tokenRefusedAt) return t("bots-trouble-refused");
  return t(sender.handling === "answers" ? answers : "bots-state-beside");
}

/** One bot and what can be done to it. After a look at it, also what the look found, and both ways to handle it. */
export async function drawBot(
  deps: BotDeps,
  ctx: HeraldContext,
  sender: Sender,
  receiver?: Receiver,
): Promise<Drawn> {
  const { t } = ctx;
  const { now, timezone, locale } = readerOf(deps, ctx);
  const { addedBy, addedAt, isHome, managed } = sender;
  const lacksToken = managed && (sender.tokenRefusedAt !== null || !(await deps.senders.vault.open(sender)));
  const isConfigured = deps.senders.vault.configuredIds.includes(sender.botId);
  const by =
    addedBy !== null &&
    t("bots-added", {
      name: await nameOf(deps.senders.home, addedBy),
      time: moment(addedAt, now, timezone, locale),
    });
  return {
    screen: BOTS,
    text: [
      titleOf(sender),
      await factsLine(deps, t, sender),
      ...(deps.apiOn && !isHome ? [t("bots-id", { id: String(sender.botId) })] : []),
      ...(by ? [by] : []),
      ...(isConfigured ? [t("bots-configured")] : []),
      ...(managed ? [t("bots-managed")] : []),
      ...(isHome ? [t("bots-about-home")] : []),
      ...(receiver ? ["", lookWords(t, receiver)] : []),
    ].join("\n"),
    rows: isHome
      ? homeRows(t, sender)
      : senderRows(t, sender, { isNew: receiver !== undefined, isConfigured, lacksToken }),
  };
}

function homeRows(t: Translate, { botId }: Sender): Button[][] {
  return [[button(t("bots-rename"), "rename", botId)], [{ text: t("button-back"), what: BACK }]];
}

function senderRows(
  t: Translate,
  { botId, handling, rate }: Sender,
  { isNew, isConfigured, lacksToken }: Record<"isNew" | "isConfigured" | "lacksToken", boolean>,
): Button[][] {
  const answers = button(t("bots-answers"), "answers", botId);
  const beside = button(t("bots-beside"), "beside", botId);
  const other = handling === "answers" ? [beside] : [answers];
  return [
    lacksToken ? [button(t("bots-fetch-token"), "fetch-token", botId)] : [],
    isNew ? [answers, beside] : other,
    [
      button(t("bots-set-rate"), "rate", botId),
      ...(rate === null ? [] : [button(t("bots-usual-rate"), "usual-rate", botId)]),
    ],
    [
      button(t("bots-rename"), "rename", botId),
      ...(isConfigured ? [] : [button(t("bots-replace-token"), "token", botId)]),
    ],
    isConfigured ? [] : [button(t("bots-remove"), "remove", botId)],
    [{ text: t("button-back"), what: BACK }],
  ];
}

function lookWords(t: Translate, receiver: Receiver): string {
  switch (receiver.type) {
    case "webhook":
      return t("bots-look-webhook", { host: receiver.host });
    case "nobody":
      return t("bots-look-nobody", { count: receiver.waiting });
    case "someone":
      return t("bots-look-someone");
    case "unknown":
      return t("bots-look-unknown");
  }
}
