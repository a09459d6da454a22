import { DomainError } from "../../errors.ts";
import type { HeraldContext } from "./bot-context.ts";
import { COMMANDS } from "./command-menu.ts";
import type { Dialog } from "./dialogs.ts";
import { sayRefusal } from "./refusal.ts";

/** Waits for a message that `take` accepts; it answers the others itself, with null. */
export async function answerUntil<T>(
  dialog: Dialog,
  take: (ctx: HeraldContext) => Promise<T | null>,
): Promise<T> {
  for (;;) {
    const ctx = await dialog.next();
    // After a command, the admin is doing something else, and what is typed later must not be taken for the answer.
    if (ctx.hasCommand(COMMANDS)) await dialog.end();
    if (!ctx.message) await dialog.passOn();
    const taken = await dialog.act(take);
    if (taken !== null) return taken;
  }
}

/** A refusal is said, and the dialog waits for something else. */
export async function refusing<T>(ctx: HeraldContext, work: () => Promise<T | null>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    await sayRefusal(ctx, error);
    return null;
  }
}
