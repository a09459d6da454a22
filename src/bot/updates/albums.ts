import type { Context, MiddlewareFn, NextFunction } from "grammy";
import { createLRU } from "lru.min";
import type { Message } from "grammy/types";
import { MOST_PARTS } from "../../content/content.ts";
import type { CrowdDeps, HeraldContext } from "../ui/bot-context.ts";

/** How many recent albums are remembered, over all chats. */
const MOST_KNOWN = 1_000;

/**
 * Telegram does not mark the end of an album. Its parts come within this many ms of each other, unless an upload is
 * slow.
 */
const SILENCE_MS = 800;

/** An album whose parts are still arriving. */
interface Gathering {
  album: string;
  chatId: number;
  parts: Message[];
  /** When the last part arrived, in monotonic ms. */
  at: number;
  /** Aborted once no more parts are waited for. */
  wait: AbortController;
  /** Resolves when its parts and those of the previous album in the chat have arrived. */
  gathered: Promise<void>;
  /** Resolves when the album has been handled. */
  handled: Promise<void>;
}

/**
 * Merges the messages of an album into the update of its first part, with all parts in `ctx.album`; the other updates
 * end here. It has to come before `sequentialize`, or the parts would wait for each other. Parts that arrive later pass
 * as a separate album, with `ctx.isLatePart`. An edit replaces a part that is still held back. The runner's limit on
 * updates in work bounds the memory.
 */
export function gatherAlbums({ clock }: Pick<CrowdDeps, "clock">): MiddlewareFn<HeraldContext> {
  const gatherings = new Map<number, Gathering>();
  const known = createLRU<string, true>({ max: MOST_KNOWN }); // albums that have passed
  return async (ctx, next) => {
    if (ctx.editedMessage && replaced(ctx.editedMessage)) return;
    const { message } = ctx;
    if (!message || message.chat.type !== "private") return next();
    const { id: chatId } = message.chat;
    const album = message.media_group_id;
    const before = gatherings.get(chatId);
    if (before && before.album === album) {
      add(before, message);
      // Its update is handled once the album is: until then it may have to be read again, after a crash.
      return before.handled.catch(() => undefined);
    }
    // Telegram keeps the order within a chat, so another message means that the album is complete.
    before?.wait.abort();
    if (album === undefined) {
      // Continues behind the album, because the first to await a promise is the first to continue.
      await before?.gathered;
      return next();
    }
    const gathering = begin(album, message, before);
    gatherings.set(chatId, gathering);
    gathering.handled = handle(gathering, ctx, next);
    return gathering.handled;
  };

  async function handle(gathering: Gathering, ctx: HeraldContext, next: NextFunction): Promise<void> {
    const { album, chatId, parts } = gathering;
    await gathering.gathered;
    if (gatherings.get(chatId) === gathering) gatherings.delete(chatId);
    ctx.album = parts;
    ctx.isLatePart = known.has(album);
    known.set(album, true);
    await next();
  }

  /** Whether the message is a part that is being gathered; if so, the edit has replaced it. */
  function replaced(edited: Message): boolean {
    const parts = gatherings.get(edited.chat.id)?.parts ?? [];
    const index = parts.findIndex(({ message_id }) => message_id === edited.message_id);
    if (index >= 0) parts[index] = edited;
    return index >= 0;
  }

  function begin(album: string, message: Message, before: Gathering | undefined): Gathering {
    const gathering: Gathering = {
      album,
      chatId: message.chat.id,
      parts: [message],
      at: clock.monotonic(),
      wait: new AbortController(),
      gathered: Promise.resolve(),
      handled: Promise.resolve(),
    };
    gathering.gathered = silence(gathering).then(() => before?.gathered);
    return gathering;
  }

  function add(gathering: Gathering, part: Message): void {
    gathering.parts.push(part);
    gathering.at = clock.monotonic();
    if (gathering.parts.length >= MOST_PARTS) gathering.wait.abort();
  }

  async function silence(gathering: Gathering): Promise<void> {
    const { signal } = gathering.wait;
    for (let left = SILENCE_MS; left > 0 && !signal.aborted;) {
      await clock.sleep(left, signal);
      left = gathering.at + SILENCE_MS - clock.monotonic();
    }
  }
}

/** The messages of an update: a single one, new or edited, or the parts of an album. */
export function messagesIn(ctx: Context & { album?: Message[] }): Message[] {
  const message = ctx.message ?? ctx.editedMessage;
  return ctx.album ?? (message ? [message] : []);
}
