import { Composer } from "grammy";
import { type ApiKey, listKeys } from "../../../access/keys.ts";
import { KEY_ROLES, type KeyRole } from "../../../db/states.ts";
import { DomainError } from "../../../errors.ts";
import { limitKeyAndWebhooks, revokeKeyAndWebhooks } from "../../../webhooks/webhook-actions.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import { type LimitTap, limitRows, limitTapData, limitWords, readLimitTap } from "../../ui/limit-buttons.ts";
import { pairs } from "../../ui/card.ts";
import { allBots, pageOfBots, severalBots } from "../../ui/sending-bots.ts";
import { openDialog } from "../../ui/dialogs.ts";
import {
  type Button,
  type Draw,
  type Drawn,
  type Screen,
  type Tapped,
  screenMenus,
  sendScreen,
} from "../../ui/screens.ts";
import { readerOf } from "../../ui/times.ts";
import { BACK, CREATE, HIDE, KEYS, OFFERED_DAYS, keyTapData, readKeyTap } from "./key-taps.ts";
import { deleteShown } from "./new-key.ts";
import { keyLines } from "./key-words.ts";

/** A message holds 4,096 characters. */
const PAGE_SIZE = 8;

/** /keys, for owners: the keys of programs that call the HTTP API, with buttons to create and to revoke one. */
export function keysScreen(deps: BotDeps): Composer<HeraldContext> {
  const list =
    (page = 0): Draw =>
    (ctx) =>
      drawList(deps, ctx, page);
  const screen: Screen = { name: KEYS, outdated: "list-outdated", draw: list(), tapped };

  async function tapped(ctx: HeraldContext, what: string): Promise<Tapped> {
    if (what === HIDE) {
      await deleteShown(ctx, ctx.callbackQuery?.message?.message_id ?? 0);
      await ctx.answerCallbackQuery();
      return "answered";
    }
    if (what === BACK) return { draw: list() };
    if (what === CREATE) return { draw: drawRoles };
    const limitTap = readLimitTap(what);
    if (limitTap) return limit(ctx, limitTap);
    const tap = readKeyTap(what);
    switch (tap?.type) {
      case "page":
        return { draw: list(tap.page) };
      case "role":
        return { draw: (ctx) => drawBotChoice(deps, ctx, tap) };
      case "bot":
        return { draw: (ctx) => drawDays(ctx, tap) };
      case "days":
        await openDialog(ctx, "newKey", { role: tap.role, days: tap.days, bot: tap.bot });
        return "answered";
      case "revoke":
        return ask(tap.id);
      case "yes-revoke":
        return revoke(ctx, tap.id);
      case undefined:
        return { outdated: list() };
    }
  }

  async function ask(id: number): Promise<Tapped> {
    const key = (await listKeys(deps.scope)).find((one) => one.id === id);
    return key ? { draw: (ctx) => drawQuestion(deps, ctx, key) } : { outdated: list() };
  }

  /** Shows which bots a key may use, or changes it first. */
  async function limit(ctx: HeraldContext, tap: LimitTap): Promise<Tapped> {
    const { id, change } = tap;
    const next = (ctx: HeraldContext) => drawLimit(deps, ctx, tap);
    if (change === null) return { draw: next };
    try {
      if (!(await limitKeyAndWebhooks(deps.scope, ctx.actor, id, change))) return { outdated: list() };
    } catch (error) {
      if (error instanceof DomainError && error.code === "bot-unknown") return { outdated: next };
      throw error;
    }
    deps.log.info({ key: id, by: ctx.from?.id }, "an API key is limited to some bots, or no longer");
    return { draw: next };
  }

  async function revoke(ctx: HeraldContext, id: number): Promise<Tapped> {
    const revoked = await revokeKeyAndWebhooks(deps.scope, ctx.actor, id);
    if (!revoked) return { outdated: list() };
    deps.log.info({ key: id, by: ctx.from?.id }, "an API key was revoked");
    return { draw: list(), said: ctx.t("keys-revoked", { name: revoked.name }) };
  }

  const composer = new Composer<HeraldContext>();
  composer.use(screenMenus(screen));
  composer.command("keys", async (ctx) => {
    if (deps.apiOn) await sendScreen(ctx, list());
    else await ctx.reply(ctx.t("keys-off"));
  });
  return composer;
}

