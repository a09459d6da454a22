import { Composer } from "grammy";
import { nameOf } from "../../../access/admins.ts";
import {
  type Webhook,
  changeWebhook,
  deleteWebhook,
  findWebhook,
  listWebhooks,
  nameOfWebhook,
} from "../../../webhooks/webhook-actions.ts";
import { countGivenUp, resendFailed } from "../../../webhooks/webhook-messages.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import {
  type Draw,
  type Drawn,
  type Screen,
  type Tapped,
  screenMenus,
  sendScreen,
} from "../../ui/screens.ts";
import { type Reader, readerOf } from "../../ui/times.ts";
import { moment } from "../../ui/words.ts";

const NAME = "webhooks";
const BACK = "back";
/** `open.7`: a verb and a webhook. */
const TAP = /^(open|enable|disable|resend|delete|yes-delete)\.(\d{1,9})$/;

/** /webhooks, for owners: which addresses are told what happens, and how that goes. Programs make them by the API. */
export function webhooksScreen(deps: BotDeps): Composer<HeraldContext> {
  const { scope, log } = deps;
  const list: Draw = (ctx) => drawList(deps, ctx);
  const screen: Screen = { name: NAME, outdated: "list-outdated", draw: list, tapped };

  async function tapped(ctx: HeraldContext, what: string): Promise<Tapped> {
    if (what === BACK) return { draw: list };
    const [, verb, number] = TAP.exec(what) ?? [];
    const webhook = number === undefined ? null : await findWebhook(scope, Number(number));
    if (!webhook) return { outdated: list };
    const { t, actor } = ctx;
    const { id } = webhook;
    const one: Draw = (ctx) => drawOne(deps, ctx, id);
    switch (verb) {
      case "enable":
      case "disable":
        await changeWebhook(scope, actor, id, { enabled: verb === "enable" });
        log.info({ webhook: id, by: ctx.from?.id, verb }, "a webhook is enabled or disabled");
        return { draw: one, said: t(verb === "enable" ? "webhooks-enabled" : "webhooks-disabled") };
      case "resend":
        return { draw: one, said: t("webhooks-resent", { count: await resendFailed(scope, actor, id) }) };
      case "delete":
        return { draw: async (ctx) => drawQuestion(ctx, webhook) };
      case "yes-delete":
        if (!(await deleteWebhook(scope, actor, id))) return { outdated: list };
        log.info({ webhook: id, by: ctx.from?.id }, "a webhook is deleted");
        return { draw: list, said: t("webhooks-deleted") };
      default:
        return { draw: one };
    }
  }

  const composer = new Composer<HeraldContext>();
  composer.use(screenMenus(screen));
  composer.command("webhooks", async (ctx) => {
    await sendScreen(ctx, list);
  });
  return composer;
}

async function drawList(deps: BotDeps, ctx: HeraldContext): Promise<Drawn> {
  const { t } = ctx;
  const webhooks = await listWebhooks(deps.scope);
  const reader = readerOf(deps, ctx);
  return {
    screen: NAME,
    text: [
      t(webhooks.length > 0 ? "webhooks-title" : "webhooks-none"),
      ...webhooks.map((webhook) => `${nameOfWebhook(webhook)}\n${stateLine(webhook, reader)}`),
    ].join("\n\n"),
    rows: webhooks.map((webhook) => [{ text: nameOfWebhook(webhook), what: `open.${webhook.id}` }]),
  };
}

async function drawOne(deps: BotDeps, ctx: HeraldContext, id: number): Promise<Drawn> {
  const { t } = ctx;
  const webhook = await findWebhook(deps.scope, id);
  if (!webhook) return drawList(deps, ctx);
  const isOn = webhook.disabledWhy === null;
  const failed = (await countGivenUp(deps.scope)).get(id) ?? 0;
  return {
    screen: NAME,
    text: [
      nameOfWebhook(webhook),
      webhook.events.join(", "),
      t("webhooks-by", { name: await nameOf(deps.scope, webhook.createdBy) }),
      stateLine(webhook, readerOf(deps, ctx)),
      ...(failed > 0 ? [t("webhooks-failed", { count: failed })] : []),
    ].join("\n"),
    rows: [
      isOn && failed > 0 ? [{ text: t("webhooks-resend", { count: failed }), what: `resend.${id}` }] : [],
      [
        isOn
          ? { text: t("webhooks-disable"), what: `disable.${id}` }
          : { text: t("webhooks-enable"), what: `enable.${id}` },
        { text: t("webhooks-delete"), what: `delete.${id}` },
      ],
      [{ text: t("button-back"), what: BACK }],
    ],
  };
}

function drawQuestion({ t }: HeraldContext, webhook: Webhook): Drawn {
  return {
    screen: NAME,
    text: t("webhooks-ask-delete", { host: nameOfWebhook(webhook) }),
    rows: [
      [
        { text: t("webhooks-yes-delete"), what: `yes-delete.${webhook.id}` },
        { text: t("button-back"), what: `open.${webhook.id}` },
      ],
    ],
  };
}

/** "last answer 200, 14:05"; "disabled: …"; "failing since 14:05, last answer 500". */
function stateLine({ disabledWhy, failingSince, ...last }: Webhook, reader: Reader): string {
  const { t, now, timezone, locale } = reader;
  const at = (instant: Date) => moment(instant, now, timezone, locale);
  const { lastAt, lastStatus, lastFault } = last;
  const answer = lastFault
    ? t(`webhooks-fault-${lastFault}`)
    : t("webhooks-answer", { status: String(lastStatus) });
  return [
    ...(disabledWhy ? [t(`webhooks-off-${disabledWhy}`)] : []),
    ...(failingSince && !disabledWhy ? [t("webhooks-failing", { time: at(failingSince) })] : []),
    lastAt ? t("webhooks-last", { answer, time: at(lastAt) }) : t("webhooks-untold"),
  ].join(" · ");
}
