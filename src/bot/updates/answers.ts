import type { MiddlewareFn } from "grammy";
import type { BotDeps, HeraldContext } from "../ui/bot-context.ts";

/** Answers to people who are not admins. They leave in the order in which people wrote, and no update waits for them. */
export interface Answers {
  /**
   * Answers a person when their turn comes. Each gets at most one answer a second; of what is to be said meanwhile only
   * the last is kept.
   */
  give(chatId: number, send: () => Promise<unknown>): void;
  /** So many people wait for an answer. */
  readonly waiting: number;
}

/** Calls in flight at once. At Telegram's limit and a usual latency there are fewer. */
const AT_ONCE = 8;

const BETWEEN_MS = 1_000;

/**
 * Beside a broadcast some seven answers a second leave, so that the last of so many waits two and a half minutes. Whoever
 * comes on top of that gets none: what they asked for is done all the same.
 */
const MOST_WAITING = 1_000;

export function createAnswers({ clock, log, stop }: Pick<BotDeps, "clock" | "log" | "stop">): Answers {
  const waiting = new Map<number, () => Promise<unknown>>(); // by chat, in the order of their first word
  const resting = new Map<number, number>(); // chats that were answered a moment ago, and until when; monotonic
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

  /** When the first of those who were just answered may be answered again. */
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

/** Adds `ctx.answer`, which has to be used for everything that people other than admins are told. */
export function answersInTurn(answers: Answers): MiddlewareFn<HeraldContext> {
  return (ctx, next) => {
    ctx.answer = async (send) => {
      if (ctx.isAdmin || !ctx.chat) await send();
      else answers.give(ctx.chat.id, send);
    };
    return next();
  };
}
