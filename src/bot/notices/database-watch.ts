import { repeat } from "../../background/rounds.ts";
import type { Service } from "../../background/service.ts";
import type { Clock } from "../../clock.ts";
import { DiskFull } from "../../errors.ts";
import type { Log } from "../../log.ts";
import type { Alarm } from "./alarm.ts";

const MINUTE_MS = 60_000;
const CHECK_MS = 5_000;

export interface DatabaseWatchDeps {
  /** Resolves when the database answers. Rejects with DiskFull when the embedded one has no room left. */
  ping: () => Promise<void>;
  alarm: Pick<Alarm, "note" | "over">;
  clock: Clock;
  log: Log;
}

/** Reports when the database has been away, or its disk full, for a minute. Only one ping is open at a time, because it may hang for long. */
export function watchDatabase({ ping, alarm, clock, log }: DatabaseWatchDeps): Service {
  let asked: Promise<"well" | "silent" | "full"> | null = null;

  async function check(stop: AbortSignal): Promise<void> {
    asked ??= ping().then(
      () => "well",
      (error: unknown) => (error instanceof DiskFull ? "full" : "silent"),
    );
    const answer = await Promise.race([asked, clock.sleep(CHECK_MS, stop).then(() => null)]);
    if (stop.aborted) return;
    if (answer !== null) asked = null;
    if (answer === "well") alarm.over("database");
    else alarm.note("database", { graceMs: MINUTE_MS, facts: answer === "full" ? { disk: "full" } : {} });
  }

  return repeat({
    clock,
    log,
    everyMs: CHECK_MS,
    complaint: "the database cannot be watched",
    work: check,
  });
}
