import type { Campaign } from "../../campaign/campaign.ts";
import type { Clock } from "../../clock.ts";
import { messagesOf, versionsOf } from "../../content/content.ts";
import type { Scope } from "../../db/scope.ts";
import type { Events } from "../../events.ts";
import type { Mark } from "../recovery/marks.ts";
import type { Claimed } from "../shared/claimed.ts";
import { LOOK_MS, type Rotation } from "./rotation.ts";
import { claim, needsPerson } from "./claim.ts";

/** Claims of one campaign at a time what the outbox wants next. */
export interface Claimer {
  /** `nothing`: there is nothing to claim of it right now. `lost`: the database has gone back to an older state. */
  claimNext(campaign: Campaign, messages: number): Promise<"claimed" | "nothing" | "lost">;
  /** Only these still matter. */
  keepOnly(campaigns: readonly Campaign[]): void;
}

export interface ClaimerDeps {
  scope: Scope;
  clock: Clock;
  events: Pick<Events, "emit">;
  rotation: Pick<Rotation, "rest" | "isResting">;
  /** Takes what was claimed. */
  outbox: { add(campaign: Campaign, batch: readonly Claimed[]): void };
  hours: { isOpen(campaign: Campaign): boolean };
  memory: {
    /** By these it is seen whether the database has lost writes. */
    readonly marks: readonly Mark[];
    /** The database has all of them. */
    stood(): void;
    claimed(campaign: Campaign, batch: readonly Claimed[]): void;
  };
  /** False while a campaign has to be frozen again before it may be claimed from. */
  recovery: { isReady(campaign: Campaign): Promise<boolean> };
  /** Finishes a campaign whose recipients all have an outcome; resolves false when it is not one. */
  finishIfDone: (campaignId: number) => Promise<boolean>;
  /** All its recipients are frozen, none is left to claim, and yet it is not done. */
  onStandstill: () => void;
}

export function createClaimer(deps: ClaimerDeps): Claimer {
  const { scope, clock, events, rotation, outbox, hours, memory, recovery, finishIfDone } = deps;
  const closed = new Set<number>(); // campaigns outside their hours
  /** Where the last claim of a campaign ended, and when (monotonic) its front was last searched for what is due again. */
  const reached = new Map<number, { seq: number; lookedAt: number }>();

  /** Whether its hours let it be sent now; its card shows when that changes. */
  function isOpen(campaign: Campaign): boolean {
    const open = hours.isOpen(campaign);
    if (open === closed.has(campaign.id)) {
      if (open) closed.delete(campaign.id);
      else closed.add(campaign.id);
      events.emit("progress", { campaignId: campaign.id, outcomes: 0 });
    }
    return open;
  }

  /** From where a claim begins: behind the last one, and once a second at the front. */
  function place(campaignId: number): { after: number; lookedAt: number } {
    const known = reached.get(campaignId);
    return known && clock.monotonic() - known.lookedAt < LOOK_MS
      ? { after: known.seq, lookedAt: known.lookedAt }
      : { after: 0, lookedAt: clock.monotonic() };
  }

  async function foundNothing({ id, frozenAt }: Campaign, after: number): Promise<"claimed" | "nothing"> {
    if (after > 0) {
      reached.delete(id); // the end of it; perhaps something is due again at the front
      return "claimed";
    }
    rotation.rest(id);
    if (frozenAt && !(await finishIfDone(id))) deps.onStandstill();
    return "nothing";
  }

  return {
    async claimNext(campaign, messages) {
      const { id, content, frozenAt } = campaign;
      if (rotation.isResting(id)) return "nothing";
      if (!isOpen(campaign)) {
        // What was sent before may have been the last.
        rotation.rest(id);
        if (frozenAt) await finishIfDone(id);
        return "nothing";
      }
      if (!(await recovery.isReady(campaign))) return "nothing";
      const { after, lookedAt } = place(id);
      const count = Math.ceil(messages / mostMessages(campaign));
      const { batch, skipped, lost } = await claim(
        scope,
        id,
        count,
        clock.now(),
        after,
        needsPerson(content),
        memory.marks,
      );
      if (lost) return "lost";
      memory.stood();
      memory.claimed(campaign, batch);
      reached.set(id, { seq: batch.at(-1)?.seq ?? after, lookedAt });
      outbox.add(campaign, batch);
      if (skipped > 0) events.emit("progress", { campaignId: id, outcomes: 0 });
      return batch.length > 0 || skipped > 0 ? "claimed" : foundNothing(campaign, after);
    },
    keepOnly(campaigns) {
      const kept = new Set(campaigns.map(({ id }) => id));
      for (const id of reached.keys()) if (!kept.has(id)) reached.delete(id);
    },
  };
}

/** Messages that a delivery of this campaign makes at the most. */
function mostMessages({ content }: Campaign): number {
  return Math.max(1, ...versionsOf(content).map(({ version }) => messagesOf(content, version)));
}
