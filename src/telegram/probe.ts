import { type Api, GrammyError } from "grammy";

/**
 * Resolves when Telegram answers, even with a refusal. Not getMe: the Bot API server answers that from its own memory when it
 * cannot reach Telegram; for the commands it has to ask (Client.cpp).
 * @throws HttpError when nothing answers, GrammyError when a gateway or a broken server does.
 */
export async function probe(api: Api, stop: AbortSignal): Promise<void> {
  try {
    await api.getMyCommands({}, stop as Parameters<Api["getMyCommands"]>[1]);
  } catch (error) {
    if (!(error instanceof GrammyError) || error.error_code >= 500) throw error;
  }
}
