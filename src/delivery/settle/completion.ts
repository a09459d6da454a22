import { finish } from "../../campaign/engine-moves.ts";
import { progressOf, secondsTaken } from "../../campaign/progress.ts";
import type { Clock } from "../../clock.ts";
import type { Scope } from "../../db/scope.ts";
import type { Events } from "../../events.ts";
import type { Log } from "../../log.ts";

export interface CompletionDeps {
  scope: Scope;
  clock: Clock;
  log: Log;
  events: Pick<Events, "emit">;
  /** The states of campaigns have changed. */
  onFinished: () => void;
}

/** Finishes a campaign whose recipients all have an outcome; resolves false when it is not one. */
export type FinishIfDone = (campaignId: number) => Promise<boolean>;

export function createCompletion({ scope, clock, log, events, onFinished }: CompletionDeps): FinishIfDone {
  return async (campaignId) => {
    const finished = await finish(scope, campaignId, clock.now());
    if (!finished) return false;
    const { total, sent, blocked, failed, skipped, uncertain } = progressOf(finished);
    const seconds = Math.round(secondsTaken(finished) * 10) / 10;
    log.info(
      { campaign: campaignId, total, sent, blocked, failed, skipped, uncertain, seconds },
      "campaign finished",
    );
    events.emit("progress", { campaignId, outcomes: 0 });
    events.emit("finished", { campaignId });
    onFinished();
    return true;
  };
}
