import { setMaxListeners } from "node:events";
import { Cron } from "croner";
import { type Api, GrammyError, HttpError } from "grammy";
import type { ErrandKind } from "../db/states.ts";
import type { MissedChat } from "../campaign/posts.ts";
import type { Clock } from "../clock.ts";
import type { Scope } from "../db/connect.ts";
import type { Log } from "../log.ts";
import { backOffMs } from "./backoff.ts";
import {
  type Errand,
  type PutOff,
  dropErrands,
  listDueErrands,
  notePinned,
  pinnedIn,
  putOffErrands,
} from "./errandbook.ts";
import type { Lease } from "./lease.ts";
import { type Outcome, classify } from "./outcome.ts";
import { type Pacer, createPacer } from "./pacer.ts";
import { saveQuiet } from "./quiet.ts";

/**
 * Does what is to be done with messages after they were sent: pins them, deletes them. It is noted in the database, so
 * a restart does it, too; what was done right before a crash is done again, which changes nothing.
 */
export interface Errands {
  start(): void;
  /** Does what is due. Never rejects. */
  look(): Promise<void>;
  /** Calls under way may end. */
  stop(): Promise<void>;
}

export type ErrandApi = Pick<
  Api["raw"],
  "pinChatMessage" | "unpinChatMessage" | "deleteMessage" | "deleteMessages"
>;

export interface ErrandsDeps {
  scope: Scope;
  clock: Clock;
  log: Log;
  api: ErrandApi;
  lease: Pick<Lease, "held">;
  /** Calls a second at the most; they are evenly spaced, and fewer after a 429. */
  rate: number;
  /** Of what is sent: a pin in a person's chat counts against the same limit. Default: those have none beside `rate`. */
  sends?: Pick<Pacer, "turn" | "tooFast" | "quietUntil">;
  /** The post of a campaign could not be pinned or deleted in these groups and channels: the bot has no right to. */
  onRefused: (campaignId: number, what: ErrandKind, chats: MissedChat[]) => void;
}

/** Errands of a kind that are read at once; what came of them is written when all are done. */
const BATCH = 200;

/** Chats that are seen to at the same time. */
const AT_ONCE = 16;

/** Bot API, deleteMessages. */
const MOST_DELETED_AT_ONCE = 100;

/** What Telegram says when a bot may not delete a message: it lacks the right, or the message is older than 48 h. */
const CANNOT_DELETE = /message can't be deleted/i;

/** The token is refused; perhaps another is put in. */
const UNAUTHORIZED_MS = 60_000;

const idsOf = (errands: readonly Errand[]) => errands.flatMap(({ messageIds }) => messageIds);

/** What came of an errand: it is done, or cannot be, or is tried again. */
type End = { errand: Errand } & (
  | { type: "done" }
  | { type: "impossible"; noRights: boolean; description: string }
  | ({ type: "later" } & PutOff)
);

