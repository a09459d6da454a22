import { Cron } from "croner";
import type { Campaign } from "../campaign/campaign.ts";
import { launch } from "../campaign/lifecycle.ts";
import { listDue } from "../campaign/queries.ts";
import type { Clock } from "../clock.ts";
import type { Scope } from "../db/connect.ts";
import type { Log } from "../log.ts";
import type { Lease } from "./lease.ts";

/** Starts scheduled campaigns at their time: every second, in between when one is due there, and when asked to. */
export interface Launcher {
  start(): void;
  /** Something may be due. Never rejects. */
  look(): Promise<void>;
}

export interface LauncherDeps {
  scope: Scope;
  clock: Clock;
  log: Log;
  lease: Pick<Lease, "held">;
  stop: AbortSignal;
  onLaunched: (campaignId: number) => void;
  /** It has looked; campaigns may be in another state than a moment ago. */
  onLooked: () => void;
  onTrouble: (error: unknown) => void;
}

/** What is due before the next tick gets a timer of its own, so that it starts at its moment. */
const UPCOMING_MS = 1_500;

export function createLauncher(deps: LauncherDeps): Launcher {
  const { scope, clock, log, lease, stop } = deps;
  const clockwork = new Cron("* * * * * *", { paused: true, protect: true, catch: deps.onTrouble }, look);
  let looking = false;
  let again = false;
  let alarm = new AbortController();

  /** Asked while it looks, it looks once more: what is due now must not wait for a tick. */
  async function look(): Promise<void> {
    again = true;
    if (looking) return;
    looking = true;
    try {
      while (again && !stop.aborted && lease.held()) {
        again = false;
        await launchDue();
      }
    } catch (error) {
      deps.onTrouble(error);
    } finally {
      looking = false;
    }
  }

  async function launchDue(): Promise<void> {
    const soon = await listDue(scope, new Date(clock.now().getTime() + UPCOMING_MS));
    const isDue = ({ startsAt }: Campaign) => !startsAt || startsAt <= clock.now();
    for (const { id } of soon.filter(isDue)) {
      if (!(await launch(scope, id, clock.now()))) continue;
      log.info({ campaign: id }, "campaign started");
      deps.onLaunched(id);
    }
    deps.onLooked();
    const next = soon.find((campaign) => !isDue(campaign))?.startsAt;
    if (next) setAlarm(next.getTime() - clock.now().getTime());
  }

  function setAlarm(ms: number): void {
    alarm.abort("another");
    alarm = new AbortController();
    const { signal } = alarm;
    void clock.sleep(ms, signal).then(() => (signal.aborted ? undefined : look()));
  }

  stop.addEventListener("abort", () => {
    clockwork.stop();
    alarm.abort("stopped");
  });

  return {
    start() {
      clockwork.resume();
    },
    look,
  };
}
