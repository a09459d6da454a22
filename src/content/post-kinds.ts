import type { Message } from "grammy/types";

/** Why a message cannot be sent on. */
export type RefusedReason =
  /** More than MOST_PARTS parts, or kinds that cannot share an album. */
  | "album"
  | "service"
  | "paid-media"
  | "giveaway"
  | "invoice"
  | "game"
  | "story"
  /** A bot sees the right answer only of quizzes that were created in the chat with it, or are closed. */
  | "quiz-answer-unknown"
  /** It could only be copied, and it is protected. */
  | "protected"
  /** It contains nothing that a bot can see. */
  | "unsupported";

/** The message fields that say what kind it is. */
export type MessageKind = Exclude<keyof Message, keyof Message.MediaMessage | "entities">;

/**
 * How each kind is handled. A message may have two that are both sent, for old clients: a live photo comes with a
 * photo, an animation with a document and a venue with a location.
 */
export const POST_KINDS: Record<MessageKind, "sent" | "copied" | RefusedReason> = {
  text: "sent",
  live_photo: "sent",
  photo: "sent",
  video: "sent",
  animation: "sent",
  document: "sent",
  audio: "sent",
  voice: "sent",
  video_note: "sent",
  sticker: "sent",
  poll: "sent",
  venue: "sent",
  location: "sent",
  contact: "sent",
  dice: "sent",
  rich_message: "sent",
  // Bots send checklists for business accounts only.
  checklist: "copied",
  paid_media: "paid-media",
  giveaway: "giveaway",
  giveaway_created: "giveaway",
  giveaway_winners: "giveaway",
  giveaway_completed: "giveaway",
  invoice: "invoice",
  game: "game",
  story: "story",
  boost_added: "service",
  channel_chat_created: "service",
  chat_background_set: "service",
  chat_owner_changed: "service",
  chat_owner_left: "service",
  chat_shared: "service",
  checklist_tasks_added: "service",
  checklist_tasks_done: "service",
  community_chat_added: "service",
  community_chat_joined: "service",
  community_chat_removed: "service",
  connected_website: "service",
  delete_chat_photo: "service",
  direct_message_price_changed: "service",
  forum_topic_closed: "service",
  forum_topic_created: "service",
  forum_topic_edited: "service",
  forum_topic_reopened: "service",
  general_forum_topic_hidden: "service",
  general_forum_topic_unhidden: "service",
  gift: "service",
  gift_upgrade_sent: "service",
  group_chat_created: "service",
  left_chat_member: "service",
  managed_bot_created: "service",
  message_auto_delete_timer_changed: "service",
  migrate_from_chat_id: "service",
  migrate_to_chat_id: "service",
  new_chat_members: "service",
  new_chat_photo: "service",
  new_chat_title: "service",
  paid_message_price_changed: "service",
  passport_data: "service",
  pinned_message: "service",
  poll_option_added: "service",
  poll_option_deleted: "service",
  proximity_alert_triggered: "service",
  refunded_payment: "service",
  successful_payment: "service",
  suggested_post_approval_failed: "service",
  suggested_post_approved: "service",
  suggested_post_declined: "service",
  suggested_post_info: "service",
  suggested_post_paid: "service",
  suggested_post_refunded: "service",
  supergroup_chat_created: "service",
  unique_gift: "service",
  users_shared: "service",
  video_chat_ended: "service",
  video_chat_participants_invited: "service",
  video_chat_scheduled: "service",
  video_chat_started: "service",
  web_app_data: "service",
  write_access_allowed: "service",
};

/** The fields that any kind may have. */
export const COMMON_FIELDS: Record<Exclude<keyof Message, MessageKind>, true> = {
  message_id: true,
  message_thread_id: true,
  from: true,
  sender_chat: true,
  date: true,
  guest_query_id: true,
  business_connection_id: true,
  chat: true,
  is_topic_message: true,
  direct_messages_topic: true,
  sender_tag: true,
  receiver_user: true,
  ephemeral_message_id: true,
  sender_boost_count: true,
  sender_business_bot: true,
  forward_origin: true,
  is_automatic_forward: true,
  reply_to_message: true,
  reply_to_checklist_task_id: true,
  reply_to_poll_option_id: true,
  is_paid_post: true,
  external_reply: true,
  quote: true,
  reply_to_story: true,
  via_bot: true,
  guest_bot_caller_user: true,
  guest_bot_caller_chat: true,
  edit_date: true,
  has_protected_content: true,
  show_caption_above_media: true,
  is_from_offline: true,
  author_signature: true,
  link_preview_options: true,
  effect_id: true,
  paid_star_count: true,
  reply_markup: true,
  caption: true,
  caption_entities: true,
  media_group_id: true,
  has_media_spoiler: true,
  entities: true,
};

/** The kind of a message; undefined if unknown. */
export function kindOf(message: Message): MessageKind | undefined {
  // Its type says that these are its keys.
  return (Object.keys(POST_KINDS) as MessageKind[]).find((kind) => message[kind] !== undefined);
}

/** The field of a kind that is newer than this program. */
export function unknownKindOf(message: Message): string | undefined {
  return Object.keys(message).find(
    (field) => !Object.hasOwn(COMMON_FIELDS, field) && !Object.hasOwn(POST_KINDS, field),
  );
}
