import { repeat } from "../../background/rounds.ts";
import type { Service } from "../../background/service.ts";
import type { Campaign } from "../../campaign/campaign.ts";
import { dueUpTo, latestFor } from "../../campaign/step-plan.ts";
import {
  type LiveStep,
  type Place,
  listSteps,
  noteCodesSuffice,
  noteLackOfCodes,
  skipTo,
} from "../../campaign/live-steps.ts";
import type { Clock } from "../../clock.ts";
import type { Scope } from "../../db/scope.ts";
import type { Log } from "../../log.ts";
import { type Due, aheadOf, countLackingCodes, feedStep } from "../freeze/feed-step.ts";

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
  /** A step has no more codes, and is paused. */
  onPaused: (step: Campaign) => void;
}

/** People join at all times: a step is due for somebody in any minute. */
const EVERY_MS = 60_000;

/** Before this instant, it is too late for somebody who joined. */
const tooLate = ({ step }: LiveStep, now: Date) => dueUpTo(step.after, latestFor(step, now));

export function createNewcomers(deps: NewcomersDeps): Newcomers {
  const { scope, clock, log, lease, size, onFed, onPaused } = deps;
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
    let added = 0;
    const steps = await listSteps(scope);
    // The last step first: a person who is due for two steps gets one now, and the other after that has been sent.
    for (const [index, step] of [...steps.entries()].toReversed())
      if (step.state !== "paused") added += await feedAll(step, steps[index - 1], now);
    if (added > 0) {
      log.info({ people: added }, "newcomers are due for a step of their series");
      onFed();
    }
    return added;
  }

  async function feedAll(step: LiveStep, before: LiveStep | undefined, now: Date): Promise<number> {
    await keepPlace(step.id);
    const ahead = before ? await aheadOf(scope, before.id, tooLate(before, now)) : null;
    if (before && !ahead) return 0;
    const due: Due = { from: tooLate(step, now), to: dueUpTo(step.step.after, now), ahead };
    let added = 0;
    let most = size;
    while (mayGoOn()) {
      const fed = await feedStep(scope, step.id, due, most);
      if (!fed) break;
      if (fed.type === "short") {
        // The codes that there are go to those who joined first.
        most = Math.floor(Math.min(most, fed.read) / 2);
        if (most > 0) continue;
        await lackCodes(step, due, now);
        break;
      }
      reached.set(step.id, fed.place);
      added += fed.added;
      if (fed.read === most) continue;
      // Those who still wait for the step before have not been looked at.
      if (step.step.lacksCodesSince !== undefined && ahead?.type !== "pending")
        await noteCodesSuffice(scope, step.id);
      break;
    }
    return added;
  }

  async function lackCodes(step: LiveStep, due: Due, now: Date): Promise<void> {
    const lacking = await countLackingCodes(scope, step, due);
    const paused = await noteLackOfCodes(scope, step.id, lacking, now);
    if (paused) onPaused(paused);
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