export function createErrands(deps: ErrandsDeps): Errands {
  const { scope, clock, log, api, lease, sends, onRefused } = deps;
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
      const pins = await listDueErrands(scope, "pin", clock.now(), BATCH);
      const doomed = await listDueErrands(scope, "delete", clock.now(), BATCH);
      const due = [...pins, ...doomed];
      if (due.length === 0) return;
      const ends = await doBatch(due);
      if (ends.length === 0) return; // campaigns are quiet, and only people's pins are due
      await dropErrands(
        scope,
        ends.filter(({ type }) => type !== "later").map(({ errand }) => errand),
      );
      await putOffErrands(
        scope,
        ends.filter((end) => end.type === "later"),
      );
      report(ends);
    }
  }

  /** Chat by chat, several at once. What is not begun when it has to stop stays due. */
  async function doBatch(due: Errand[]): Promise<End[]> {
    const byChat = new Map<number, Errand[]>();
    for (const errand of due) byChat.set(errand.chatId, [...(byChat.get(errand.chatId) ?? []), errand]);
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

  async function doChat(errands: Errand[], ends: End[]): Promise<void> {
    for (const errand of errands.filter(({ what }) => what === "pin")) {
      const before = await pinnedIn(scope, errand.chatId, errand.campaignId);
      if (!(await pinTurn(errand, before === null ? 1 : 2))) return;
      ends.push(await attempt(errand, () => pin(errand, before)));
    }
    let some: Errand[] = [];
    for (const errand of errands.filter(({ what }) => what === "delete")) {
      if (idsOf([...some, errand]).length > MOST_DELETED_AT_ONCE) {
        await deleteSome(some, ends);
        some = [];
      }
      some.push(errand);
    }
    await deleteSome(some, ends);
  }

  /** `calls` is 2 where another is unpinned. One at a time asks among the campaigns: sends and pins take turns. */
  async function pinTurn({ chatId }: Errand, calls: number): Promise<boolean> {
    if (chatId < 0 || !sends) return myTurn();
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
    { chatId, messageIds: [messageId = 0], silent }: Errand,
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
      // Somebody unpinned or deleted it already. What has to wait is for the errand as a whole.
      if (!(error instanceof GrammyError) || classify(error).type !== "refused") throw error;
      log.info({ chat: chatId, reason: error.description }, "the post pinned before cannot be unpinned");
    }
  }

  /** Several at once; when Telegram refuses them, one by one, because it takes all or none. */
  async function deleteSome(doomed: Errand[], ends: End[]): Promise<void> {
    const [first, ...others] = doomed;
    if (!first) return;
    const end = await deleteIds(first, idsOf(doomed));
    if (!end) return;
    if (end.type === "impossible" && others.length > 0) {
      for (const errand of doomed) await deleteSome([errand], ends);
      return;
    }
    if (end.type === "impossible" && first.messageIds.length > 1) {
      const single = await deleteOneByOne(first);
      if (single) ends.push(single);
      return;
    }
    for (const errand of doomed) ends.push({ ...end, errand });
  }

  /** Null when it has to stop. */
  async function deleteIds(errand: Errand, ids: number[]): Promise<End | null> {
    const { chatId } = errand;
    const [id = 0, ...more] = ids;
    if (!(await myTurn())) return null;
    return attempt(errand, () =>
      more.length > 0
        ? api.deleteMessages({ chat_id: chatId, message_ids: ids })
        : api.deleteMessage({ chat_id: chatId, message_id: id }),
    );
  }

  /** The messages of one delivery. What one of them has to wait for, all wait for; those that are gone stay so. */
  async function deleteOneByOne(errand: Errand): Promise<End | null> {
    let worst: End = { type: "done", errand };
    for (const id of errand.messageIds) {
      const end = await deleteIds(errand, [id]);
      if (end === null || end.type === "later") return end;
      if (end.type === "impossible" && !(worst.type === "impossible" && worst.noRights)) worst = end;
    }
    return worst;
  }

  function myTurn(): Promise<boolean> {
    return lease.held() ? pacer.turn(stop) : Promise.resolve(false);
  }

  async function attempt(errand: Errand, call: () => Promise<unknown>): Promise<End> {
    const leftAt = clock.monotonic();
    try {
      await call();
      return { type: "done", errand };
    } catch (error) {
      if (!(error instanceof GrammyError) && !(error instanceof HttpError)) throw error;
      const outcome = classify(error);
      // What a person's chat takes is what the bot may send: campaigns wait, too, also after a restart.
      if (outcome.type === "deferred" && errand.what === "pin" && errand.chatId > 0 && sends)
        await saveQuiet(scope, sends.tooFast(outcome.waitMs, leftAt));
      return endOf(errand, outcome, leftAt);
    }
  }

  function endOf(errand: Errand, outcome: Outcome, leftAt: number): End {
    const later = (ms: number, counts: boolean): End => ({
      type: "later",
      errand,
      dueAt: new Date(clock.now().getTime() + ms),
      counts,
    });
    switch (outcome.type) {
      case "deferred":
        // A person's chat takes this much: it is the bot that is too fast. A group or channel waits alone.
        if (errand.chatId > 0) pacer.tooFast(outcome.waitMs, leftAt);
        return later(outcome.waitMs, false);
      case "stumbled":
      case "uncertain": // what was done already is done again, which changes nothing
        return later(backOffMs(errand.attempts), true);
      case "refused":
        if (outcome.class === "unauthorized") return later(UNAUTHORIZED_MS, false);
        return {
          type: "impossible",
          errand,
          noRights: outcome.class === "no-rights" || CANNOT_DELETE.test(outcome.description),
          description: outcome.description,
        };
      case "migrated":
        // The messages of a group do not move with it.
        return { type: "impossible", errand, noRights: false, description: "the group became a supergroup" };
      case "sent":
      case "postponed":
      case "unpaid":
      case "withheld":
        throw new Error(`an errand cannot come to ${outcome.type}`);
    }
  }

  function report(ends: End[]): void {
    const refused = new Map<string, { campaignId: number; what: ErrandKind; chats: MissedChat[] }>();
    for (const end of ends) {
      if (end.type !== "impossible") continue;
      const { campaignId, chatId, messageIds, what } = end.errand;
      const facts = { campaign: campaignId, chat: chatId, messages: messageIds, reason: end.description };
      log.info(facts, what === "pin" ? "a post cannot be pinned" : "a post cannot be deleted");
      if (!end.noRights || chatId > 0) continue;
      const key = `${campaignId}.${what}`;
      const told = refused.get(key) ?? { campaignId, what, chats: [] };
      told.chats.push({ chatId, threadId: null, reason: "no-rights" });
      refused.set(key, told);
    }
    for (const { campaignId, what, chats } of refused.values()) onRefused(campaignId, what, chats);
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
