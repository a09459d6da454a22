import pLimit from "p-limit";
import { isPersonId } from "../../chat-id.ts";
import type { Clock } from "../../clock.ts";
import type { Scope } from "../../db/scope.ts";
import { type EditApi, type EditCall, type EditOutcome, performEdit } from "../../telegram/edit-call.ts";
import type { Pacer } from "../pace/pacer.ts";
import { FALLBACK_RATE } from "../pace/paid-rate.ts";
import { savePausedUntil } from "../pace/retry-after.ts";

/** Makes the edits of one copy, each when it may leave. */
export interface EditCalls {
  /** Telegram asks for a pause. */
  readonly isPaused: boolean;
  /** Resolves with the worst outcome of the calls; null when one may not leave now. */
  edit(chatId: number, calls: readonly EditCall[]): Promise<EditOutcome | null>;
}

export interface EditCallsDeps {
  scope: Scope;
  clock: Clock;
  api: EditApi;
  lease: { held(): boolean };
  /** The pacer of what is sent. Campaigns and edits take turns. */
  pacer: Pick<Pacer, "turn" | "tooFast" | "pausedUntil" | "answered" | "rate">;
  paid: { readonly on: boolean };
  stop: AbortSignal;
}

export function createEditCalls({ scope, clock, api, lease, pacer, paid, stop }: EditCallsDeps): EditCalls {
  const oneAtATime = pLimit(1);

  /** One edit at a time asks among the campaigns' messages, so that they get no more than what messages leave. */
  function turn(): Promise<boolean> {
    return oneAtATime(async () => {
      if (stop.aborted || !lease.held()) return false;
      // Edits cannot be paid for.
      return pacer.turn(stop, 1, paid.on ? Math.max(1, pacer.rate / FALLBACK_RATE) : 1);
    });
  }

  async function one(chatId: number, call: EditCall): Promise<EditOutcome | null> {
    if (!(await turn())) return null;
    const leftAt = clock.monotonic();
    const outcome = await performEdit(api, call);
    if (outcome.type !== "again") pacer.answered(leftAt, 1);
    // A 429 for a person's chat means that the bot as a whole is too fast. A group or channel waits alone.
    if (outcome.type === "deferred" && isPersonId(chatId))
      await savePausedUntil(scope, pacer.tooFast(outcome.waitMs, leftAt));
    return outcome;
  }

  return {
    get isPaused() {
      return pacer.pausedUntil() !== null;
    },
    async edit(chatId, calls) {
      let whole: EditOutcome = { type: "unchanged" };
      for (const call of calls) {
        const outcome = await one(chatId, call);
        if (outcome === null) return null;
        if (isUnfinished(outcome)) return outcome;
        if (RANK.indexOf(outcome.type) > RANK.indexOf(whole.type)) whole = outcome;
      }
      return whole;
    },
  };
}

/** The other messages of the copy need not be tried now. */
function isUnfinished(outcome: EditOutcome): boolean {
  return outcome.type === "deferred" || outcome.type === "again" || outcome.type === "refused";
}

/** Of several messages, the outcome that counts for the copy is the last of these. */
const RANK: readonly EditOutcome["type"][] = ["unchanged", "edited", "gone"];
