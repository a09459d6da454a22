import type { HeraldContext } from "../../../ui/bot-context.ts";
import { openDialog } from "../../../ui/dialogs.ts";
import type { StepFor, WelcomeFor } from "./at.ts";
import type { DraftVerb } from "./step.ts";

export interface DraftTap {
  verb: DraftVerb;
  argument: string;
}

/** How the composer begins: with a new post, or with a tap on a draft's card. */
export type ComposerEntry =
  | {
      draft: null;
      /** Begun with /schedule: the time is asked for. */
      timed?: boolean;
      /** It is to be a welcome. Without a source, that is asked for first. */
      welcome?: Pick<WelcomeFor, "bot"> & Partial<WelcomeFor>;
      /** It is to be a step of the series for newcomers. Without a plan, that is asked for first. */
      step?: StepFor;
    }
  | { draft: number; tap: DraftTap };

/** Opens the composer, for a new post or at a step of a draft. */
export async function openComposer(ctx: HeraldContext, entry: ComposerEntry): Promise<void> {
  await openDialog(ctx, "composer", entry);
}

/** Opens a draft at one of its steps, like a tap on its card. */
export async function openDraft(ctx: HeraldContext, draft: number, verb: DraftVerb): Promise<void> {
  await openComposer(ctx, { draft, tap: { verb, argument: "" } });
}

declare module "../../../ui/dialogs.ts" {
  interface DialogEntries {
    composer: ComposerEntry;
  }
}
