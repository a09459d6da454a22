import { Composer } from "grammy";
import {
  type ChatRights,
  type KnownChat,
  type TopicChange,
  hearOfTopic,
  noteChat,
  noteNames,
  noteTopic,
} from "../../../audience/chats.ts";
import { followSupergroup } from "../../../campaign/supergroup.ts";
import type { CrowdDeps, HeraldContext } from "../../ui/bot-context.ts";
import { factsOf, forgetMembers, rightsOf } from "./membership.ts";

/**
 * Follows groups and channels: whether the bot is in them and what it may do there, their titles, ids and topics. Nothing is
 * said there, and only taps are passed on. `/here` is in here.ts.
 */
export function chatUpdates(deps: CrowdDeps): Composer<HeraldContext> {
  const { own: scope, log } = deps;
  const composer = new Composer<HeraldContext>();
  const rooms = composer.chatType(["group", "supergroup", "channel"]);

  rooms.on("my_chat_member", async (ctx) => {
    const { chat, new_chat_member: member } = ctx.myChatMember;
    const rights = rightsOf(chat.type, member);
    forgetMembers(deps, scope, chat.id);
    const before = await noteChat(scope, factsOf(chat), rights);
    log.info({ chat: chat.id, status: member.status, post: rights.post }, "a chat is noted");
    const word = wordFor(before, rights);
    // Anyone may add the bot somewhere, but only admins of Herald are told what follows.
    if (word && ctx.isAdmin) await tell(deps, ctx, ctx.t(word, { title: chat.title }));
  });

  rooms.on("message:new_chat_title", (ctx) => noteNames(scope, factsOf(ctx.chat)));
  rooms.on("message:migrate_to_chat_id", (ctx) => moved(ctx.chat.id, ctx.message.migrate_to_chat_id));
  rooms.on("message:migrate_from_chat_id", (ctx) => moved(ctx.message.migrate_from_chat_id, ctx.chat.id));
  async function moved(fromId: number, toId: number): Promise<void> {
    await followSupergroup(scope, fromId, toId);
    log.info({ from: fromId, to: toId }, "a group became a supergroup");
  }

  const topics = rooms.on("message").filter((ctx) => ctx.message.message_thread_id !== undefined);
  const note = (
    ctx: { chat: { id: number }; message: { message_thread_id?: number } },
    change: TopicChange,
  ) => noteTopic(scope, ctx.chat.id, ctx.message.message_thread_id ?? 0, change);
  topics.on("message:forum_topic_created", (ctx) =>
    note(ctx, { name: ctx.message.forum_topic_created.name }),
  );
  topics.on("message:forum_topic_edited", async (ctx) => {
    const { name } = ctx.message.forum_topic_edited; // absent if only the icon was changed
    if (name !== undefined) await note(ctx, { name });
  });
  topics.on("message:forum_topic_closed", (ctx) => note(ctx, { closed: true }));
  topics.on("message:forum_topic_reopened", (ctx) => note(ctx, { closed: false }));
  // In a topic from before the bot joined, messages reply to the message that created the topic.
  topics.filter(
    (ctx) => ctx.message.is_topic_message === true,
    async (ctx) => {
      const { message_thread_id: thread = 0, reply_to_message: root } = ctx.message;
      const name = root?.forum_topic_created?.name;
      if (name !== undefined) await hearOfTopic(scope, ctx.chat.id, thread, name);
    },
  );

  rooms.on("callback_query", (_, next) => next());
  rooms.use(() => undefined);
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
