import type { MiddlewareFn } from "grammy";
import type { CrowdDeps, HeraldContext } from "../ui/bot-context.ts";

/** Answers to people who are not admins. They leave in the order in which people wrote, and no update waits for them. */
export interface Answers {
  /** Answers a person when their turn comes, at most once per second. Of the answers in between, only the last is kept. */
  give(chatId: number, send: () => Promise<unknown>): void;
  /** How many people wait for an answer. */
  readonly waiting: number;
}

/** Calls in flight at once. At Telegram's rate limit and a normal latency there are fewer. */
const AT_ONCE = 8;

const BETWEEN_MS = 1_000;

/**
 * During a broadcast, about seven answers leave per second, so the last of this many waits two and a half minutes. Anyone
 * beyond that gets no answer, but what they asked for is done.
 */
const MOST_WAITING = 1_000;

export function createAnswers({ clock, log, stop }: Pick<CrowdDeps, "clock" | "log" | "stop">): Answers {
  const waiting = new Map<number, () => Promise<unknown>>(); // by chat, in the order in which they asked first
  const resting = new Map<number, number>(); // chats that were just answered, and until when they rest; monotonic
  let underWay = 0;
  let asleep = false;
  let full = false;

  function goOn(): void {
    const now = clock.monotonic();
    for (const [chatId, until] of resting) if (until <= now) resting.delete(chatId);
    while (underWay < AT_ONCE && !stop.aborted) {
      const next = [...waiting].find(([chatId]) => !resting.has(chatId));
      if (!next) break;
      void leave(...next);
    }
    if (waiting.size === 0) full = false;
    else if (underWay < AT_ONCE) void comeBack();
  }

  async function leave(chatId: number, send: () => Promise<unknown>): Promise<void> {
    waiting.delete(chatId);
    resting.set(chatId, Infinity);
    underWay += 1;
    try {
      await send();
    } catch (error) {
      if (!stop.aborted) log.info({ err: error, chat: chatId }, "a person could not be answered");
    } finally {
      underWay -= 1;
      resting.set(chatId, clock.monotonic() + BETWEEN_MS);
      goOn();
    }
  }

  /** When the first of the chats that rest may be answered again. */
  async function comeBack(): Promise<void> {
    const until = Math.min(...resting.values());
    if (asleep || until === Infinity) return;
    asleep = true;
    await clock.sleep(until - clock.monotonic(), stop);
    asleep = false;
    if (!stop.aborted) goOn();
  }

  return {
    get waiting() {
      return waiting.size;
    },
    give(chatId, send) {
      if (waiting.size >= MOST_WAITING && !waiting.has(chatId)) {
        if (!full) log.warn({ waiting: waiting.size }, "too many people write at once: not all are answered");
        full = true;
        return;
      }
      waiting.set(chatId, send);
      goOn();
    },
  };
}

/** Adds `ctx.answer`. Use it for everything that people other than admins are told. */
export function answersInTurn(answers: Answers): MiddlewareFn<HeraldContext> {
  return (ctx, next) => {
    ctx.answer = async (send) => {
      if (ctx.isAdmin || !ctx.chat) await send();
      else answers.give(ctx.chat.id, send);
    };
    return next();
  };
}
