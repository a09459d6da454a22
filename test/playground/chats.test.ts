import { Keyboard } from "grammy";
import { expect, test } from "vitest";
import { apiFor, refusalOf, telegramFor } from "./harness.ts";

async function scene() {
  const telegram = await telegramFor({ limits: "none" });
  const ada = telegram.person({ firstName: "Ada", started: true });
  return { telegram, ada, api: apiFor(telegram) };
}

/** The rights that a button asks for: none but these. */
const rights = (granted: object) => ({
  is_anonymous: false,
  can_manage_chat: false,
  can_delete_messages: false,
  can_manage_video_chats: false,
  can_restrict_members: false,
  can_promote_members: false,
  can_change_info: false,
  can_invite_users: false,
  can_post_stories: false,
  can_edit_stories: false,
  can_delete_stories: false,
  can_send_welcome_messages: false,
  ...granted,
});

test("a forwarded post carries the channel that it comes from, though the bot is not in it", async () => {
  const { telegram, api, ada } = await scene();
  const channel = telegram.channel({ title: "News", username: "news", bot: "left" });
  const post = await channel.posts({ photo: true, caption: "look" });
  const forward = await ada.forwards(post);
  const [update, ...others] = await api.getUpdates();
  expect(others).toEqual([]);
  expect(update?.message).toEqual(forward);
  expect(forward).toMatchObject({
    chat: { id: ada.id },
    photo: post.photo,
    caption: "look",
    forward_origin: {
      type: "channel",
      chat: { id: channel.id, title: "News", username: "news" },
      message_id: post.message_id,
      date: post.date,
    },
  });
  const guarded = await channel.posts({ text: "secret", has_protected_content: true });
  await expect(ada.forwards(guarded)).rejects.toThrow("nobody forward secret");
});

test("a forward of a person's message names the person, in a group, too", async () => {
  const { telegram, ada } = await scene();
  const bob = telegram.person({ firstName: "Bob" });
  const group = telegram.group({ members: [ada, bob] });
  const forward = await ada.forwards(await bob.sends("hello"), { in: group });
  expect(forward).toMatchObject({
    chat: { id: group.id },
    from: { id: ada.id },
    forward_origin: { type: "user", sender_user: { first_name: "Bob" } },
  });
});

test("the chat picker shares what the button asks for", async () => {
  const { telegram, api, ada } = await scene();
  const group = telegram.group({ title: "Friends", username: "friends", members: [ada] });
  const keyboard = new Keyboard()
    .requestChat("Bare", 1, { chat_is_channel: false })
    .requestChat("Named", 2, { chat_is_channel: false, request_title: true, request_username: true });
  await api.sendMessage(ada.id, "Which group?", { reply_markup: keyboard });
  const bare = await ada.sharesChat(1, group);
  expect(bare.chat_shared).toEqual({ request_id: 1, chat_id: group.id });
  const named = await ada.sharesChat(2, group);
  expect(named.chat_shared).toEqual({
    request_id: 2,
    chat_id: group.id,
    title: "Friends",
    username: "friends",
  });
  expect((await api.getUpdates()).at(-1)?.message).toEqual(named);
});

test("the chat picker makes the bot an administrator where the button asks for that", async () => {
  const { telegram, api, ada } = await scene();
  const channel = telegram.channel({ admins: [ada], bot: "left" });
  const keyboard = new Keyboard().requestChat("Channel", 1, {
    chat_is_channel: true,
    user_administrator_rights: rights({ can_post_messages: true }),
    bot_administrator_rights: rights({ can_post_messages: true }),
  });
  await api.sendMessage(ada.id, "Which channel?", { reply_markup: keyboard });
  await ada.sharesChat(1, channel);
  const [change, shared] = await api.getUpdates();
  expect(change?.my_chat_member).toMatchObject({
    from: { id: ada.id },
    new_chat_member: { status: "administrator", can_post_messages: true, can_edit_messages: false },
  });
  expect(shared?.message?.chat_shared).toMatchObject({ chat_id: channel.id });
  await api.sendMessage(channel.id, "hello");
  await ada.sharesChat(1, channel);
  expect((await api.getUpdates()).filter((update) => update.my_chat_member)).toHaveLength(1);
});

