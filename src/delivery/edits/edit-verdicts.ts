import type { SentEdit } from "../../campaign/sent-edits.ts";
import type { Clock } from "../../clock.ts";
import type { EditPause } from "../../db/states.ts";
import type { EditOutcome } from "../../telegram/edit-call.ts";
import { backOffMs } from "../shared/backoff.ts";

/** Why an edit has to pause. */
export interface WhyPaused {
  pauseReason: EditPause;
  pauseDetail: string;
}

/** How a copy is counted, or that it has to wait, or that the whole edit has to pause. */
export type Verdict = "edited" | "unchanged" | "gone" | "refused" | "waiting" | WhyPaused;

/** Says what outcomes mean, and when copies whose edits failed are tried again. */
export interface EditVerdicts {
  /** Null stands for a call that did not leave. */
  judge(edit: SentEdit, seq: number, outcome: EditOutcome | null): Verdict;
  /** Whether a waiting copy may be tried again. */
  isDue(edit: SentEdit, seq: number): boolean;
  /** Nothing is being edited. */
  forget(): void;
}

/** A copy whose edit fails so often is given up. */
const MOST_ATTEMPTS = 10;

export function createEditVerdicts(clock: Clock): EditVerdicts {
  /** When a copy may be tried again (monotonic), and how often it was tried. */
  const retries = new Map<string, { at: number; attempts: number }>();

  function later(key: string, ms: number, attempts: number): "waiting" {
    retries.set(key, { at: clock.monotonic() + ms, attempts });
    return "waiting";
  }

  return {
    isDue: (edit, seq) => (retries.get(keyOf(edit, seq))?.at ?? -Infinity) <= clock.monotonic(),
    forget: () => retries.clear(),
    judge(edit, seq, outcome) {
      if (outcome === null) return "waiting";
      const key = keyOf(edit, seq);
      const attempts = retries.get(key)?.attempts ?? 0;
      if (outcome.type === "deferred") return later(key, outcome.waitMs, attempts);
      if (outcome.type === "again" && attempts + 1 < MOST_ATTEMPTS)
        return later(key, backOffMs(attempts), attempts + 1);
      retries.delete(key);
      if (outcome.type === "again") return "refused";
      if (outcome.type !== "refused") return outcome.type;
      const { class: why, description } = outcome;
      if (why !== "content" && why !== "unauthorized") return "refused";
      return { pauseReason: why, pauseDetail: description };
    },
  };
}

function keyOf({ campaignId, number }: SentEdit, seq: number): string {
  return `${campaignId}.${number}.${seq}`;
}
