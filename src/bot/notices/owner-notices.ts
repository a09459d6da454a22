import type { Api } from "grammy";
import type { Clock } from "../../clock.ts";
import type { Trouble } from "../../db/troubles.ts";
import type { Log } from "../../log.ts";
import type { Drawings, LostWebhook, SlowWebhook } from "./drawings.ts";
import { insist } from "./insist.ts";
import type { Loss } from "./trouble-words.ts";

/** Tells the owners about Herald itself. */
export interface OwnerNotices {
  /** A trouble began, or was over at `until`. Resolves once every owner who can be told has been. Never rejects. */
  trouble(trouble: Trouble, until: Date | null): Promise<void>;
  /** The database went back to an older state. Never rejects. */
  loss(loss: Loss): Promise<void>;
  /** A webhook is disabled. Never rejects. */
  webhookLost(webhook: LostWebhook): Promise<void>;
  /** A webhook is too slow, and events for it are given up. Never rejects. */
  webhookBehind(webhook: SlowWebhook): Promise<void>;
}

export interface OwnerNoticesDeps {
  clock: Clock;
  log: Log;
  api: Pick<Api, "sendMessage">;
  drawings: Pick<Drawings, "trouble" | "loss" | "webhookLost" | "webhookBehind">;
  ownerIds: readonly number[];
  stop: AbortSignal;
}

export function createOwnerNotices(deps: OwnerNoticesDeps): OwnerNotices {
  const { clock, log, api, drawings, ownerIds, stop } = deps;

  async function tell(what: string, words: (ownerId: number) => Promise<string>): Promise<void> {
    for (const ownerId of ownerIds)
      try {
        await insist(async () => api.sendMessage(ownerId, await words(ownerId)), clock, stop);
      } catch (error) {
        log.info({ err: error, owner: ownerId, what }, "an owner could not be told");
      }
  }

  return {
    trouble: (trouble, until) => tell(trouble.kind, (ownerId) => drawings.trouble(trouble, until, ownerId)),
    loss: (loss) => tell("lost writes", (ownerId) => drawings.loss(loss, ownerId)),
    webhookLost: (webhook) => tell("a webhook", (ownerId) => drawings.webhookLost(webhook, ownerId)),
    webhookBehind: (webhook) => tell("a webhook", (ownerId) => drawings.webhookBehind(webhook, ownerId)),
  };
}
