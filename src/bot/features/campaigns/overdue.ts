import { type Middleware, Composer } from "grammy";
import { type Campaign, isOverdue } from "../../../campaign/campaign.ts";
import { mustBeTyped } from "../../../campaign/confirmation.ts";
import { sendOverdue } from "../../../campaign/actions/send-overdue.ts";
import { getCampaign } from "../../../campaign/queries.ts";
import { DomainError } from "../../../errors.ts";
import { waitsUntil } from "../../../schedule/window.ts";
import { type CardVerb, cardTap, onTap, overdueTap } from "../../ui/callback-data.ts";
import { COMMANDS } from "../../ui/command-menu.ts";
import type { BotDeps, HeraldContext } from "../../ui/bot-context.ts";
import { type Dialog, runDialog, openDialog } from "../../ui/dialogs.ts";
import { clearButtons } from "../../ui/message-edits.ts";
import { questionLines } from "../../ui/plan-lines.ts";
import { sayRefusal } from "../../ui/refusal.ts";
import { fullTime, readerOf } from "../../ui/times.ts";
import { cut } from "../../ui/words.ts";
import { withoutFaults } from "../compose/audience/chosen-chats.ts";
import { isNumber } from "../compose/review/confirm.ts";
import { useTappedMessage, showLiveCard } from "../compose/review/live-card.ts";
import type { Keyboard } from "../../ui/card.ts";
import { countChangedKey, reachOf } from "../../ui/audience-words.ts";
import { countRecipients } from "../../../campaign/recipients-of.ts";

/** The campaign that is asked about and, if it was asked before, how many people its audience had then. */
export interface OverdueEntry {
  id: number;
  before?: number;
}

/** What the admin is asked to confirm: the number of people and the revision of the campaign. */
interface OverdueRequest {
  id: number;
  count: number;
  revision: number;
}

/** A question that only a typed number answers. */
interface Question extends OverdueRequest {
  message: number;
}

/**
 * Asks what to do with a campaign whose time passed while it was paused: send it now (by a button or, to many people, by
 * typing their number), at another time, or not at all. The dialog only waits for the number; the buttons work without it.
 */
export function overdueDialog(deps: BotDeps): Middleware<HeraldContext> {
  return runDialog("overdue", async (dialog, first: OverdueEntry) => {
    for (let entry: OverdueEntry | null = first; entry;) {
      const asked: OverdueEntry = entry;
      const question = await dialog.act((ctx) => refusing(ctx, () => ask(deps, ctx, asked)));
      entry = question && (await waitForNumber(deps, dialog, question));
    }
  });
}

/** Handles taps on `Yes, send to …`. */
export function overdueTaps(deps: BotDeps): Composer<HeraldContext> {
  const composer = new Composer<HeraldContext>();
  composer.use(
    onTap(overdueTap, async (ctx, request) => {
      const again = await refusing(ctx, () => send(deps, ctx, request, null));
      if (again) await enterOverdue(ctx, again);
    }),
  );
  return composer;
}

export async function enterOverdue(ctx: HeraldContext, entry: OverdueEntry): Promise<void> {
  await openDialog(ctx, "overdue", entry);
}

/** If the domain refuses, says so; then there is nothing more to ask. */
async function refusing<T>(ctx: HeraldContext, work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    await sayRefusal(ctx, error);
    return null;
  }
}

