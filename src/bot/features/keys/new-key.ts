import { GrammyError, type Middleware } from "grammy";
import { createKey } from "../../../access/keys.ts";
import type { KeyRole } from "../../../db/states.ts";
import { DomainError } from "../../../errors.ts";
import { visibleName } from "../../../person-name.ts";
import { COMMANDS } from "../../ui/command-menu.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import { type Dialog, runDialog } from "../../ui/dialogs.ts";
import { limitWords } from "../../ui/limit-buttons.ts";
import { sayRefusal } from "../../ui/refusal.ts";
import { allBots } from "../../ui/sending-bots.ts";
import { readerOf } from "../../ui/times.ts";
import { cut } from "../../ui/words.ts";
import { expiryWords } from "./key-words.ts";
import { HIDE, KEYS } from "./key-taps.ts";
import { readExpiry } from "./typed-expiry.ts";
import { screenTap } from "../../ui/callback-data.ts";

const LONGEST_NAME = 40;
const DAY_MS = 86_400_000;
/** Long enough to copy the key, and short enough that nobody else finds it in the chat. */
const SHOWN_FOR_MS = 120_000;

/** Asks an owner for a date, if the key lasts until one, and for the key's name; then makes the key and shows it once. */
export function newKeyDialog(deps: BotDeps): Middleware<HeraldContext> {
  return runDialog("newKey", async (dialog, { role, days, bot = null }) => {
    let until: string | null = null;
    if (days === "date") {
      await dialog.act((ctx) => ctx.reply(ctx.t("keys-ask-date")));
      until = await answerTo(dialog, (ctx, text) => takeDate(deps, ctx, text));
    }
    await dialog.act((ctx) => ctx.reply(ctx.t("keys-ask-name")));
    // What `act` resolves with is stored, so the key stays inside.
    await answerTo(dialog, (ctx, text) => takeName(deps, ctx, text, { role, days, bot, until }));
  });
}

/** Waits for a message that `take` accepts; it answers the others itself, with null. */
async function answerTo(
  dialog: Dialog,
  take: (ctx: HeraldContext, text: string) => Promise<string | null>,
): Promise<string> {
  for (;;) {
    const ctx = await dialog.next();
    // After a command, the owner is doing something else, and what is typed later must not make a key.
    if (ctx.hasCommand(COMMANDS)) await dialog.end();
    if (!ctx.message) await dialog.passOn();
    const taken = await dialog.act((ctx) => take(ctx, ctx.message?.text?.trim() ?? ""));
    if (taken !== null) return taken;
  }
}

async function takeDate({ clock }: BotDeps, ctx: HeraldContext, text: string): Promise<string | null> {
  const expiresAt = readExpiry(text, clock.now(), ctx.timezone);
  if (!expiresAt) await ctx.reply(ctx.t("keys-date-unknown", { text: cut(text, 40) }));
  return expiresAt?.toISOString() ?? null;
}

async function takeName(
  deps: BotDeps,
  ctx: HeraldContext,
  text: string,
  { role, days, bot, until }: Required<NewKeyEntry> & { until: string | null },
): Promise<string | null> {
  const { scope, clock, log } = deps;
  const name = visibleName(text.replaceAll(/\s+/g, " "));
  if (name === null || name.length > LONGEST_NAME) {
    await ctx.reply(ctx.t("keys-name-unfit", { most: LONGEST_NAME }));
    return null;
  }
  const expiresAt =
    typeof days === "number"
      ? new Date(clock.now().getTime() + days * DAY_MS)
      : until === null
        ? null
        : new Date(until);
  const bots = bot === null ? null : [bot];
  const made = await createKey(scope, ctx.actor, { name, role, bots, expiresAt }).catch((error: unknown) => {
    if (error instanceof DomainError && error.code === "bot-unknown") return error;
    throw error;
  });
  // The bot was removed since it was chosen.
  if (made instanceof DomainError) {
    await sayRefusal(ctx, made);
    return name;
  }
  const { key, secret } = made;
  const reader = readerOf({ clock }, ctx);
  const limits = key.bots === null ? [] : [limitWords(ctx.t, key.bots, await allBots(scope))];
  log.info({ key: key.id, role, by: ctx.from?.id }, "an API key was created");
  await showOnce(deps, ctx, secret, (text) =>
    ctx.t("keys-created", {
      name,
      role: ctx.t(`keys-role-${role}`),
      expiry: [...limits, expiryWords(key, reader)].join(", "),
      key: text,
    }),
  );
  return name;
}

/** Sends a secret in a message that a button deletes, or else Herald after two minutes and when it stops. */
async function showOnce(
  { clock, log, stop }: BotDeps,
  ctx: HeraldContext,
  secret: string,
  words: (secret: string) => string,
): Promise<void> {
  const text = words(secret);
  const { message_id } = await ctx.reply(text, {
    entities: [{ type: "code", offset: text.indexOf(secret), length: secret.length }],
    reply_markup: {
      inline_keyboard: [
        [
          {
            text: ctx.t("keys-hide"),
            callback_data: screenTap(KEYS).encode({ row: 0, column: 0, what: HIDE }),
          },
        ],
      ],
    },
  });
  void clock
    .sleep(SHOWN_FOR_MS, stop)
    .then(() => deleteShown(ctx, message_id))
    .catch((error: unknown) => log.warn({ err: error }, "a message with an API key is not deleted"));
}

/** Deletes the message that shows a key; that it is gone is no error. */
export async function deleteShown(ctx: HeraldContext, messageId: number): Promise<void> {
  try {
    await ctx.api.deleteMessage(ctx.chat?.id ?? 0, messageId);
  } catch (error) {
    if (!(error instanceof GrammyError) || error.error_code !== 400) throw error;
  }
}

export interface NewKeyEntry {
  role: KeyRole;
  /** How long it is valid; `date` asks until when. Null for ever. */
  days: number | "date" | null;
  /** The only bot that it may use; absent or null for all. */
  bot?: number | null;
}

declare module "../../ui/dialogs.ts" {
  interface DialogEntries {
    newKey: NewKeyEntry;
  }
}
