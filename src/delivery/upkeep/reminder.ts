import { Cron } from "croner";
import { countAudience } from "../../audience/segment.ts";
import { hasDrifted } from "../../campaign/agreed-count.ts";
import { listToRemind, markReminded } from "../../campaign/to-remind.ts";
import type { Clock } from "../../clock.ts";
import type { Scope } from "../../db/scope.ts";
import type { Events } from "../../events.ts";
import type { Log } from "../../log.ts";
import type { Lease } from "./lease.ts";

/** Looks each minute for large campaigns that start within an hour, and reminds of those whose audience has moved. */
export interface Reminder {
  start(): void;
  stop(): Promise<void>;
}

export interface ReminderDeps {
  scope: Scope;
  clock: Clock;
  log: Log;
  lease: Pick<Lease, "held">;
  /** From how many people on an admin is reminded. */
  from: number;
  events: Pick<Events, "emit">;
}

const AHEAD_MS = 3_600_000;

export function createReminder({ scope, clock, log, events, lease, from }: ReminderDeps): Reminder {
  const clockwork = new Cron("* * * * *", { paused: true, protect: true, catch: trouble }, look);
  let looking: Promise<void> = Promise.resolve();

  function trouble(error: unknown): void {
    log.warn({ err: error }, "admins cannot be reminded, trying again in a minute");
  }

  function look(): Promise<void> {
    looking = lease.held() ? remind().catch(trouble) : Promise.resolve();
    return looking;
  }

  async function remind(): Promise<void> {
    const by = new Date(clock.now().getTime() + AHEAD_MS);
    for (const campaign of await listToRemind(scope, by)) {
      const agreed = campaign.agreedCount ?? 0;
      const { reachable } = await countAudience(scope, campaign.audience);
      // First, so that nobody is reminded twice; a process that dies here leaves one reminder out.
      if (!(await markReminded(scope, campaign, clock.now()))) continue;
      if (Math.max(agreed, reachable) > from && hasDrifted(reachable, agreed))
        events.emit("audienceMoved", { campaignId: campaign.id });
    }
  }

  return {
    start() {
      clockwork.resume();
      void look();
    },
    async stop() {
      clockwork.stop();
      await looking;
    },
  };
}
