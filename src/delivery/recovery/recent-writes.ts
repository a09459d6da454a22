import type { Campaign } from "../../campaign/campaign.ts";
import type { Clock } from "../../clock.ts";
import type { Claimed } from "../shared/claimed.ts";
import { type Mark, markOf } from "./marks.ts";
import { type Outcome, isPlain } from "../../telegram/outcome.ts";
import type { Settlement } from "../shared/settlement.ts";

/**
 * What this process has written in the last minute, in case the database loses it (marks.ts). A standby that lags by more
 * than a minute is not fit for a failover.
 */
export interface RecentWrites {
  /** These are `sending` in the database now. The outbox, which has them in hand, remembers them. */
  claimed(campaign: Pick<Campaign, "id" | "originKey">, batch: readonly Claimed[]): void;
  /** The outcomes of these are in the database now. */
  settled(settlements: readonly Settlement[]): void;
  /** These were in nobody's hands, and are uncertain now. */
  rescued(campaign: Pick<Campaign, "id" | "originKey">, settlements: readonly Settlement[]): void;
  /** The last write of each kind, which shows whether anything was lost. */
  readonly marks: readonly Mark[];
  /** Nothing has been written for a minute, and it is not confirmed yet. */
  readonly isUnconfirmed: boolean;
  /** The database has all marks, so what was written more than a minute ago is safe and is forgotten. */
  confirmed(): void;
  /** What was lost of `marks` is written again, the newest of it as `mark`. Writes made meanwhile keep their own marks. */
  rewritten(marks: readonly Mark[], mark: Mark | null): void;
  /** The last settlement of each delivery and when it was written, oldest first. */
  recall(): Map<Settlement, Date>;
  /** The key of the campaign with this number: if the database has another key, it is another campaign. */
  originOf(campaignId: number): string | undefined;
}

/** What was written this long before all marks were seen is safe. */
const KEPT_MS = 60_000;

type Write = "claim" | "settle" | "rescue" | "rewrite";

interface Batch {
  at: number; // monotonic
  time: Date;
  /** As text, which takes a third of the memory of objects and nothing from the garbage collector. */
  packed: string;
}

export function createRecentWrites(clock: Clock): RecentWrites {
  let batches: Batch[] = [];
  const marks = new Map<Write, Mark>();
  const origins = new Map<number, string>(); // an entry for each campaign that this process has sent

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
    get isUnconfirmed() {
      return clock.monotonic() - (batches.at(-1)?.at ?? Infinity) > KEPT_MS;
    },
    confirmed() {
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

/** As short as can be: at 1,000 a second, 60,000 of them are kept. Leaves out the person, so that no name is kept. */
type Packed = [
  ids: [campaignId: number, seq: number, chatId: number, attempts: number, claims: number, callsDone: number],
  /** The ids of its messages if that is all there is to say. */
  outcome: readonly number[] | Outcome,
  contentRevision: number | null,
  /** Left out if all of it is empty. */
  rest?: [threadId: number | null, version: string | null, messageIds: readonly number[]],
];

function pack({ delivery, outcome }: Settlement): Packed {
  const { campaignId, seq, chatId, attempts, claims, callsDone, messageIds } = delivery;
  const { threadId, version, contentRevision } = delivery;
  const ids: Packed[0] = [campaignId, seq, chatId, attempts, claims, callsDone];
  const short = isPlain(outcome) ? outcome.messageIds : outcome;
  if (threadId === null && version === null && messageIds.length === 0) return [ids, short, contentRevision];
  return [ids, short, contentRevision, [threadId, version, messageIds]];
}

function unpack([ids, outcome, contentRevision, rest]: Packed): Settlement {
  const [campaignId, seq, chatId, attempts, claims, callsDone] = ids;
  const [threadId, version, messageIds] = rest ?? [null, null, []];
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
    outcome: isIds(outcome) ? { type: "sent", messageIds: [...outcome] } : revive(outcome),
  };
}

function isIds(outcome: Packed[1]): outcome is readonly number[] {
  return Array.isArray(outcome);
}

/** JSON has dates as text. */
function revive(outcome: Outcome): Outcome {
  if (outcome.type !== "deferred" || outcome.until === undefined) return outcome;
  return { ...outcome, until: new Date(outcome.until) };
}
