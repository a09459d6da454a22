import type { Actor } from "../../access/actor.ts";
import { type HomeScope, inTransaction } from "../../db/scope.ts";
import { DomainError } from "../../errors.ts";
import { type Recurrence, anchored } from "../../schedule/recurrence.ts";
import { nextRunWithin } from "../../schedule/runs.ts";
import type { Campaign } from "../campaign.ts";
import { isSameStart } from "../confirmation.ts";
import { getDraft } from "../queries.ts";
import { editDraft } from "./edit-draft.ts";
import { type LaunchOptions, launch } from "./launch.ts";

/** When a draft is to start. */
export interface Timing {
  /** Null for at once or, if it repeats, for its first run. */
  startsAt: Date | null;
  recurrence: Recurrence | null;
}

/**
 * Sends a draft at once, or schedules it, in one step: its time is set and confirmed, or neither. `revision` is the one
 * that was read; without it the present one counts.
 * @throws DomainError as launch() does; `needs-time` if a repeat has no run left
 */
export async function launchAt(
  home: HomeScope,
  actor: Actor,
  { id, revision }: { id: number; revision?: number | undefined },
  { startsAt, recurrence }: Timing,
  agreedCount: number,
  options: LaunchOptions,
): Promise<Campaign> {
  return inTransaction(home, async (tx) => {
    const draft = await getDraft(tx, id);
    if (revision !== undefined && draft.revision !== revision) throw new DomainError("changed", { id });
    const first =
      recurrence && !startsAt ? nextRunWithin(recurrence, draft.window, options.now, 0) : startsAt;
    if (recurrence && !first) throw new DomainError("needs-time");
    const isSame = recurrence === null && draft.recurrence === null && isSameStart(draft.startsAt, first);
    const timed = isSame
      ? draft
      : await editDraft(tx, actor, draft, {
          startsAt: first,
          recurrence: recurrence && first ? anchored(recurrence, first) : null,
        });
    const agreed = { count: agreedCount, typedCount: agreedCount, startsAt: first };
    return launch(tx, actor, timed, agreed, options);
  });
}