/** Resolves with the question if only a typed number answers it. */
async function ask(
  deps: BotDeps,
  ctx: HeraldContext,
  { id, before }: OverdueEntry,
): Promise<Question | null> {
  const { t } = ctx;
  const reader = readerOf(deps, ctx);
  const campaign = await getOverdue(deps, id);
  const { audience, revision, startsAt } = campaign;
  const { reachable: count } = await countRecipients(deps.scope, campaign, reader.now);
  const typed = mustBeTyped(count, deps.confirmTypedFrom);
  const button = (label: string, verb: CardVerb) => ({
    text: t(label),
    callback_data: cardTap.encode({ id, verb }),
  });
  const yes = {
    text: t("button-yes-send", { count }),
    callback_data: overdueTap.encode({ id, count, revision }),
  };
  const keyboard: Keyboard = [
    ...(typed || count === 0 ? [] : [[yes]]),
    [button("button-reschedule", "reschedule"), button("button-drop", "cancel")],
    [button("button-back", "back")],
  ];
  const text = [
    ...(before === undefined ? [] : [t(countChangedKey(audience), { before, after: count }), ""]),
    t(count === 0 ? "overdue-nobody" : typed ? "overdue-type" : "overdue-ask", {
      id: String(id),
      due: startsAt ? fullTime(startsAt, reader) : "",
      people: reachOf(t, audience, { reachable: count }),
      number: String(count),
      sent: campaign.pauseReason === "restored" ? "unknown" : "no",
    }),
    ...questionLines({ ...campaign, recurrence: null }, null, reader),
  ].join("\n");
  const { message_id } = await ctx.reply(text, { reply_markup: { inline_keyboard: keyboard } });
  return typed ? { id, count, revision, message: message_id } : null;
}

/** @throws DomainError `conflict` if there is no longer anything to decide, `not-found` */
async function getOverdue({ scope, clock }: BotDeps, id: number): Promise<Campaign> {
  const campaign = await getCampaign(scope, id);
  if (!isOverdue(campaign, clock.now())) throw new DomainError("conflict", { id, state: campaign.state });
  return campaign;
}

/** Resolves with what to ask again, or null. */
async function waitForNumber(
  deps: BotDeps,
  dialog: Dialog,
  question: Question,
): Promise<OverdueEntry | null> {
  const { id, count, message } = question;
  for (;;) {
    const ctx = await dialog.next();
    // After a command or a tap, the admin is doing something else, and a number typed later does not belong here.
    if (!ctx.message || ctx.hasCommand(COMMANDS)) await dialog.end();
    const text = ctx.message?.text ?? "";
    if (isNumber(text, count))
      return dialog.act(async (ctx) => {
        await clearButtons(ctx, message);
        return refusing(ctx, () => send(deps, ctx, question, count));
      });
    const values = { id: String(id), text: cut(text, 40), number: String(count) };
    await dialog.act((ctx) => ctx.reply(ctx.t("overdue-wrong", values)));
  }
}

/** Sends it as confirmed. `typedCount` is null if a button was tapped. Resolves with what has to be asked again, or null. */
async function send(
  deps: BotDeps,
  ctx: HeraldContext,
  { id, count, revision }: OverdueRequest,
  typedCount: number | null,
): Promise<OverdueEntry | null> {
  const { scope, clock, confirmTypedFrom: typedFrom } = deps;
  const campaign = await withoutFaults(deps, ctx, await getOverdue(deps, id));
  if (!campaign) return { id };
  try {
    const options = { now: clock.now(), typedFrom };
    await sendOverdue(scope, ctx.actor, { id, revision }, { count, typedCount }, options);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return askAgain(ctx, id, count, error);
  }
  deps.log.info({ campaign: id, by: ctx.from?.id ?? 0 }, "an overdue campaign is sent after all");
  deps.engine.poke();
  const isWaiting = waitsUntil(campaign.window, clock.now()) !== null;
  if (ctx.callbackQuery)
    await ctx.answerCallbackQuery({ text: ctx.t(isWaiting ? "done-resumed" : "done-sending") });
  await useTappedMessage(deps, ctx, id);
  await showLiveCard(deps, ctx, id, "confirm-started");
  return null;
}

/** What was confirmed no longer holds. @throws DomainError if there is nothing to ask again */
async function askAgain(
  ctx: HeraldContext,
  id: number,
  before: number,
  error: DomainError,
): Promise<OverdueEntry> {
  switch (error.code) {
    case "changed":
      await ctx.reply(ctx.t("overdue-changed", { id: String(id) }));
      return { id };
    case "no-audience":
    case "count-moved":
      return { id, before };
    case "count-not-typed":
      return { id };
    default:
      throw error;
  }
}

declare module "../../ui/dialogs.ts" {
  interface DialogEntries {
    overdue: OverdueEntry;
  }
}