async function drawList(deps: BotDeps, ctx: HeraldContext, page: number): Promise<Drawn> {
  const { t } = ctx;
  const keys = await listKeys(deps.scope);
  const bots = await allBots(deps.scope);
  const shown = keys.slice(page * PAGE_SIZE, (page + 1) * PAGE_SIZE);
  const turns = [
    ...(page > 0 ? [{ text: t("page-newer"), what: keyTapData({ type: "page", page: page - 1 }) }] : []),
    ...(keys.length > (page + 1) * PAGE_SIZE
      ? [{ text: t("page-older"), what: keyTapData({ type: "page", page: page + 1 }) }]
      : []),
  ];
  const reader = readerOf(deps, ctx);
  return {
    screen: KEYS,
    text: [
      t(keys.length > 0 ? "keys-title" : "keys-none"),
      ...shown.map((key) => keyLines(key, bots, reader)),
    ].join("\n\n"),
    rows: [
      ...shown.map((key) => [
        {
          text: t("keys-revoke", { name: labelOf(key, keys) }),
          what: keyTapData({ type: "revoke", id: key.id }),
        },
        ...(bots.length > 1 || key.bots !== null
          ? [{ text: t("limit-bots"), what: limitTapData({ id: key.id, page: 0, change: null }) }]
          : []),
      ]),
      turns,
      [{ text: t("keys-create"), what: CREATE }],
    ],
  };
}

/** The name; with the prefix where several have it. */
function labelOf({ name, prefix }: ApiKey, all: readonly ApiKey[]): string {
  return all.filter((other) => other.name === name).length > 1 ? `${name} (${prefix}…)` : name;
}

async function drawRoles({ t }: HeraldContext): Promise<Drawn> {
  return {
    screen: KEYS,
    text: t("keys-ask-role"),
    rows: [
      KEY_ROLES.map((role) => ({
        text: t(`keys-role-${role}`),
        what: keyTapData({ type: "role", role, page: 0 }),
      })),
      [{ text: t("button-back"), what: BACK }],
    ],
  };
}

/** Which bots a new key may use: all, or one at first. With one bot, there is nothing to choose. */
async function drawBotChoice(
  deps: BotDeps,
  ctx: HeraldContext,
  { role, page }: { role: KeyRole; page: number },
): Promise<Drawn> {
  const { t } = ctx;
  const bots = await severalBots(deps.scope);
  if (bots.length === 0) return drawDays(ctx, { role, bot: null });
  const { shown, before, after } = pageOfBots(bots, page);
  const button = (text: string, bot: number | null): Button => ({
    text,
    what: keyTapData({ type: "bot", role, bot }),
  });
  const turn = (to: number | null, key: string): Button[] =>
    to === null ? [] : [{ text: t(key), what: keyTapData({ type: "role", role, page: to }) }];
  return {
    screen: KEYS,
    text: t("keys-ask-bots", { role: t(`keys-role-${role}`) }),
    rows: [
      [button(t("limit-all-button"), null)],
      ...pairs(shown.map(({ botId, name }) => button(name, botId))),
      [...turn(before, "chats-previous"), ...turn(after, "chats-next")],
      [{ text: t("button-back"), what: CREATE }],
    ],
  };
}

/** Which bots a key may use. */
async function drawLimit(deps: BotDeps, ctx: HeraldContext, { id, page }: LimitTap): Promise<Drawn> {
  const { t } = ctx;
  const keys = await listKeys(deps.scope);
  const key = keys.find((one) => one.id === id);
  if (!key) return drawList(deps, ctx, 0);
  const bots = await allBots(deps.scope);
  const words = limitWords(t, key.bots, bots);
  return {
    screen: KEYS,
    text: [t("limit-of", { name: labelOf(key, keys), bots: words }), t("limit-note")].join("\n\n"),
    rows: [...limitRows(t, { id, page, limit: key.bots }, bots), [{ text: t("button-back"), what: BACK }]],
  };
}

async function drawDays(
  { t }: HeraldContext,
  { role, bot }: { role: KeyRole; bot: number | null },
): Promise<Drawn> {
  const button = (text: string, days: number | "date" | null): Button => ({
    text,
    what: keyTapData({ type: "days", role, days, bot }),
  });
  return {
    screen: KEYS,
    text: t("keys-ask-expiry", { role: t(`keys-role-${role}`) }),
    rows: [
      ...pairs([
        ...OFFERED_DAYS.map((days) => button(t("keys-days", { days }), days)),
        button(t("keys-no-end"), null),
        button(t("keys-other-date"), "date"),
      ]),
      [{ text: t("button-back"), what: CREATE }],
    ],
  };
}

async function drawQuestion(deps: BotDeps, ctx: HeraldContext, key: ApiKey): Promise<Drawn> {
  const { t } = ctx;
  return {
    screen: KEYS,
    text: [
      t("keys-ask-revoke", { name: key.name }),
      keyLines(key, await allBots(deps.scope), readerOf(deps, ctx)),
    ].join("\n\n"),
    rows: [
      [
        { text: t("keys-yes-revoke"), what: keyTapData({ type: "yes-revoke", id: key.id }) },
        { text: t("button-back"), what: BACK },
      ],
    ],
  };
}
