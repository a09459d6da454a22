import type { Transformer } from "grammy";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { Flood } from "./flood.ts";
import type { Pacer } from "./pacer.ts";

/** Methods that count against Telegram's limits. */
const COUNTED = /^(send(?!ChatAction)|edit|copy|forward)/;

/** An admin waits this long for an answer that Telegram holds back, not longer. */
const LONGEST_WAIT_MS = 30_000;
const MOST_TRIES = 3;

export interface InteractiveDeps {
  pacer: Pick<Pacer, "reply" | "tooFast">;
  flood: Flood;
  clock: Clock;
  log: Log;
  /** Keeps the end of a pause, so that a restart honours it. */
  keepQuiet: (until: Date) => Promise<void>;
  /** Herald is stopping: nothing is waited for any more. */
  stop: AbortSignal;
}

/**
 * For replies, cards and test sends. They go before the campaigns, in one budget with them. A 429 says that nothing
 * was sent, and the call is made again after it. Somebody who hammers the bot makes only their own chat wait; when a
 * second chat has to wait, the campaigns are quiet, too.
 */
export function interactive({ pacer, flood, clock, log, keepQuiet, stop }: InteractiveDeps): Transformer {
  return async (call, method, payload, signal) => {
    for (let tries = 1; ; tries += 1) {
      if (COUNTED.test(method)) await pacer.reply();
      const leftAt = clock.monotonic();
      const answer = await call(method, payload, signal);
      const seconds = answer.ok ? undefined : answer.parameters?.retry_after;
      if (seconds === undefined) return answer;
      const waitMs = seconds * 1000;
      log.warn({ method, seconds }, "Telegram asks to wait with a reply");
      if (!flood.onlyThisChat(chatOf(payload), waitMs))
        await keepQuiet(pacer.tooFast(waitMs, leftAt)).catch((error: unknown) =>
          log.warn({ err: error }, "the end of a pause cannot be kept"),
        );
      if (waitMs > LONGEST_WAIT_MS || tries === MOST_TRIES) return answer;
      await clock.sleep(waitMs, stop);
      if (stop.aborted) return answer;
    }
  };
}

/** 0 for a call that is about no chat, or about one by its name. */
function chatOf(payload: object): number {
  const { chat_id: chatId } = payload as { chat_id?: unknown };
  return typeof chatId === "number" ? chatId : 0;
}
