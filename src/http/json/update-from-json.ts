import { z } from "@hono/zod-openapi";
import type { Update } from "grammy/types";

/*
 * What Herald reads of an update. Fields that it does not read may be anything, and come in new kinds with each Bot API.
 */

const Id = z.int().refine((id) => Math.abs(id) <= 2 ** 52);
const MessageId = z
  .int()
  .min(0)
  .max(2 ** 31 - 1);

const User = z.looseObject({
  id: Id,
  is_bot: z.boolean(),
  first_name: z.string(),
  last_name: z.string().optional(),
  username: z.string().optional(),
  language_code: z.string().optional(),
  is_premium: z.boolean().optional(),
});

const Room = z.looseObject({
  id: Id,
  type: z.enum(["group", "supergroup", "channel"]),
  title: z.string(),
  username: z.string().optional(),
  is_forum: z.boolean().optional(),
});

const Chat = z.union([z.looseObject({ id: Id, type: z.literal("private") }), Room]);

const Topic = z.looseObject({ name: z.string().optional() });

const Message = z.looseObject({
  message_id: MessageId,
  chat: Chat,
  from: User.optional(),
  text: z.string().optional(),
  new_chat_title: z.string().optional(),
  migrate_to_chat_id: Id.optional(),
  migrate_from_chat_id: Id.optional(),
  message_thread_id: MessageId.optional(),
  is_topic_message: z.boolean().optional(),
  forum_topic_created: Topic.optional(),
  forum_topic_edited: Topic.optional(),
  forum_topic_closed: z.looseObject({}).optional(),
  forum_topic_reopened: z.looseObject({}).optional(),
  reply_to_message: z.looseObject({ forum_topic_created: Topic.optional() }).optional(),
});

const ShownButton = z.looseObject({ text: z.string(), callback_data: z.string().optional() });

const CallbackQuery = z.looseObject({
  id: z.string(),
  from: User,
  data: z.string().optional(),
  message: z
    .looseObject({
      message_id: MessageId,
      chat: z.looseObject({ id: Id, type: z.string() }),
      reply_markup: z.looseObject({ inline_keyboard: z.array(z.array(ShownButton)) }).optional(),
    })
    .optional(),
});

const Right = z.boolean().optional();

const Membership = z.looseObject({
  chat: Chat,
  from: User,
  new_chat_member: z.looseObject({
    status: z.enum(["creator", "administrator", "member", "restricted", "left", "kicked"]),
    is_member: Right,
    can_send_messages: Right,
    can_post_messages: Right,
    can_edit_messages: Right,
    can_pin_messages: Right,
    can_delete_messages: Right,
    can_manage_topics: Right,
  }),
});

const Votes = z
  .int()
  .min(0)
  .max(2 ** 31 - 1);

const Poll = z.looseObject({
  id: z.string().max(100),
  type: z.string(),
  total_voter_count: Votes,
  allows_multiple_answers: z.boolean().optional(),
  correct_option_ids: z.array(z.int()).optional(),
  options: z.array(
    z.looseObject({ persistent_id: z.string().max(100), text: z.string(), voter_count: Votes }),
  ),
});

const PollAnswer = z.looseObject({
  poll_id: z.string().max(100),
  user: User.optional(),
  voter_chat: z
    .looseObject({ id: Id, title: z.string().optional(), username: z.string().optional() })
    .optional(),
  option_persistent_ids: z.array(z.string().max(100)),
});

const Read = z.looseObject({
  update_id: z.int(),
  message: Message.optional(),
  edited_message: Message.optional(),
  callback_query: CallbackQuery.optional(),
  my_chat_member: Membership.optional(),
  poll: Poll.optional(),
  poll_answer: PollAnswer.optional(),
});

/** Null for what Telegram cannot have sent. What Herald does not read is kept as it is. */
export function readUpdate(update: object): Update | null {
  const { success, data } = Read.safeParse(update);
  // The shapes above are those of the fields that are read.
  return success ? (data as unknown as Update) : null;
}
