import type { Campaign } from "../../campaign/campaign.ts";
import type { Clock } from "../../clock.ts";
import type { Claimed } from "../shared/claimed.ts";
import { type Mark, markOf } from "./marks.ts";
import type { Outcome } from "../../telegram/outcome.ts";
import type { Settlement } from "../shared/settlement.ts";

/**
 * What this process has written in the last minute, for the day on which the database no longer has it (marks.ts).
 * A standby that lags by more than a minute is not one to fail over to.
 */
export interface Memory {
  /** These stand as `sending` in the database. They are remembered by whoever has them in hand. */
  claimed(campaign: Pick<Campaign, "id" | "originKey">, batch: readonly Claimed[]): void;
  /** What these came to is in the database. */
  settled(settlements: readonly Settlement[]): void;
  /** Found in nobody's hands, and called uncertain. */
  rescued(campaign: Pick<Campaign, "id" | "originKey">, settlements: readonly Settlement[]): void;
  /** By these it is seen whether something was lost: the last write of each kind. */
  readonly marks: readonly Mark[];
  /** All marks stand, so what was written more than a minute ago is safe and is forgotten. */
  stood(): void;
  /** What was lost of `marks` is written again, the newest of it as `mark`. What was written meanwhile has marks of its own. */
  rewritten(marks: readonly Mark[], mark: Mark | null): void;
  /** What became of each delivery last, and when that was written, in this order. */
  recall(): Map<Settlement, Date>;
  /** Under which number a campaign has another key, it is another one. */
  originOf(campaignId: number): string | undefined;
}

/** What was written this long before all was seen to stand is safe. */
const KEPT_MS = 60_000;

type Write = "claim" | "settle" | "rescue" | "rewrite";

interface Batch {
  at: number; // monotonic
  time: Date;
  /** As text: a third of what the objects take, and nothing for the garbage collector to look through. */
  packed: string;
}

export function createMemory(clock: Clock): Memory {
  let batches: Batch[] = [];
  const marks = new Map<Write, Mark>();
  const origins = new Map<number, string>(); // a line for each campaign that this process has sent

  function mark(write: Write, last: Claimed | undefined): void {
    if (last) marks.set(write, markOf(last, write !== "claim"));
  }

  function keep(settlements: readonly Settlement[]): void {
    if (settlements.length === 0) return;
    batches.push({
      at: clock.monotonic(),
      time: clock.now(),
      packed: JSON.stringify(settlements.map(pack)),
    });
  }

  return {
    claimed(campaign, batch) {
      if (batch.length > 0) origins.set(campaign.id, campaign.originKey);
      mark("claim", batch.at(-1));
    },
    settled(settlements) {
      keep(settlements);
      mark("settle", settlements.at(-1)?.delivery);
    },
    rescued(campaign, settlements) {
      origins.set(campaign.id, campaign.originKey);
      keep(settlements);
      mark("rescue", settlements.at(-1)?.delivery);
    },
    get marks() {
      return [...marks.values()];
    },
    stood() {
      const safe = clock.monotonic() - KEPT_MS;
      const kept = batches.findIndex(({ at }) => at >= safe);
      if (kept !== 0) batches = kept < 0 ? [] : batches.slice(kept);
    },
    rewritten(lost, newest) {
      for (const [write, one] of marks) if (lost.includes(one)) marks.delete(write);
      if (newest) marks.set("rewrite", newest);
    },
    recall: () => recallFrom(batches),
    originOf: (campaignId) => origins.get(campaignId),
  };
}

function recallFrom(batches: readonly Batch[]): Map<Settlement, Date> {
  const last = new Map<string, Settlement>();
  const times = new Map<Settlement, Date>();
  for (const { time, packed } of batches)
    for (const settlement of (JSON.parse(packed) as Packed[]).map(unpack)) {
      const { campaignId, chatId, threadId, claims } = settlement.delivery;
      const key = `${campaignId}.${chatId}.${threadId ?? ""}`;
      const before = last.get(key);
      if (before && before.delivery.claims > claims) continue;
      if (before) times.delete(before);
      last.set(key, settlement);
      times.set(settlement, time);
    }
  return times;
}

type Packed = ReturnType<typeof pack>;

/** Nothing of the person, of whom a name or a language may be in it. */
function pack({ delivery, outcome }: Settlement) {
  const { campaignId, seq, chatId, attempts, claims, callsDone, messageIds } = delivery;
  const { threadId, version, contentRevision } = delivery;
  return [
    [campaignId, seq, chatId, attempts, claims, callsDone],
    threadId,
    version,
    contentRevision,
    messageIds,
    outcome,
  ] as const;
}

function unpack([numbers, threadId, version, contentRevision, messageIds, outcome]: Packed): Settlement {
  const [campaignId, seq, chatId, attempts, claims, callsDone] = numbers;
  return {
    delivery: {
      campaignId,
      seq,
      chatId,
      threadId,
      attempts,
      claims,
      callsDone,
      messageIds: [...messageIds],
      version,
      contentRevision,
      person: null,
    },
    outcome: revive(outcome),
  };
}

/** A moment comes out of JSON as text. */
function revive(outcome: Outcome): Outcome {
  if (outcome.type !== "deferred" || outcome.until === undefined) return outcome;
  return { ...outcome, until: new Date(outcome.until) };
}
