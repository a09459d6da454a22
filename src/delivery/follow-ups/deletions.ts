import type { Api } from "grammy";
import type { FollowUpCalls } from "./follow-up-calls.ts";
import type { FollowUp } from "./follow-up-queue.ts";
import type { FollowUpResult } from "./follow-up-result.ts";

/** Deletes posts, several messages in one call. */
export interface Deletions {
  /** Deletes the messages of these follow-ups, all of one chat. What is not begun before a stop has no result. */
  deleteAll(followUps: readonly FollowUp[]): Promise<FollowUpResult[]>;
}

export type DeleteApi = Pick<Api["raw"], "deleteMessage" | "deleteMessages">;

export interface DeletionsDeps {
  api: DeleteApi;
  calls: Pick<FollowUpCalls, "turn" | "make">;
}

/** Bot API, deleteMessages. */
const MOST_AT_ONCE = 100;

export function createDeletions({ api, calls }: DeletionsDeps): Deletions {
  /** Telegram deletes all of them or none, so after a refusal they are deleted one by one. */
  async function deleteTogether(followUps: readonly FollowUp[]): Promise<FollowUpResult[]> {
    const [first, ...others] = followUps;
    if (!first) return [];
    const result = await deleteIds(first, idsOf(followUps));
    if (!result) return [];
    if (result.type !== "impossible") return followUps.map((followUp) => ({ ...result, followUp }));
    if (others.length > 0) return deleteSeparately(followUps);
    if (first.messageIds.length > 1) return deleteOneByOne(first);
    return [result];
  }

  async function deleteSeparately(followUps: readonly FollowUp[]): Promise<FollowUpResult[]> {
    const results: FollowUpResult[] = [];
    for (const followUp of followUps) results.push(...(await deleteTogether([followUp])));
    return results;
  }

  /** Message by message. If one has to wait, the delivery waits; those that are gone stay gone. */
  async function deleteOneByOne(followUp: FollowUp): Promise<FollowUpResult[]> {
    let worst: FollowUpResult = { type: "done", followUp };
    for (const id of followUp.messageIds) {
      const result = await deleteIds(followUp, [id]);
      if (result === null) return [];
      if (result.type === "later") return [result];
      if (result.type === "impossible" && !(worst.type === "impossible" && worst.noRights)) worst = result;
    }
    return [worst];
  }

  /** Null when it has to stop. */
  async function deleteIds(followUp: FollowUp, ids: number[]): Promise<FollowUpResult | null> {
    const { chatId } = followUp;
    const [id = 0, ...more] = ids;
    if (!(await calls.turn())) return null;
    return calls.make(followUp, () =>
      more.length > 0
        ? api.deleteMessages({ chat_id: chatId, message_ids: ids })
        : api.deleteMessage({ chat_id: chatId, message_id: id }),
    );
  }

  return {
    async deleteAll(followUps) {
      const results: FollowUpResult[] = [];
      for (const batch of batchesOf(followUps)) results.push(...(await deleteTogether(batch)));
      return results;
    },
  };
}

const idsOf = (followUps: readonly FollowUp[]) => followUps.flatMap(({ messageIds }) => messageIds);

/** As many follow-ups together as fit into one call. */
function batchesOf(followUps: readonly FollowUp[]): FollowUp[][] {
  const batches: FollowUp[][] = [];
  let batch: FollowUp[] = [];
  for (const followUp of followUps) {
    if (batch.length > 0 && idsOf([...batch, followUp]).length > MOST_AT_ONCE) batch = [];
    if (batch.length === 0) batches.push(batch);
    batch.push(followUp);
  }
  return batches;
}
