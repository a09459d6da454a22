/** The kinds of updates that Herald asks Telegram for. */
export const ALLOWED_UPDATES = [
  "message",
  "edited_message",
  "callback_query",
  "my_chat_member",
  "poll",
  "poll_answer",
  "managed_bot",
] as const;
