import type { Transformer } from "grammy";
import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import type { Flood } from "./flood.ts";
import type { Pacer } from "./pacer.ts";
import { isPayable } from "./paid-rate.ts";
import type { Lane } from "./reply-queue.ts";

/**
 * Methods that count against Telegram's limits for messages (Bots FAQ, "My bot is hitting limits"). answerCallbackQuery,
 * getters, pins and deletions are not among them: Telegram documents no limit for those, and each has one of its own.
 */
const COUNTED = /^(send(?!ChatAction)|edit|copy|forward)/;

/** Nobody waits longer than this for an answer that Telegram holds back. */
const LONGEST_WAIT_MS = 30_000;
const MOST_TRIES = 3;

/** What Telegram says when a call cannot be paid for. */
const NO_STARS = /BALANCE_TOO_LOW/i;

/** Calls that were refused together do not come back together: each waits up to so much longer. */
const SPREAD_MS = 1_000;

/** What whoever sends replies knows of them. */
export interface ReplyOptions {
  /** Who is in a chat: an admin, or the crowd. Groups and channels are the crowd's. */
  laneOf: (chatId: number) => Lane;
  /** Herald is stopping: nothing is waited for any more. */
  stop: AbortSignal;
}

export interface InteractiveDeps extends ReplyOptions {
  pacer: Pick<Pacer, "reply" | "tooFast" | "pausedUntil">;
  flood: Flood;
  clock: Clock;
  log: Log;
  /** Keeps the end of a pause, so that a restart honours it. */
  keepQuiet: (until: Date) => Promise<void>;
  /** Campaigns pay for a rate above the free one right now. Default: they do not. */
  isPaying?: () => boolean;
  /** From 0 to 1; for tests. */
  random?: () => number;
}

/**
 * For answers, cards and test sends: in one budget with the campaigns, admins first. A 429 says that nothing was sent,
 * and the call is made again after it. A chat that has to wait waits alone; when a second one has to, the campaigns are
 * quiet, too, and so is the crowd.
 *
 * Telegram counts what is paid for against the free rate as well, so beside it nothing free may fit. Answers to admins are
 * then paid for, too; a crowd's wait, since others must not spend the Stars, and say nothing about the rate that is paid.
 */
export function interactive(deps: InteractiveDeps): Transformer {
  const { pacer, flood, clock, log, keepQuiet, laneOf, stop } = deps;
  const { random = Math.random, isPaying = () => false } = deps;

  async function askedToWait(chatId: number, waitMs: number, leftAt: number): Promise<void> {
    if (flood.onlyThisChat(chatId, waitMs)) return;
    await keepQuiet(pacer.tooFast(waitMs, leftAt)).catch((error: unknown) =>
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
      // What does not count says nothing about how many messages Telegram takes.
      if (counts && (isPaid || !isBesidePaid)) await askedToWait(chatId, waitMs, leftAt);
      if (waitMs > LONGEST_WAIT_MS || tries === MOST_TRIES) return answer;
      await clock.sleep(waitMs + random() * SPREAD_MS, stop);
      if (stop.aborted) return answer;
    }
  };
}

/** What Telegram would answer. It has asked for silence, and to ask it again would only draw more of the same. */
function refusal(waitMs: number) {
  const seconds = Math.ceil(waitMs / 1000);
  return {
    ok: false as const,
    error_code: 429,
    description: `Too Many Requests: retry after ${seconds}`,
    parameters: { retry_after: seconds },
  };
}

/** How many messages a call makes: those of an album, or of several that are copied or forwarded. */
function weightOf(payload: object): number {
  const parts = "media" in payload ? payload.media : "message_ids" in payload ? payload.message_ids : null;
  return Array.isArray(parts) ? parts.length : 1;
}

/** 0 for a call that is about no chat, or about one by its name. */
function chatOf(payload: object): number {
  const { chat_id: chatId } = payload as { chat_id?: unknown };
  return typeof chatId === "number" ? chatId : 0;
}
