import { type Repeated, repeat } from "../../background/rounds.ts";
import type { Service } from "../../background/service.ts";
import type { TroubleLog } from "../../background/trouble-log.ts";
import type { Campaign } from "../../campaign/campaign.ts";
import { LATE_MS, holdLate, noteOverdue, startDue } from "../../campaign/engine-moves.ts";
import { type Unreadable, listDue } from "../../campaign/queries.ts";
import type { Clock } from "../../clock.ts";
import type { Scope } from "../../db/scope.ts";
import type { Events } from "../../events.ts";
import type { Log } from "../../log.ts";
import type { UnreadableWatch } from "../shared/unreadable.ts";
import type { Lease } from "./lease.ts";

/** Starts scheduled campaigns at their time: it checks every so often, at the moment when one is due, and when nudged. */
export interface Launcher extends Service, Pick<Repeated, "nudge"> {
  /** Starts what is due now. Resolves with how long to wait until the next check, in ms. */
  launchDue(): Promise<number>;
}

export interface LauncherDeps {
  scope: Scope;
  clock: Clock;
  log: Log;
  lease: Pick<Lease, "held">;
  events: Pick<Events, "emit">;
  /** A campaign that is later than this is not started without asking. */
  lateLimitMs: number;
  /** How often to check, in ms. */
  checkMs: number;
  /** It was nudged or something was due: the states of campaigns may have changed. */
  onMoved: () => void;
  trouble: Pick<TroubleLog, "note">;
  watch: Pick<UnreadableWatch, "seen">;
}

/** A campaign due up to so long after the next check shortens the wait, so that it starts on time. */
const BEYOND_MS = 500;

/** How long to wait after a check that failed. */
const AGAIN_MS = 1_000;

export function createLauncher(deps: LauncherDeps): Launcher {
  const { scope, clock, log, events, lease, checkMs } = deps;
  let nudged = false;
  const loop = repeat({
    clock,
    log,
    everyMs: checkMs,
    againMs: AGAIN_MS,
    complaint: deps.trouble,
    work: launchDue,
  });

  async function launchDue(): Promise<number> {
    if (!lease.held()) return checkMs;
    const wasNudged = nudged;
    nudged = false;
    const unreadable: Unreadable[] = [];
    const soon = await listDue(scope, new Date(clock.now().getTime() + checkMs + BEYOND_MS), unreadable);
    deps.watch.seen("due", unreadable);
    const isDue = ({ startsAt }: Campaign) => !startsAt || startsAt <= clock.now();
    const due = soon.filter(isDue);
    for (const campaign of due) await take(campaign);
    if (wasNudged || due.length > 0) deps.onMoved();
    const next = soon.find((campaign) => !isDue(campaign))?.startsAt;
    return next ? Math.min(checkMs, Math.max(1, next.getTime() - clock.now().getTime())) : checkMs;
  }

  async function take(due: Campaign): Promise<void> {
    if (due.state === "paused") await ask(due);
    else await (isTooLate(due) ? hold(due) : start(due));
  }

  async function start({ id }: Campaign): Promise<void> {
    const campaign = await startDue(scope, id, clock.now());
    if (!campaign) return;
    log.info({ campaign: id, lateSeconds: campaign.lateSeconds ?? 0 }, "campaign started");
    events.emit("progress", { campaignId: id, outcomes: 0 });
    events.emit("started", { campaignId: id });
  }

  async function hold(due: Campaign): Promise<void> {
    const campaign = await holdLate(scope, due, clock.now());
    if (!campaign) return;
    log.warn({ campaign: due.id, state: campaign.state, due: due.startsAt }, "campaign found due too late");
    events.emit("late", { campaignId: campaign.id });
  }

  /** It stays paused, whatever its late policy says, because an admin paused it. */
  async function ask({ id, startsAt: due }: Campaign): Promise<void> {
    const campaign = await noteOverdue(scope, id, clock.now());
    if (!campaign) return;
    log.info({ campaign: id, due }, "the time of a paused campaign has come");
    events.emit("late", { campaignId: campaign.id });
  }

  function isTooLate({ startsAt, latePolicy }: Campaign): boolean {
    const late = clock.now().getTime() - (startsAt?.getTime() ?? Infinity);
    return latePolicy !== "send" && late > Math.max(deps.lateLimitMs, LATE_MS);
  }

  function nudge(): void {
    nudged = true;
    loop.nudge();
  }

  return { start: loop.start, stop: loop.stop, nudge, launchDue };
}
