import { setMaxListeners } from "node:events";
import { Cron } from "croner";
import { type Api, GrammyError, HttpError } from "grammy";
import { notePinned, pinnedIn } from "../../audience/pinned.ts";
import { isPersonId } from "../../chat-id.ts";
import type { FollowUpKind } from "../../db/states.ts";
import type { Clock } from "../../clock.ts";
import type { Scope } from "../../db/scope.ts";
import type { Events } from "../../events.ts";
import type { Log } from "../../log.ts";
import { backOffMs } from "../backoff.ts";
import {
  type FollowUp,
  type PutOff,
  dropFollowUps,
  listDueFollowUps,
  putOffFollowUps,
} from "./follow-up-queue.ts";
import type { Lease } from "../upkeep/lease.ts";
import { type Outcome, classify } from "../../telegram/outcome.ts";
import { type Pacer, createPacer } from "../pace/pacer.ts";
import { saveQuiet } from "../pace/retry-after.ts";

/**
 * Does what is to be done with messages after they were sent: pins them, deletes them. It is noted in the database, so
 * a restart does it, too; what was done right before a crash is done again, which changes nothing.
 */
export interface FollowUps {
  start(): void;
  /** Does what is due. Never rejects. */
  look(): Promise<void>;
  /** Calls under way may end. */
  stop(): Promise<void>;
}

export type FollowUpApi = Pick<
  Api["raw"],
  "pinChatMessage" | "unpinChatMessage" | "deleteMessage" | "deleteMessages"
>;

export interface FollowUpsDeps {
  scope: Scope;
  clock: Clock;
  log: Log;
  api: FollowUpApi;
  lease: Pick<Lease, "held">;
  /** Calls a second at the most; they are evenly spaced, and fewer after a 429. */
  rate: number;
  /** Of what is sent: a pin in a person's chat counts against the same limit. Default: those have none beside `rate`. */
  sends?: Pick<Pacer, "turn" | "tooFast" | "quietUntil">;
  events: Pick<Events, "emit">;
}

/** Follow-ups of a kind that are read at once; what came of them is written when all are done. */
const BATCH = 200;

/** Chats that are seen to at the same time. */
const AT_ONCE = 16;

/** Bot API, deleteMessages. */
const MOST_DELETED_AT_ONCE = 100;

/** What Telegram says when a bot may not delete a message: it lacks the right, or the message is older than 48 h. */
const CANNOT_DELETE = /message can't be deleted/i;

/** The token is refused; perhaps another is put in. */
const UNAUTHORIZED_MS = 60_000;

const idsOf = (followUps: readonly FollowUp[]) => followUps.flatMap(({ messageIds }) => messageIds);

/** What came of a follow-up: it is done, or cannot be, or is tried again. */
type End = { followUp: FollowUp } & (
  | { type: "done" }
  | { type: "impossible"; noRights: boolean; description: string }
  | ({ type: "later" } & PutOff)
);