test("the chat picker offers only what fits", async () => {
  const { telegram, api, ada } = await scene();
  const bob = telegram.person({ firstName: "Bob" });
  const keyboard = new Keyboard()
    .requestChat("Group", 1, { chat_is_channel: false, bot_is_member: true })
    .requestChat("Mine", 2, { chat_is_channel: false, chat_is_created: true })
    .requestChat("Ruled", 3, { chat_is_channel: false, user_administrator_rights: rights({}) })
    .requestChat("Public", 4, { chat_is_channel: false, chat_has_username: true })
    .requestChat("Forum", 5, { chat_is_channel: false, chat_is_forum: true });
  await api.sendMessage(ada.id, "Which?", { reply_markup: keyboard });
  const group = telegram.group({ title: "Bob's", members: [bob, ada], bot: "left" });
  await expect(ada.sharesChat(1, telegram.channel({ members: [ada] }))).rejects.toThrow("asks for a group");
  await expect(ada.sharesChat(1, telegram.group({ members: [bob] }))).rejects.toThrow("Ada is not in it");
  await expect(ada.sharesChat(1, group)).rejects.toThrow("does not offer Bob's: the bot is not in it");
  await expect(ada.sharesChat(2, group)).rejects.toThrow("Ada does not own it");
  await expect(ada.sharesChat(3, group)).rejects.toThrow("Ada is no administrator of it");
  await expect(ada.sharesChat(4, group)).rejects.toThrow("asks for a public chat");
  await expect(ada.sharesChat(5, group)).rejects.toThrow("asks for a group with topics");
  await expect(ada.sharesChat(6, group)).rejects.toThrow("no button that asks for a chat");
});

test("@username finds a public chat, which can be looked at from outside but not written to", async () => {
  const { telegram, api } = await scene();
  const channel = telegram.channel({ username: "news", title: "News" });
  await api.sendMessage("@NEWS", "hello");
  expect(telegram.calls.at(-1)).toMatchObject({ method: "sendMessage", chatId: channel.id });
  expect(await refusalOf(api.sendMessage("@nowhere", "x"))).toBe("400 Bad Request: chat not found");
  await channel.kicks();
  expect(await api.getChat("@news")).toMatchObject({ id: channel.id, title: "News" });
  expect(await refusalOf(api.sendMessage("@news", "x"))).toBe(
    "403 Forbidden: bot was kicked from the channel chat",
  );
  const hidden = telegram.channel({ bot: "left" });
  expect(await refusalOf(api.getChat(hidden.id))).toBe(
    "403 Forbidden: bot is not a member of the channel chat",
  );
});

test("a group that becomes a supergroup says so in both, with everybody and the bot in it", async () => {
  const { telegram, api, ada } = await scene();
  const bob = telegram.person();
  const group = telegram.group({ type: "group", members: [ada], admins: [bob], bot: "administrator" });
  await api.getUpdates({ offset: -1 });
  const next = await group.migrates();
  const [, ...updates] = await api.getUpdates();
  expect(updates).toMatchObject([
    { message: { chat: { id: group.id, type: "group" }, migrate_to_chat_id: next.id } },
    { message: { chat: { id: next.id, type: "supergroup" }, migrate_from_chat_id: group.id } },
  ]);
  expect(updates).toHaveLength(2);
  const administrators = await api.getChatAdministrators(next.id);
  expect(administrators.map(({ user, status }) => [user.id, status])).toEqual([
    [ada.id, "creator"],
    [bob.id, "administrator"],
    [1000001, "administrator"],
  ]);
  await expect(api.getChat(group.id)).rejects.toMatchObject({
    parameters: { migrate_to_chat_id: next.id },
  });
});

test("a call's record keeps the options of sending that the message does not show", async () => {
  const { telegram, api, ada } = await scene();
  const sent = await api.sendMessage(ada.id, "quiet", {
    disable_notification: true,
    protect_content: true,
    allow_paid_broadcast: true,
  });
  expect(sent.has_protected_content).toBe(true);
  await api.sendMessage(ada.id, "loud");
  expect(telegram.calls.map(({ options }) => options)).toEqual([
    { disable_notification: true, protect_content: true, allow_paid_broadcast: true },
    undefined,
  ]);
  const forum = telegram.group({ isForum: true });
  const { message_thread_id } = forum.topic("News");
  await api.sendMessage(forum.id, "there", { message_thread_id });
  expect(telegram.calls.at(-1)?.options).toEqual({ message_thread_id });
});
