import { repeat } from "../../background/rounds.ts";
import type { Service } from "../../background/service.ts";
import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import type { Alarm } from "./alarm.ts";

const MINUTE_MS = 60_000;
const CHECK_MS = 5_000;

export interface DatabaseWatchDeps {
  /** Resolves when the database answers. */
  ping: () => Promise<void>;
  alarm: Pick<Alarm, "note" | "over">;
  clock: Clock;
  log: Log;
}

/** Reports when the database has been away for a minute. Only one ping is open at a time, because it may hang for long. */
export function watchDatabase({ ping, alarm, clock, log }: DatabaseWatchDeps): Service {
  let asked: Promise<boolean> | null = null;

  async function check(stop: AbortSignal): Promise<void> {
    asked ??= ping().then(
      () => true,
      () => false,
    );
    const answer = await Promise.race([asked, clock.sleep(CHECK_MS, stop).then(() => null)]);
    if (stop.aborted) return;
    if (answer !== null) asked = null;
    if (answer === true) alarm.over("database");
    else alarm.note("database", { graceMs: MINUTE_MS });
  }

  return repeat({
    clock,
    log,
    everyMs: CHECK_MS,
    complaint: "the database cannot be watched",
    work: check,
  });
}
