import type { Transformer } from "grammy";
import type { Clock } from "../clock.ts";
import type { Pacer } from "./pacer.ts";

/** Methods that count against Telegram's limits. */
const COUNTED = /^(send(?!ChatAction)|edit|copy|forward)/;

/** An admin waits this long for an answer that Telegram holds back, not longer. */
const LONGEST_WAIT_MS = 30_000;

/**
 * For replies, cards and test sends: they leave at once, and the campaigns give up a slot for each, so that both
 * together stay within the rate. A 429 says that nothing was sent; the call is made again after the wait.
 */
export function interactive(pacer: Pick<Pacer, "yieldSlot">, clock: Clock): Transformer {
  return async (call, method, payload, signal) => {
    for (;;) {
      if (COUNTED.test(method)) pacer.yieldSlot();
      const answer = await call(method, payload, signal);
      const waitMs = answer.ok ? undefined : answer.parameters?.retry_after;
      if (waitMs === undefined || waitMs * 1000 > LONGEST_WAIT_MS) return answer;
      await clock.sleep(waitMs * 1000);
    }
  };
}
