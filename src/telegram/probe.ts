import { GrammyError, type RawApi } from "grammy";

/**
 * Resolves when Telegram answers, even with a refusal. Not by getMe, which the Bot API server answers from memory when
 * it cannot reach Telegram; for the commands it has to ask (Client.cpp).
 * @throws HttpError if nothing answers, GrammyError if a gateway or a broken server does.
 */
export async function probe(api: RawApi, stop: AbortSignal): Promise<void> {
  try {
    await api.getMyCommands({}, stop as Parameters<RawApi["getMyCommands"]>[1]);
  } catch (error) {
    if (!(error instanceof GrammyError) || error.error_code >= 500) throw error;
  }
}
