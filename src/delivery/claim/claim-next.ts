import type { Campaign } from "../../campaign/campaign.ts";
import type { Clock } from "../../clock.ts";
import { messagesOf, versionsOf } from "../../content/content.ts";
import type { Scope } from "../../db/scope.ts";
import type { Events } from "../../events.ts";
import type { Mark } from "../recovery/marks.ts";
import type { Claimed } from "../shared/claimed.ts";
import { CHECK_MS, type Rotation } from "./rotation.ts";
import { askedOf, claim } from "./claim.ts";

/** Claims what the outbox wants next, from one campaign at a time. */
export interface Claimer {
  /** "nothing": it has nothing to claim right now. "lost": the database went back to an older state. */
  claimNext(campaign: Campaign, messages: number): Promise<"claimed" | "nothing" | "lost">;
  /** Forgets all other campaigns. */
  keepOnly(campaigns: readonly Campaign[]): void;
}

export interface ClaimerDeps {
  scope: Scope;
  clock: Clock;
  events: Pick<Events, "emit">;
  rotation: Pick<Rotation, "rest" | "isResting">;
  /** Takes what was claimed. */
  outbox: { add(campaign: Campaign, batch: readonly Claimed[], claimMs: number): void };
  hours: { isOpen(campaign: Campaign): boolean };
  recentWrites: {
    /** By these it is seen whether the database has lost writes. */
    readonly marks: readonly Mark[];
    /** The database has all of them. */
    confirmed(): void;
    claimed(campaign: Campaign, batch: readonly Claimed[]): void;
  };
  /** False while a campaign has to be frozen again before it may be claimed from. */
  recovery: { isReady(campaign: Campaign): Promise<boolean> };
  /** Finishes a campaign whose recipients all have an outcome; resolves false when it is not one. */
  finishIfDone: (campaignId: number) => Promise<boolean>;
  /** A campaign is completely frozen and has nothing left to claim, and yet it is not done. */
  onStandstill: () => void;
}

export function createClaimer(deps: ClaimerDeps): Claimer {
  const { scope, clock, events, rotation, outbox, hours, recentWrites, recovery, finishIfDone } = deps;
  const closed = new Set<number>(); // campaigns outside their sending hours
  /** Where the last claim of a campaign ended, and when (monotonic) its front was last searched for retries that are due. */
  const reached = new Map<number, { seq: number; searchedAt: number }>();

  /** Whether it may be sent at this hour. When that changes, its card is redrawn. */
  function isOpen(campaign: Campaign): boolean {
    const open = hours.isOpen(campaign);
    if (open === closed.has(campaign.id)) {
      if (open) closed.delete(campaign.id);
      else closed.add(campaign.id);
      events.emit("progress", { campaignId: campaign.id, outcomes: 0 });
    }
    return open;
  }

  /** Where a claim begins: behind the last one, or at the front once a second. */
  function place(campaignId: number): { after: number; searchedAt: number } {
    const known = reached.get(campaignId);
    return known && clock.monotonic() - known.searchedAt < CHECK_MS
      ? { after: known.seq, searchedAt: known.searchedAt }
      : { after: 0, searchedAt: clock.monotonic() - (known ? 0 : Math.random() * CHECK_MS) };
  }

  async function foundNothing({ id, frozenAt }: Campaign, after: number): Promise<"claimed" | "nothing"> {
    if (after > 0) {
      reached.delete(id); // the end is reached; a retry may be due at the front
      return "claimed";
    }
    rotation.rest(id);
    if (frozenAt && !(await finishIfDone(id))) deps.onStandstill();
    return "nothing";
  }

  return {
    async claimNext(campaign, messages) {
      const { id, frozenAt } = campaign;
      if (rotation.isResting(id)) return "nothing";
      if (!isOpen(campaign)) {
        // What was sent before may have been the last message.
        rotation.rest(id);
        if (frozenAt) await finishIfDone(id);
        return "nothing";
      }
      if (!(await recovery.isReady(campaign))) return "nothing";
      const { after, searchedAt } = place(id);
      const count = Math.ceil(messages / mostMessages(campaign));
      const asked = clock.monotonic();
      const { batch, skipped, lost } = await claim(
        scope,
        id,
        count,
        clock.now(),
        after,
        askedOf(campaign),
        recentWrites.marks,
      );
      if (lost) return "lost";
      recentWrites.confirmed();
      recentWrites.claimed(campaign, batch);
      reached.set(id, { seq: batch.at(-1)?.seq ?? after, searchedAt });
      outbox.add(campaign, batch, clock.monotonic() - asked);
      if (skipped > 0) events.emit("progress", { campaignId: id, outcomes: 0 });
      return batch.length > 0 || skipped > 0 ? "claimed" : foundNothing(campaign, after);
    },
    keepOnly(campaigns) {
      const kept = new Set(campaigns.map(({ id }) => id));
      for (const id of reached.keys()) if (!kept.has(id)) reached.delete(id);
    },
  };
}

/** The most messages that one delivery of this campaign can make. */
function mostMessages({ content }: Campaign): number {
  return Math.max(1, ...versionsOf(content).map(({ version }) => messagesOf(content, version)));
}
