import { Cron } from "croner";
import type { Campaign } from "../campaign/campaign.ts";
import { LATE_MS, holdLate, launch } from "../campaign/lifecycle.ts";
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
  /** Later than this after its time a campaign is not started without a word. */
  lateLimitMs: number;
  onLaunched: (campaignId: number) => void;
  /** It was found too late: it expired, or is paused for its author to decide. */
  onLate: (campaign: Campaign) => void;
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
    for (const campaign of soon.filter(isDue)) await (isTooLate(campaign) ? hold(campaign) : start(campaign));
    deps.onLooked();
    const next = soon.find((campaign) => !isDue(campaign))?.startsAt;
    if (next) setAlarm(next.getTime() - clock.now().getTime());
  }

  async function start({ id }: Campaign): Promise<void> {
    const campaign = await launch(scope, id, clock.now());
    if (!campaign) return;
    log.info({ campaign: id, lateSeconds: campaign.lateSeconds ?? 0 }, "campaign started");
    deps.onLaunched(id);
  }

  async function hold(due: Campaign): Promise<void> {
    const campaign = await holdLate(scope, due, clock.now());
    if (!campaign) return;
    log.warn({ campaign: due.id, state: campaign.state, due: due.startsAt }, "campaign found due too late");
    deps.onLate(campaign);
  }

  function isTooLate({ startsAt, latePolicy }: Campaign): boolean {
    const late = clock.now().getTime() - (startsAt?.getTime() ?? Infinity);
    return latePolicy !== "send" && late > Math.max(deps.lateLimitMs, LATE_MS);
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
