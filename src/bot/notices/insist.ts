import { GrammyError, HttpError } from "grammy";
import type { Clock } from "../../clock.ts";

/** The wait if Telegram does not name one. */
const AGAIN_MS = 10_000;

/**
 * Sends what must be said, however long it takes: tries again while Telegram asks to wait or is away. It may arrive twice.
 * @throws an error that is final, such as that the person has blocked the bot; the last error if `stop` aborts.
 */
export async function insist(send: () => Promise<unknown>, clock: Clock, stop: AbortSignal): Promise<void> {
  for (;;)
    try {
      await send();
      return;
    } catch (error) {
      const waitMs = waitAfter(error);
      if (waitMs === null) throw error;
      await clock.sleep(waitMs, stop);
      if (stop.aborted) throw error;
    }
}

/** Null if the error is final. */
function waitAfter(error: unknown): number | null {
  if (error instanceof HttpError) return AGAIN_MS;
  if (!(error instanceof GrammyError)) return null;
  if (error.error_code === 429) return (error.parameters.retry_after ?? 0) * 1_000 || AGAIN_MS;
  return error.error_code >= 500 ? AGAIN_MS : null;
}
