import type { Transformer } from "grammy";
import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import type { Flood } from "./flood.ts";
import type { Pacer } from "./pacer.ts";
import { isPayable } from "./paid-rate.ts";
import type { Lane } from "./reply-queue.ts";

/**
 * Methods that count against Telegram's limits for messages (Bots FAQ, "My bot is hitting limits"). answerCallbackQuery,
 * getters, pins and deletions do not: Telegram documents no limit for them, and each has one of its own.
 */
const COUNTED = /^(send(?!ChatAction)|edit|copy|forward)/;

/** No call waits longer than this for a pause to end. */
const LONGEST_WAIT_MS = 30_000;
const MOST_TRIES = 3;

/** What Telegram says when a call cannot be paid for. */
const NO_STARS = /BALANCE_TOO_LOW/i;

/** Calls that were refused together are not repeated together: each waits up to this much longer. */
const SPREAD_MS = 1_000;

/** What the sender of replies knows about them. */
export interface ReplyOptions {
  /** Who is in a chat: an admin, or the crowd. Groups and channels belong to the crowd. */
  laneOf: (chatId: number) => Lane;
  /** Herald is stopping: nothing waits any longer. */
  stop: AbortSignal;
}

export interface InteractiveDeps extends ReplyOptions {
  pacer: Pick<Pacer, "reply" | "tooFast" | "pausedUntil">;
  flood: Flood;
  clock: Clock;
  log: Log;
  /** Stores the end of a pause, so that a restart honours it. */
  savePausedUntil: (until: Date) => Promise<void>;
  /** Whether campaigns pay for a rate above the free one right now. Default: they do not. */
  isPaying?: () => boolean;
  /** A number from 0 to 1. Default: Math.random; for tests. */
  random?: () => number;
}

/**
 * Paces answers, cards and test sends within the same budget as campaigns, admins first. A 429 means that nothing was
 * sent, so the call is repeated after the pause. A chat that has to wait waits alone; when a second one has to, campaigns
 * and the crowd pause, too.
 *
 * Telegram counts paid messages against the free rate as well, so there may be no room for free ones beside them. Answers
 * to admins are then paid for, too. Those to the crowd wait, since others must not spend the Stars, and a 429 on them says
 * nothing about the paid rate.
 */
export function interactive(deps: InteractiveDeps): Transformer {
  const { pacer, flood, clock, log, savePausedUntil, laneOf, stop } = deps;
  const { random = Math.random, isPaying = () => false } = deps;

  async function askedToWait(chatId: number, waitMs: number, leftAt: number): Promise<void> {
    if (flood.onlyThisChat(chatId, waitMs)) return;
    await savePausedUntil(pacer.tooFast(waitMs, leftAt)).catch((error: unknown) =>
      log.warn({ err: error }, "the end of a pause cannot be kept"),
    );
  }

  return async (call, method, payload, signal) => {
    const chatId = chatOf(payload);
    const lane = laneOf(chatId);
    const counts = COUNTED.test(method);
    let mayPay = lane === "admin" && isPayable(method);
    for (let tries = 1; ; tries += 1) {
      if (counts && lane === "crowd") {
        const waitMs = (pacer.pausedUntil()?.getTime() ?? 0) - clock.now().getTime();
        if (waitMs > LONGEST_WAIT_MS) return refusal(waitMs);
      }
      const arrived = counts ? await pacer.reply(lane, weightOf(payload)) : undefined;
      const leftAt = clock.monotonic();
      const isBesidePaid = counts && isPaying();
      const isPaid = isBesidePaid && mayPay;
      const sent = isPaid ? { ...payload, allow_paid_broadcast: true } : payload;
      const answer = await call(method, sent, signal).finally(arrived);
      if (isPaid && !answer.ok && NO_STARS.test(answer.description)) {
        mayPay = false;
        continue;
      }
      const seconds = answer.ok ? undefined : answer.parameters?.retry_after;
      if (seconds === undefined) return answer;
      const waitMs = seconds * 1000;
      log.warn({ method, seconds }, "Telegram asks to wait with a reply");
      // A call that does not count says nothing about how many messages Telegram accepts.
      if (counts && (isPaid || !isBesidePaid)) await askedToWait(chatId, waitMs, leftAt);
      if (waitMs > LONGEST_WAIT_MS || tries === MOST_TRIES) return answer;
      await clock.sleep(waitMs + random() * SPREAD_MS, stop);
      if (stop.aborted) return answer;
    }
  };
}

/** What Telegram would answer: it has asked for a pause, and another call would only prolong it. */
function refusal(waitMs: number) {
  const seconds = Math.ceil(waitMs / 1000);
  return {
    ok: false as const,
    error_code: 429,
    description: `Too Many Requests: retry after ${seconds}`,
    parameters: { retry_after: seconds },
  };
}

/** How many messages a call makes: more than one for an album, or for several that are copied or forwarded. */
function weightOf(payload: object): number {
  const parts = "media" in payload ? payload.media : "message_ids" in payload ? payload.message_ids : null;
  return Array.isArray(parts) ? parts.length : 1;
}

/** 0 for a call without a chat, or with a chat's username. */
function chatOf(payload: object): number {
  const { chat_id: chatId } = payload as { chat_id?: unknown };
  return typeof chatId === "number" ? chatId : 0;
}
