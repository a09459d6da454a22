import { setMaxListeners } from "node:events";
import { mapLimited } from "../../background/limited.ts";
import { repeat } from "../../background/rounds.ts";
import type { Service } from "../../background/service.ts";
import type { Clock } from "../../clock.ts";
import type { Scope } from "../../db/scope.ts";
import type { Events } from "../../events.ts";
import type { Log } from "../../log.ts";
import type { Pacer } from "../pace/pacer.ts";
import { type DeleteApi, createDeletions } from "./deletions.ts";
import { createFollowUpCalls } from "./follow-up-calls.ts";
import { type FollowUp, dropFollowUps, listDueFollowUps, putOffFollowUps } from "./follow-up-queue.ts";
import { type FollowUpResult, refusedIn } from "./follow-up-result.ts";
import { type PinApi, createPins } from "./pins.ts";

/**
 * Pins and deletes messages after they were sent. Follow-ups are stored in the database, so a restart continues them;
 * what was done right before a crash is done again, which changes nothing.
 */
export interface FollowUps extends Service {
  /** Does everything that is due. Rejects when the database fails; what is left stays due. */
  doAllDue(): Promise<void>;
  /** Resolves when the calls under way have ended. */
  stop(): Promise<void>;
}

export type FollowUpApi = PinApi & DeleteApi;

export interface FollowUpsDeps {
  scope: Scope;
  clock: Clock;
  log: Log;
  api: FollowUpApi;
  lease: { held(): boolean };
  /** The most calls a second. They are evenly spaced, and fewer after a 429. */
  rate: number;
  /** The pacer of what is sent, which pins in people's chats share. Default: those have no limit beside `rate`. */
  sends?: Pick<Pacer, "turn" | "tooFast" | "pausedUntil" | "isActive">;
  /** How often to look for them while nothing is sent, in ms. */
  calmMs: number;
  events: Pick<Events, "emit">;
}

/** How often to look for them while campaigns are sent. */
const CHECK_MS = 1_000;

/** Follow-ups of a kind that are read at once; their results are written when all are done. */
const BATCH = 200;

/** Chats that are worked on at the same time. */
const CHATS_AT_ONCE = 16;

export function createFollowUps(deps: FollowUpsDeps): FollowUps {
  const { scope, clock, log, api, lease, rate, sends, calmMs, events } = deps;
  const stopping = new AbortController();
  const stop = stopping.signal;
  setMaxListeners(0, stop); // everything that waits for its turn listens to it
  const calls = createFollowUpCalls({ scope, clock, lease, rate, sends, stop });
  const pins = createPins({ scope, log, api, calls });
  const deletions = createDeletions({ api, calls });
  const loop = repeat({
    clock,
    log,
    everyMs: () => (sends?.isActive ? CHECK_MS : calmMs),
    complaint: "posts cannot be pinned or deleted, trying again",
    work: doAllDue,
  });

  const mayGoOn = () => !stop.aborted && lease.held() && !calls.isPaused;

  async function doAllDue(): Promise<void> {
    while (mayGoOn()) {
      const due = await listDueFollowUps(scope, clock.now(), BATCH);
      if (due.length === 0) return;
      const results = await doBatch(due);
      if (results.length === 0) return; // campaigns are paused, and only people's pins are due
      const over = results.filter(({ type }) => type !== "later").map(({ followUp }) => followUp);
      await dropFollowUps(scope, over);
      await putOffFollowUps(
        scope,
        results.filter((result) => result.type === "later"),
      );
      report(results);
    }
  }

  /** Chat by chat, several at once. What is not begun before a stop stays due. */
  async function doBatch(due: readonly FollowUp[]): Promise<FollowUpResult[]> {
    const results: FollowUpResult[] = [];
    await mapLimited([...byChat(due).values()], CHATS_AT_ONCE, (chat) => doChat(chat, results));
    return results;
  }

  async function doChat(followUps: readonly FollowUp[], results: FollowUpResult[]): Promise<void> {
    for (const followUp of followUps.filter(({ what }) => what === "pin")) {
      const result = await pins.pin(followUp);
      if (!result) return;
      results.push(result);
    }
    results.push(...(await deletions.deleteAll(followUps.filter(({ what }) => what === "delete"))));
  }

  function report(results: readonly FollowUpResult[]): void {
    for (const result of results) {
      if (result.type !== "impossible") continue;
      const { campaignId, chatId, messageIds, what } = result.followUp;
      const facts = { campaign: campaignId, chat: chatId, messages: messageIds, reason: result.description };
      log.info(facts, what === "pin" ? "a post cannot be pinned" : "a post cannot be deleted");
    }
    for (const refused of refusedIn(results)) events.emit("followUpRefused", refused);
  }

  return {
    start: loop.start,
    doAllDue,
    async stop() {
      stopping.abort();
      await loop.stop();
    },
  };
}

function byChat(followUps: readonly FollowUp[]): Map<number, FollowUp[]> {
  const chats = new Map<number, FollowUp[]>();
  for (const followUp of followUps) {
    const chat = chats.get(followUp.chatId) ?? [];
    chat.push(followUp);
    chats.set(followUp.chatId, chat);
  }
  return chats;
}
