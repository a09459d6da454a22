import type { Transformer } from "grammy";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { Pacer } from "./pacer.ts";

/** Methods that count against Telegram's limits. */
const COUNTED = /^(send(?!ChatAction)|edit|copy|forward)/;

/** An admin waits this long for an answer that Telegram holds back, not longer. */
const LONGEST_WAIT_MS = 30_000;
const MOST_TRIES = 3;

export interface InteractiveDeps {
  pacer: Pick<Pacer, "reply" | "quiet">;
  clock: Clock;
  log: Log;
  /** Herald is stopping: nothing is waited for any more. */
  stop: AbortSignal;
}

/**
 * For replies, cards and test sends. They go before the campaigns, in one budget with them. A 429 says that nothing
 * was sent: the campaigns are quiet for as long as it asks, and the call is made again after it.
 */
export function interactive({ pacer, clock, log, stop }: InteractiveDeps): Transformer {
  return async (call, method, payload, signal) => {
    for (let tries = 1; ; tries += 1) {
      if (COUNTED.test(method)) await pacer.reply();
      const answer = await call(method, payload, signal);
      const seconds = answer.ok ? undefined : answer.parameters?.retry_after;
      if (seconds === undefined) return answer;
      const waitMs = seconds * 1000;
      log.warn({ method, seconds }, "Telegram asks to wait with a reply");
      pacer.quiet(new Date(clock.now().getTime() + waitMs));
      if (waitMs > LONGEST_WAIT_MS || tries === MOST_TRIES) return answer;
      await clock.sleep(waitMs, stop);
      if (stop.aborted) return answer;
    }
  };
}
