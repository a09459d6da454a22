import type { Message, User } from "@grammyjs/types";
import { duration, wholeDate } from "./moments.ts";
import { authorOf, kindOf, nameOf, short, snippet } from "./words.ts";

type Line<Field extends keyof Message> = (
  value: NonNullable<Message[Field]>,
  who: string,
  message: Message,
) => string;

/** What is said of each kind of service message. `who` is who caused it. */
const LINES: { [Field in keyof Message]?: Line<Field> } = {
  pinned_message: (pinned, who) =>
    // Telegram dates a message that the bot cannot see with 0.
    `${who} pinned ${pinned.date === 0 || kindOf(pinned) === undefined ? "a message" : quoted(short(snippet(pinned), 40))}`,
  new_chat_members: (users, who, { from }) =>
    users.length === 1 && users[0]?.id === from?.id
      ? `${who} joined the group`
      : `${who} added ${names(users)}`,
  left_chat_member: (user, who, { from }) =>
    user.id === from?.id ? `${who} left the group` : `${who} removed ${nameOf(user)}`,
  new_chat_title: (title, who, { chat }) =>
    chat.type === "channel"
      ? `The channel is now called ${quoted(title)}`
      : `${who} renamed the group to ${quoted(title)}`,
  new_chat_photo: (_photo, who, { chat }) =>
    chat.type === "channel" ? "The channel has a new photo" : `${who} changed the group’s photo`,
  delete_chat_photo: (_true, who, { chat }) =>
    chat.type === "channel" ? "The channel’s photo was removed" : `${who} removed the group’s photo`,
  group_chat_created: (_true, who) => `${who} created the group`,
  supergroup_chat_created: (_true, who) => `${who} created the group`,
  channel_chat_created: () => "The channel was created",
  message_auto_delete_timer_changed: ({ message_auto_delete_time: seconds }, who) =>
    seconds === 0
      ? `${who} no longer lets messages delete themselves`
      : `${who} lets messages delete themselves after ${span(seconds)}`,
  migrate_to_chat_id: (id) => `The group became a supergroup: ${id}`,
  migrate_from_chat_id: (id) => `This supergroup was the group ${id}`,
  forum_topic_created: ({ name }, who) => `${who} created the topic ${quoted(name)}`,
  forum_topic_edited: ({ name }, who) =>
    name === undefined ? `${who} changed the topic’s icon` : `${who} renamed the topic to ${quoted(name)}`,
  forum_topic_closed: (_topic, who) => `${who} closed the topic`,
  forum_topic_reopened: (_topic, who) => `${who} reopened the topic`,
  general_forum_topic_hidden: (_topic, who) => `${who} hid the topic General`,
  general_forum_topic_unhidden: (_topic, who) => `${who} showed the topic General again`,
  users_shared: ({ users }, who) =>
    `${who} shared ${listed(users.map(({ first_name: first, last_name: last, username, user_id: id }) => (first === undefined ? (username === undefined ? `person ${id}` : `@${username}`) : [first, last].filter(Boolean).join(" "))))} with the bot`,
  chat_shared: ({ title, username, chat_id: id }, who) =>
    `${who} shared ${title === undefined ? (username === undefined ? `chat ${id}` : `@${username}`) : quoted(title)} with the bot`,
  write_access_allowed: (_access, who) => `${who} allowed the bot to write to them`,
  connected_website: (domain, who) => `${who} logged in at ${domain}`,
  web_app_data: ({ button_text: text }, who) => `${who} sent data from the Mini App ${quoted(text)}`,
  poll_option_added: ({ option_text: text }, who) => `${who} added ${quoted(text)} to the poll`,
  poll_option_deleted: ({ option_text: text }, who) => `${who} took ${quoted(text)} out of the poll`,
  checklist_tasks_done: ({ marked_as_done_task_ids: done = [] }, who) =>
    done.length > 0 ? `${who} ticked off ${count(done.length, "task")}` : `${who} unticked tasks`,
  checklist_tasks_added: ({ tasks }, who) => `${who} added ${listed(tasks.map(({ text }) => quoted(text)))}`,
  successful_payment: ({ total_amount: amount, currency }, who) => `${who} paid ${amount} ${currency}`,
  refunded_payment: ({ total_amount: amount, currency }, who) => `${who} got ${amount} ${currency} back`,
  proximity_alert_triggered: ({ traveler, watcher, distance }) =>
    `${nameOf(traveler)} is within ${distance} m of ${nameOf(watcher)}`,
  boost_added: ({ boost_count: boosts }, who) =>
    `${who} boosted the group ${boosts === 1 ? "once" : `${boosts} times`}`,
  chat_background_set: (_background, who) => `${who} changed the wallpaper`,
  chat_owner_changed: ({ new_owner: owner }) => `${nameOf(owner)} owns the group now`,
  video_chat_scheduled: ({ start_date: date }) => `A video chat is planned for ${wholeDate(date)}`,
  video_chat_started: (_chat, who) => `${who} started a video chat`,
  video_chat_ended: ({ duration: seconds }) => `The video chat ended after ${duration(seconds)}`,
  video_chat_participants_invited: ({ users }, who) => `${who} invited ${names(users)} to the video chat`,
  giveaway_created: (_giveaway, who) => `${who} started a giveaway`,
  giveaway_completed: ({ winner_count: winners }) => `The giveaway has ${count(winners, "winner")}`,
  gift: (_gift, who) => `${who} sent a gift`,
  unique_gift: (_gift, who) => `${who} sent a gift`,
};

/** What a service message says, as a sentence without a full stop. */
export function serviceLine(message: Message): string {
  const who = authorOf(message);
  for (const [field, line] of Object.entries(LINES)) {
    const value = message[field as keyof Message];
    // Each line stands under the field whose value it takes.
    if (value !== undefined) return (line as (...given: unknown[]) => string)(value, who, message);
  }
  return "Service message";
}

function quoted(text: string): string {
  return `“${text}”`;
}

function names(users: readonly User[]): string {
  return listed(users.map(nameOf));
}

/** "Ada, Ben and Cem". */
function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function span(seconds: number): string {
  if (seconds % 86_400 === 0) return count(seconds / 86_400, "day");
  return seconds % 3600 === 0 ? count(seconds / 3600, "hour") : count(Math.round(seconds / 60), "minute");
}
