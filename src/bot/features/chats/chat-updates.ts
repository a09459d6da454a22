import { Composer } from "grammy";
import type { ChatRights, KnownChat } from "../../../audience/chats.ts";
import { mayUse } from "../../../access/actor.ts";
import type { CrowdDeps, HeraldContext } from "../../ui/bot-context.ts";
import { forgetMembers } from "./membership.ts";
import { noteRoomNews, roomNewsIn } from "./room-news.ts";

/**
 * Follows groups and channels: whether the bot is in them and what it may do there, their titles, ids and topics. Nothing is
 * said there, and only taps are passed on. `/here` is in here.ts.
 */
export function chatUpdates(deps: CrowdDeps): Composer<HeraldContext> {
  const { own, log } = deps;
  const composer = new Composer<HeraldContext>();
  const rooms = composer.chatType(["group", "supergroup", "channel"]);
  rooms.on("callback_query", (_, next) => next());
  rooms.use(async (ctx) => {
    const news = roomNewsIn(ctx.update);
    if (news?.type !== "membership") return void (news && (await noteRoomNews(own, log, news)));
    forgetMembers(deps, own, news.chat.id);
    const before = await noteRoomNews(own, log, news);
    const word = wordFor(before, news.rights);
    // Anyone may add the bot somewhere, but only admins of that bot are told what follows.
    if (word && ctx.isAdmin && mayUse(ctx.limit, own.botId))
      await tell(deps, ctx, ctx.t(word, { title: news.chat.title }));
  });
  return composer;
}

/** What changed for admins who post there, in words; null if nothing did. */
function wordFor(before: KnownChat | null, now: ChatRights): "chat-can-post" | "chat-cannot-post" | null {
  if (!now.present) return null;
  const added = !before?.rights.present;
  if (now.post) return added || !before.rights.post ? "chat-can-post" : null;
  return added || before.rights.post ? "chat-cannot-post" : null;
}

/** Writes to the person behind the update in private. People who never started the bot cannot be reached. */
async function tell({ log }: CrowdDeps, ctx: HeraldContext, text: string): Promise<void> {
  const userId = ctx.from?.id ?? 0;
  try {
    await ctx.api.sendMessage(userId, text);
  } catch (error) {
    log.debug({ err: error, admin: userId }, "an admin could not be told of a chat");
  }
}
