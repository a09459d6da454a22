import type { Message, SharedUser, User } from "@grammyjs/types";
import { duration, wholeDate } from "./moments.ts";
import { authorOf, kindOf, nameOf, short, snippet } from "./words.ts";
import { inLanguage, t } from "../state/locale.ts";

type Line<Field extends keyof Message> = (
  value: NonNullable<Message[Field]>,
  who: string,
  message: Message,
) => string;

/** The text of each kind of service message. `who` is who caused it. */
const LINES: { [Field in keyof Message]?: Line<Field> } = {
  pinned_message: (pinned, who) =>
    // Telegram gives messages that the bot cannot see the date 0.
    pinned.date === 0 || kindOf(pinned) === undefined
      ? t("service-pinned-any", { who })
      : t("service-pinned", { who, what: quoted(short(snippet(pinned), 40)) }),
  new_chat_members: (users, who, { from }) =>
    users.length === 1 && users[0]?.id === from?.id
      ? t("service-joined", { who })
      : t("service-added", { who, whom: names(users) }),
  left_chat_member: (user, who, { from }) =>
    user.id === from?.id ? t("service-left", { who }) : t("service-removed", { who, whom: nameOf(user) }),
  new_chat_title: (title, who, { chat }) =>
    chat.type === "channel"
      ? t("service-title-channel", { title: quoted(title) })
      : t("service-title", { who, title: quoted(title) }),
  new_chat_photo: (_photo, who, { chat }) =>
    chat.type === "channel" ? t("service-photo-channel") : t("service-photo", { who }),
  delete_chat_photo: (_true, who, { chat }) =>
    chat.type === "channel" ? t("service-no-photo-channel") : t("service-no-photo", { who }),
  group_chat_created: (_true, who) => t("service-group", { who }),
  supergroup_chat_created: (_true, who) => t("service-group", { who }),
  channel_chat_created: () => t("service-channel"),
  message_auto_delete_timer_changed: ({ message_auto_delete_time: seconds }, who) =>
    seconds === 0 ? t("service-timer-off", { who }) : t("service-timer", { who, span: span(seconds) }),
  migrate_to_chat_id: (id) => t("service-migrated-to", { id: String(id) }),
  migrate_from_chat_id: (id) => t("service-migrated-from", { id: String(id) }),
  forum_topic_created: ({ name }, who) => t("service-topic", { who, title: quoted(name) }),
  forum_topic_edited: ({ name }, who) =>
    name === undefined
      ? t("service-topic-icon", { who })
      : t("service-topic-renamed", { who, title: quoted(name) }),
  forum_topic_closed: (_topic, who) => t("service-topic-closed", { who }),
  forum_topic_reopened: (_topic, who) => t("service-topic-reopened", { who }),
  general_forum_topic_hidden: (_topic, who) => t("service-general-hidden", { who }),
  general_forum_topic_unhidden: (_topic, who) => t("service-general-shown", { who }),
  users_shared: ({ users }, who) => t("service-shared", { who, what: listed(users.map(sharedName)) }),
  chat_shared: ({ title, username, chat_id: id }, who) => {
    const named = username === undefined ? t("service-shared-chat", { id: String(id) }) : `@${username}`;
    return t("service-shared", { who, what: title === undefined ? named : quoted(title) });
  },
  managed_bot_created: ({ bot }, who) => t("service-bot", { who, bot: nameOf(bot) }),
  write_access_allowed: (_access, who) => t("service-allowed", { who }),
  connected_website: (domain, who) => t("service-website", { who, domain }),
  web_app_data: ({ button_text: text }, who) => t("service-web-app", { who, title: quoted(text) }),
  poll_option_added: ({ option_text: text }, who) => t("service-option", { who, title: quoted(text) }),
  poll_option_deleted: ({ option_text: text }, who) => t("service-option-gone", { who, title: quoted(text) }),
  checklist_tasks_done: ({ marked_as_done_task_ids: done = [] }, who) =>
    done.length > 0 ? t("service-ticked", { who, count: done.length }) : t("service-unticked", { who }),
  checklist_tasks_added: ({ tasks }, who) =>
    t("service-tasks", { who, what: listed(tasks.map(({ text }) => quoted(text))) }),
  successful_payment: ({ total_amount: amount, currency }, who) =>
    t("service-paid", { who, amount: `${amount} ${currency}` }),
  refunded_payment: ({ total_amount: amount, currency }, who) =>
    t("service-refunded", { who, amount: `${amount} ${currency}` }),
  proximity_alert_triggered: ({ traveler, watcher, distance }) =>
    t("service-near", { who: nameOf(traveler), whom: nameOf(watcher), distance }),
  boost_added: ({ boost_count: count }, who) => t("service-boost", { who, count }),
  chat_background_set: (_background, who) => t("service-wallpaper", { who }),
  chat_owner_changed: ({ new_owner: owner }) => t("service-owner", { who: nameOf(owner) }),
  video_chat_scheduled: ({ start_date: date }) => t("service-call-planned", { date: wholeDate(date) }),
  video_chat_started: (_chat, who) => t("service-call", { who }),
  video_chat_ended: ({ duration: seconds }) => t("service-call-ended", { duration: duration(seconds) }),
  video_chat_participants_invited: ({ users }, who) => t("service-call-invited", { who, whom: names(users) }),
  giveaway_created: (_giveaway, who) => t("service-giveaway", { who }),
  giveaway_completed: ({ winner_count: count }) => t("service-giveaway-over", { count }),
  gift: (_gift, who) => t("service-gift", { who }),
  unique_gift: (_gift, who) => t("service-gift", { who }),
};

/** A service message as a sentence without a full stop. */
export function serviceLine(message: Message): string {
  const who = authorOf(message);
  for (const [field, line] of Object.entries(LINES)) {
    const value = message[field as keyof Message];
    // Each function is stored under the field whose value it takes.
    if (value !== undefined) return (line as (...given: unknown[]) => string)(value, who, message);
  }
  return t("kind-service");
}

function quoted(text: string): string {
  return t("quoted", { text });
}

function names(users: readonly User[]): string {
  return listed(users.map(nameOf));
}

function sharedName({ first_name: first, last_name: last, username, user_id: id }: SharedUser): string {
  if (first !== undefined) return [first, last].filter(Boolean).join(" ");
  return username === undefined ? t("service-shared-person", { id: String(id) }) : `@${username}`;
}

const LISTS = inLanguage((locale) => new Intl.ListFormat(locale, { type: "conjunction" }));

/** "Ada, Ben and Cem". */
function listed(words: readonly string[]): string {
  return LISTS().format(words);
}

function span(seconds: number): string {
  if (seconds % 86_400 === 0) return t("span-days", { count: seconds / 86_400 });
  if (seconds % 3600 === 0) return t("span-hours", { count: seconds / 3600 });
  return t("span-minutes", { count: Math.round(seconds / 60) });
}
