import {
  type Conversation,
  type ConversationFlavor,
  conversations,
  createConversation,
} from "@grammyjs/conversations";
import type { Context, Middleware } from "grammy";
import { deleteDialog, readDialog, writeDialog } from "../../db/dialog-state.ts";
import type { BotDeps, HeraldContext } from "./bot-context.ts";

/*
 * Dialogs, which wait for several messages. The conversations plugin stores a dialog as the updates that it has seen, and
 * replays them when the next one comes. Herald needs this only to resume a dialog after a restart, so everything that a
 * dialog says or stores happens in `act`, which a replay does not repeat. No other file knows the plugin.
 */

/** A context that can open dialogs. */
export type WithDialogs<C extends Context> = ConversationFlavor<C>;

/** A dialog in progress. */
export interface Dialog {
  /** Waits for the next update. Use the result for reading only. */
  next(): Promise<Context>;
  /** Handles the last update, once, and resolves with the result, which has to be storable as JSON. */
  act<T>(work: (ctx: HeraldContext) => T | Promise<T>): Promise<T>;
  /** The last update is not for this dialog, which keeps waiting. */
  passOn(): Promise<never>;
  /** The last update is not for this dialog, which ends. */
  end(): Promise<never>;
}

/** What each dialog is opened with. Each feature adds its own dialogs. */
// oxlint-disable-next-line typescript/no-empty-interface
export interface DialogEntries {}

/** Running dialogs are stored by name, together with what they were opened with. */
export type DialogName = keyof DialogEntries;

/**
 * Raise it when a change to a dialog makes stored ones unreadable. Running dialogs are then closed and their admins told;
 * drafts are kept.
 */
const DIALOG_VERSION = 1;

/** Has to come before everything that opens, runs or leaves a dialog. */
export function dialogState(deps: BotDeps): Middleware<HeraldContext> {
  return conversations({ storage: dialogStorage(deps) });
}

/** Runs a dialog while it is open. */
export function runDialog<Name extends DialogName>(
  name: Name,
  body: (dialog: Dialog, entry: DialogEntries[Name]) => Promise<void>,
): Middleware<HeraldContext> {
  return createConversation<HeraldContext, Context>(
    (conversation, _, entry: DialogEntries[Name]) => body(dialogOf(conversation), entry),
    name,
  );
}

function dialogOf(conversation: Conversation<HeraldContext>): Dialog {
  return {
    next: () => conversation.wait(),
    act: (work) => conversation.external(work),
    passOn: () => conversation.skip({ next: true }),
    end: () => conversation.halt({ next: true }),
  };
}

/** Opens a dialog; if another one is open, it is left. */
export async function openDialog<Name extends DialogName>(
  ctx: HeraldContext,
  name: Name,
  ...entry: DialogEntries[Name] extends undefined ? [] : [DialogEntries[Name]]
): Promise<void> {
  await leaveDialogs(ctx);
  await ctx.conversation.enter(name, ...entry);
}

export async function leaveDialogs(ctx: HeraldContext): Promise<void> {
  await ctx.conversation.exitAll();
}

/** Leaves a dialog of that name; others stay open. */
export async function leaveDialog(ctx: HeraldContext, name: DialogName): Promise<void> {
  await ctx.conversation.exit(name);
}

/** True if a dialog is open; with a name, if that one is. */
export function isInDialog(ctx: HeraldContext, name?: DialogName): boolean {
  if (name !== undefined) return ctx.conversation.active(name) > 0;
  return Object.keys(ctx.conversation.active()).length > 0;
}

/** Keeps dialogs in the database, so that a restart resumes them. */
function dialogStorage({ scope }: BotDeps) {
  return {
    type: "context" as const,
    version: DIALOG_VERSION,
    adapter: {
      async read(ctx: HeraldContext) {
        const stored = (await readDialog(scope, chatOf(ctx))) as { version: [number, number] } | undefined;
        if (stored && stored.version[1] !== DIALOG_VERSION) {
          // The plugin would drop it silently.
          await deleteDialog(scope, chatOf(ctx));
          await ctx.reply(ctx.t("dialog-lost"));
          return undefined;
        }
        return stored as never;
      },
      write: (ctx: HeraldContext, state: unknown) => writeDialog(scope, chatOf(ctx), state),
      delete: (ctx: HeraldContext) => deleteDialog(scope, chatOf(ctx)),
    },
  };
}

/** Dialogs run in private chats, where every update has a chat. */
function chatOf(ctx: Context): number {
  return ctx.chat?.id ?? 0;
}
