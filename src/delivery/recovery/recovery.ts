import { and, eq, lt } from "drizzle-orm";
import type { Campaign } from "../../campaign/campaign.ts";
import { tryMove } from "../../campaign/transition.ts";
import type { Clock } from "../../clock.ts";
import { type Scope, inTransaction } from "../../db/scope.ts";
import { campaigns } from "../../db/schema.ts";
import type { Events } from "../../events.ts";
import type { Log } from "../../log.ts";
import type { Claimed } from "../shared/claimed.ts";
import { hasAll } from "./marks.ts";
import type { RecentWrites } from "./recent-writes.ts";
import type { Settlement } from "../shared/settlement.ts";
import { type Known, restore } from "./restore.ts";

/** Notices that the database has lost writes, and writes them again from memory. */
export interface Recovery {
  /** Does `work` in a transaction if nothing was lost; otherwise writes again what was lost, and resolves null. */
  unlessLost<T>(work: (tx: Scope) => Promise<T>): Promise<T | null>;
  /** Something was lost: writes it again, as far as this process remembers it. */
  writeAgain(): Promise<void>;
  /**
   * Whether a campaign may be claimed from. If its freeze was lost, too, it has to be frozen again first; only then can
   * those who have the post already be marked.
   */
  isReady(campaign: Campaign): Promise<boolean>;
  /** A campaign has stopped. If that is lost, it is stopped again. */
  stopped(campaign: Campaign): void;
}

/** Writes settled during the first recovery are found by a second one shortly after, which is not reported again. */
const REPORT_AGAIN_MS = 60_000;

export interface RecoveryDeps {
  scope: Scope;
  clock: Clock;
  log: Log;
  recentWrites: RecentWrites;
  inHand: () => Claimed[];
  /** Campaigns were paused, by outcomes or because they had been stopped before. */
  onPaused: (paused: Campaign[]) => void;
  events: Pick<Events, "emit">;
}

export function createRecovery(deps: RecoveryDeps): Recovery {
  const { scope, clock, log, recentWrites } = deps;
  const waiting = new Map<number, Settlement[]>(); // by campaign, until its audience is frozen again
  const stopped = new Map<number, Campaign>();
  const gone = new Set<number>(); // campaigns that are lost themselves, and were reported
  let reportedAt = -Infinity; // monotonic

  /** What is known by campaign, with older settlements first. */
  function gather(settlements: Settlement[]): Known[] {
    const known = new Map<number, Known>();
    const of = (campaignId: number) => {
      const originKey = recentWrites.originOf(campaignId);
      const one = known.get(campaignId) ?? { campaignId, originKey, settlements: [], inHand: [] };
      known.set(campaignId, one);
      return one;
    };
    for (const settlement of [...[...waiting.values()].flat(), ...settlements])
      of(settlement.delivery.campaignId).settlements.push(settlement);
    for (const delivery of deps.inHand()) of(delivery.campaignId).inHand.push(delivery);
    return [...known.values()];
  }

  async function stopAgain(): Promise<Campaign[]> {
    const paused: Campaign[] = [];
    for (const { id, originKey, updatedAt, pauseReason, pauseDetail, pauseLanguage } of stopped.values()) {
      const change = { pauseReason: pauseReason ?? ("admin" as const), pauseDetail, pauseLanguage };
      const asBefore = and(eq(campaigns.originKey, originKey), lt(campaigns.updatedAt, updatedAt));
      const campaign = await tryMove(scope, id, "running", "paused", change, asBefore);
      if (campaign) paused.push(campaign);
    }
    return paused;
  }

  async function writeAgain(): Promise<void> {
    const { marks } = recentWrites;
    const times = recentWrites.recall();
    const written: Settlement[] = [];
    const missing: number[] = [];
    const paused = await stopAgain();
    let mark = null;
    for (const known of gather([...times.keys()])) {
      const restored = await restore(scope, known, clock.now());
      written.push(...restored.written);
      paused.push(...restored.paused);
      mark = restored.mark ?? mark;
      if ((restored.gone && !gone.has(known.campaignId)) || restored.waiting.length > 0)
        missing.push(known.campaignId);
      if (restored.gone) gone.add(known.campaignId);
      waiting.delete(known.campaignId);
      if (restored.waiting.length > 0) waiting.set(known.campaignId, restored.waiting);
    }
    recentWrites.rewritten(marks, mark);
    deps.onPaused(paused);
    // Marks also disappear when a campaign's deliveries are deleted for their age; nothing is lost then.
    if (written.length + missing.length === 0) return;
    log.error(
      { written: written.length, missing },
      "the database has lost its newest writes; what was sent is written again",
    );
    if (clock.monotonic() - reportedAt < REPORT_AGAIN_MS) return;
    reportedAt = clock.monotonic();
    const from = written.map((settlement) => times.get(settlement)?.getTime() ?? Infinity);
    const since = new Date(Math.min(clock.now().getTime(), ...from));
    deps.events.emit("writesLost", { since, gone: gone.size });
  }

  return {
    async unlessLost(work) {
      const { marks } = recentWrites;
      const result = await inTransaction(scope, async (tx) =>
        (await hasAll(tx, marks)) ? { done: await work(tx) } : null,
      );
      if (result) {
        recentWrites.confirmed();
        return result.done;
      }
      await writeAgain();
      return null;
    },
    writeAgain,
    async isReady({ id, frozenAt }) {
      const settlements = waiting.get(id);
      if (!settlements) return true;
      if (!frozenAt) return false;
      const inHand = deps.inHand().filter(({ campaignId }) => campaignId === id);
      const originKey = recentWrites.originOf(id);
      const { written, paused } = await restore(
        scope,
        { campaignId: id, originKey, settlements, inHand },
        clock.now(),
      );
      waiting.delete(id);
      log.info(
        { campaign: id, written: written.length },
        "its audience is frozen again; what was sent is written again",
      );
      deps.onPaused(paused);
      return paused.length === 0;
    },
    stopped: (campaign) => void stopped.set(campaign.id, campaign),
  };
}