export function createFollowUps(deps: FollowUpsDeps): FollowUps {
  const { scope, clock, log, api, events, lease, sends } = deps;
  const stopping = new AbortController();
  const stop = stopping.signal;
  setMaxListeners(0, stop); // each that waits for its turn listens to it
  const pacer = createPacer(clock, deps.rate);
  let line: Promise<unknown> = Promise.resolve();
  const clockwork = new Cron("* * * * * *", { paused: true, protect: true, catch: trouble }, look);
  let work: Promise<void> = Promise.resolve();
  let busy = false;
  let troubled = false;

  /** One line when it begins, not one each second. */
  function trouble(error: unknown): void {
    if (!troubled) log.warn({ err: error }, "posts cannot be pinned or deleted, trying again");
    troubled = true;
  }

  function look(): Promise<void> {
    if (!busy) {
      busy = true;
      work = doAllDue()
        .then(() => void (troubled = false), trouble)
        .finally(() => (busy = false));
    }
    return work;
  }

  const goesOn = () => !stop.aborted && lease.held() && pacer.quietUntil() === null;

  async function doAllDue(): Promise<void> {
    while (goesOn()) {
      // Pins do not wait behind thousands of deletions.
      const pins = await listDueFollowUps(scope, "pin", clock.now(), BATCH);
      const doomed = await listDueFollowUps(scope, "delete", clock.now(), BATCH);
      const due = [...pins, ...doomed];
      if (due.length === 0) return;
      const ends = await doBatch(due);
      if (ends.length === 0) return; // campaigns are quiet, and only people's pins are due
      await dropFollowUps(
        scope,
        ends.filter(({ type }) => type !== "later").map(({ followUp }) => followUp),
      );
      await putOffFollowUps(
        scope,
        ends.filter((end) => end.type === "later"),
      );
      report(ends);
    }
  }

  /** Chat by chat, several at once. What is not begun when it has to stop stays due. */
  async function doBatch(due: FollowUp[]): Promise<End[]> {
    const byChat = new Map<number, FollowUp[]>();
    for (const followUp of due)
      byChat.set(followUp.chatId, [...(byChat.get(followUp.chatId) ?? []), followUp]);
    const chats = [...byChat.values()];
    const ends: End[] = [];
    const worker = async () => {
      for (let own = chats.shift(); own; own = chats.shift()) await doChat(own, ends);
    };
    // All of them, whatever one throws: none may go on beside the next batch.
    const workers = await Promise.allSettled(Array.from({ length: AT_ONCE }, worker));
    for (const done of workers) if (done.status === "rejected") throw done.reason;
    return ends;
  }

  async function doChat(followUps: FollowUp[], ends: End[]): Promise<void> {
    for (const followUp of followUps.filter(({ what }) => what === "pin")) {
      const before = await pinnedIn(scope, followUp.chatId, followUp.campaignId);
      if (!(await pinTurn(followUp, before === null ? 1 : 2))) return;
      ends.push(await attempt(followUp, () => pin(followUp, before)));
    }
    let some: FollowUp[] = [];
    for (const followUp of followUps.filter(({ what }) => what === "delete")) {
      if (idsOf([...some, followUp]).length > MOST_DELETED_AT_ONCE) {
        await deleteSome(some, ends);
        some = [];
      }
      some.push(followUp);
    }
    await deleteSome(some, ends);
  }

  /** `calls` is 2 where another is unpinned. One at a time asks among the campaigns: sends and pins take turns. */
  async function pinTurn({ chatId }: FollowUp, calls: number): Promise<boolean> {
    if (!isPersonId(chatId) || !sends) return myTurn();
    if (sends.quietUntil() !== null || !(await myTurn())) return false;
    const turn = line.then(() => lease.held() && sends.turn(stop, calls));
    line = turn;
    return turn;
  }

  /**
   * The first message, in place of what a campaign pinned there before. Killed in the middle, it is done again from the
   * beginning.
   */
  async function pin(
    { chatId, messageIds: [messageId = 0], silent }: FollowUp,
    before: number | null,
  ): Promise<void> {
    if (before !== null && before > messageId) return; // this one had to wait, and a newer post is up already
    await api.pinChatMessage({
      chat_id: chatId,
      message_id: messageId,
      ...(silent && { disable_notification: true }),
    });
    if (before !== null && before !== messageId) await unpin(chatId, before);
    await notePinned(scope, chatId, messageId);
  }

  async function unpin(chatId: number, messageId: number): Promise<void> {
    try {
      await api.unpinChatMessage({ chat_id: chatId, message_id: messageId });
    } catch (error) {
      // Somebody unpinned or deleted it already. What has to wait is for the follow-up as a whole.
      if (!(error instanceof GrammyError) || classify(error).type !== "refused") throw error;
      log.info({ chat: chatId, reason: error.description }, "the post pinned before cannot be unpinned");
    }
  }

  /** Several at once; when Telegram refuses them, one by one, because it takes all or none. */
  async function deleteSome(doomed: FollowUp[], ends: End[]): Promise<void> {
    const [first, ...others] = doomed;
    if (!first) return;
    const end = await deleteIds(first, idsOf(doomed));
    if (!end) return;
    if (end.type === "impossible" && others.length > 0) {
      for (const followUp of doomed) await deleteSome([followUp], ends);
      return;
    }
    if (end.type === "impossible" && first.messageIds.length > 1) {
      const single = await deleteOneByOne(first);
      if (single) ends.push(single);
      return;
    }
    for (const followUp of doomed) ends.push({ ...end, followUp });
  }

  /** Null when it has to stop. */
  async function deleteIds(followUp: FollowUp, ids: number[]): Promise<End | null> {
    const { chatId } = followUp;
    const [id = 0, ...more] = ids;
    if (!(await myTurn())) return null;
    return attempt(followUp, () =>
      more.length > 0
        ? api.deleteMessages({ chat_id: chatId, message_ids: ids })
        : api.deleteMessage({ chat_id: chatId, message_id: id }),
    );
  }

  /** The messages of one delivery. What one of them has to wait for, all wait for; those that are gone stay so. */
  async function deleteOneByOne(followUp: FollowUp): Promise<End | null> {
    let worst: End = { type: "done", followUp };
    for (const id of followUp.messageIds) {
      const end = await deleteIds(followUp, [id]);
      if (end === null || end.type === "later") return end;
      if (end.type === "impossible" && !(worst.type === "impossible" && worst.noRights)) worst = end;
    }
    return worst;
  }

  function myTurn(): Promise<boolean> {
    return lease.held() ? pacer.turn(stop) : Promise.resolve(false);
  }

  async function attempt(followUp: FollowUp, call: () => Promise<unknown>): Promise<End> {
    const leftAt = clock.monotonic();
    try {
      await call();
      return { type: "done", followUp };
    } catch (error) {
      if (!(error instanceof GrammyError) && !(error instanceof HttpError)) throw error;
      const outcome = classify(error);
      // What a person's chat takes is what the bot may send: campaigns wait, too, also after a restart.
      if (outcome.type === "deferred" && followUp.what === "pin" && isPersonId(followUp.chatId) && sends)
        await saveQuiet(scope, sends.tooFast(outcome.waitMs, leftAt));
      return endOf(followUp, outcome, leftAt);
    }
  }

  function endOf(followUp: FollowUp, outcome: Outcome, leftAt: number): End {
    const later = (ms: number, counts: boolean): End => ({
      type: "later",
      followUp,
      dueAt: new Date(clock.now().getTime() + ms),
      counts,
    });
    switch (outcome.type) {
      case "deferred":
        // A person's chat takes this much: it is the bot that is too fast. A group or channel waits alone.
        if (isPersonId(followUp.chatId)) pacer.tooFast(outcome.waitMs, leftAt);
        return later(outcome.waitMs, false);
      case "stumbled":
      case "uncertain": // what was done already is done again, which changes nothing
        return later(backOffMs(followUp.attempts), true);
      case "refused":
        if (outcome.class === "unauthorized") return later(UNAUTHORIZED_MS, false);
        return {
          type: "impossible",
          followUp,
          noRights: outcome.class === "no-rights" || CANNOT_DELETE.test(outcome.description),
          description: outcome.description,
        };
      case "migrated":
        // The messages of a group do not move with it.
        return {
          type: "impossible",
          followUp,
          noRights: false,
          description: "the group became a supergroup",
        };
      case "sent":
      case "postponed":
      case "unpaid":
      case "withheld":
        throw new Error(`a follow-up cannot come to ${outcome.type}`);
    }
  }

  function report(ends: End[]): void {
    const refused = new Map<string, { campaignId: number; what: FollowUpKind; chatIds: number[] }>();
    for (const end of ends) {
      if (end.type !== "impossible") continue;
      const { campaignId, chatId, messageIds, what } = end.followUp;
      const facts = { campaign: campaignId, chat: chatId, messages: messageIds, reason: end.description };
      log.info(facts, what === "pin" ? "a post cannot be pinned" : "a post cannot be deleted");
      if (!end.noRights || isPersonId(chatId)) continue;
      const key = `${campaignId}.${what}`;
      const told = refused.get(key) ?? { campaignId, what, chatIds: [] };
      told.chatIds.push(chatId);
      refused.set(key, told);
    }
    for (const told of refused.values()) events.emit("followUpRefused", told);
  }

  return {
    start() {
      clockwork.resume();
    },
    look,
    async stop() {
      clockwork.stop();
      stopping.abort();
      await work;
    },
  };
}
