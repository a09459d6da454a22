import { repeat } from "../../background/rounds.ts";
import type { Service } from "../../background/service.ts";
import { LATEST_MS, dueUpTo } from "../../campaign/step-plan.ts";
import { type LiveStep, type Place, listSteps, skipTo } from "../../campaign/live-steps.ts";
import type { Clock } from "../../clock.ts";
import type { Scope } from "../../db/scope.ts";
import type { Log } from "../../log.ts";
import { aheadOf, feedStep } from "../freeze/feed-step.ts";

/** Adds newcomers to the steps of their series as they become due; from then on these are sent like any campaign. */
export interface Newcomers extends Service {
  /** Adds everyone who is due now. Resolves with how many. */
  feed(): Promise<number>;
}

export interface NewcomersDeps {
  scope: Scope;
  clock: Clock;
  log: Log;
  lease: { held(): boolean };
  /** Newcomers added in one transaction. */
  size: number;
  /** Steps have something to send. */
  onFed: () => void;
}

/** People join at all times: a step is due for somebody in any minute. */
const EVERY_MS = 60_000;

export function createNewcomers({ scope, clock, log, lease, size, onFed }: NewcomersDeps): Newcomers {
  const stopping = new AbortController();
  /** How far each step has come, as this process knows it. */
  const reached = new Map<number, Pick<Place, "at" | "chat">>();

  const loop = repeat({
    clock,
    log,
    everyMs: EVERY_MS,
    complaint: "newcomers cannot be added to their series, trying later",
    work: async () => void (await feed()),
  });

  const mayGoOn = () => !stopping.signal.aborted && lease.held();

  async function feed(): Promise<number> {
    if (!mayGoOn()) return 0;
    const now = clock.now();
    const late = new Date(now.getTime() - LATEST_MS);
    let added = 0;
    const steps = await listSteps(scope);
    // The last step first: a person who is due for two steps gets one now, and the other after that has been sent.
    for (const [index, step] of [...steps.entries()].toReversed())
      if (step.state !== "paused") added += await feedAll(step, steps[index - 1], now, late);
    if (added > 0) {
      log.info({ people: added }, "newcomers are due for a step of their series");
      onFed();
    }
    return added;
  }

  async function feedAll(
    step: LiveStep,
    before: LiveStep | undefined,
    now: Date,
    late: Date,
  ): Promise<number> {
    await keepPlace(step.id);
    const ahead = before ? await aheadOf(scope, before.id, dueUpTo(before.step.after, late)) : null;
    if (before && !ahead) return 0;
    const { after } = step.step;
    const due = {
      from: dueUpTo(after, late),
      to: dueUpTo(after, now),
      ahead,
    };
    let added = 0;
    while (mayGoOn()) {
      const fed = await feedStep(scope, step, due, size);
      if (!fed) break;
      reached.set(step.id, fed.place);
      added += fed.added;
      if (fed.read < size) break;
    }
    return added;
  }

  /**
   * A database that went back to an older state (a standby that lagged) has forgotten who was added last. They may have the
   * step, so that they do not get it again; the recovery of lost writes knows nothing of audiences that grow.
   */
  async function keepPlace(id: number): Promise<void> {
    const known = reached.get(id);
    if (known && (await skipTo(scope, id, known)))
      log.warn({ campaign: id }, "the database has forgotten who was due for a step; they are passed over");
  }

  return {
    feed,
    start: loop.start,
    async stop() {
      stopping.abort();
      await loop.stop();
    },
  };
}
