import type { Api } from "grammy";
import { InputFile } from "grammy";
import { expect, test } from "vitest";
import { apiFor, refusalOf, telegramFor } from "./harness.ts";

const photo = () => new InputFile(Buffer.from("p"), "p.jpg");

async function scene() {
  const telegram = await telegramFor({ limits: "none" });
  return { telegram, api: apiFor(telegram) };
}

/** The newest my_chat_member that the bot has got. */
async function newestChange(api: Api) {
  return (await api.getUpdates()).findLast((update) => update.my_chat_member)?.my_chat_member;
}

test("people are creator, administrators, members or not there", async () => {
  const { telegram, api } = await scene();
  const [ada, bob, eve, out] = [1, 2, 3, 4].map((id) => telegram.person({ id }));
  if (!ada || !bob || !eve || !out) throw new Error("four people");
  const group = telegram.group({ creator: ada, admins: [bob], members: [eve] });
  const statuses = async () => {
    const members = [ada, bob, eve, out].map(({ id }) => api.getChatMember(group.id, id));
    return (await Promise.all(members)).map(({ status }) => status);
  };
  expect(await statuses()).toEqual(["creator", "administrator", "member", "left"]);
  await group.promotes(eve, { can_pin_messages: false });
  expect(await api.getChatMember(group.id, eve.id)).toMatchObject({
    status: "administrator",
    can_pin_messages: false,
    can_delete_messages: true,
  });
  await group.demotes(bob);
  await group.loses(eve);
  await group.admits(out);
  expect(await statuses()).toEqual(["creator", "member", "left", "member"]);
  await expect(group.demotes(ada)).rejects.toThrow("owns");
});

test("getChatAdministrators lists the creator, the administrators and the bot if it is one", async () => {
  const { telegram, api } = await scene();
  const [ada, bob, eve] = [telegram.person(), telegram.person(), telegram.person()];
  const group = telegram.group({ members: [ada, eve], admins: [bob] });
  const list = async () =>
    (await api.getChatAdministrators(group.id)).map(({ user, status }) => [user.id, status]);
  expect(await list()).toEqual([
    [ada.id, "creator"],
    [bob.id, "administrator"],
  ]);
  await group.adds("administrator");
  expect(await list()).toContainEqual([1000001, "administrator"]);
});

test("only an administrator of a channel may ask who is in it", async () => {
  const { telegram, api } = await scene();
  const ada = telegram.person();
  const channel = telegram.channel({ admins: [ada], bot: "member" });
  const inaccessible = "400 Bad Request: member list is inaccessible";
  expect(await refusalOf(api.getChatMember(channel.id, ada.id))).toBe(inaccessible);
  expect(await refusalOf(api.getChatAdministrators(channel.id))).toBe(inaccessible);
  expect(await api.getChatMember(channel.id, 1000001)).toMatchObject({ status: "member" });
  await channel.adds("administrator");
  expect(await api.getChatMember(channel.id, ada.id)).toMatchObject({ status: "creator" });
});

test("a bot that is an administrator hears of other members by chat_member, when it asks for that", async () => {
  const { telegram, api } = await scene();
  const [ada, bob] = [telegram.person(), telegram.person()];
  await api.getUpdates({ allowed_updates: ["chat_member"] });
  const group = telegram.group({ members: [ada] });
  await group.admits(bob);
  await group.adds("administrator");
  await group.promotes(bob);
  expect(await api.getUpdates()).toMatchObject([
    {
      chat_member: {
        chat: { id: group.id },
        old_chat_member: { status: "member", user: { id: bob.id } },
        new_chat_member: { status: "administrator" },
      },
    },
  ]);
});

test("my_chat_member says who made the bot an administrator and with which rights", async () => {
  const { telegram, api } = await scene();
  const [ada, bob] = [telegram.person(), telegram.person()];
  const channel = telegram.channel({ creator: ada, admins: [bob], bot: "left" });
  await channel.adds("administrator", { can_edit_messages: false }, bob);
  expect(await newestChange(api)).toMatchObject({
    chat: { id: channel.id, type: "channel" },
    from: { id: bob.id },
    old_chat_member: { status: "left" },
    new_chat_member: { status: "administrator", can_post_messages: true, can_edit_messages: false },
  });
  await channel.limits({ can_post_messages: false });
  expect(await newestChange(api)).toMatchObject({
    from: { id: ada.id },
    old_chat_member: { can_post_messages: true, can_edit_messages: false },
    new_chat_member: { can_post_messages: false, can_edit_messages: false },
  });
});

test("a channel takes no posts from a bot without the right to post", async () => {
  const { telegram, api } = await scene();
  const channel = telegram.channel();
  const { message_id: id } = await api.sendMessage(channel.id, "first");
  await channel.limits({ can_post_messages: false, can_edit_messages: false });
  const refused = "400 Bad Request: need administrator rights in the channel chat";
  expect(await refusalOf(api.sendMessage(channel.id, "x"))).toBe(refused);
  expect(await refusalOf(api.sendPhoto(channel.id, photo()))).toBe(refused);
  expect(await refusalOf(api.copyMessage(channel.id, channel.id, id))).toBe(refused);
  expect(await refusalOf(api.editMessageText(channel.id, id, "y"))).toBe(
    "400 Bad Request: message can't be edited",
  );
  await channel.adds("member");
  expect(await refusalOf(api.sendMessage(channel.id, "x"))).toBe(refused);
  expect(channel.holds).toHaveLength(1);
});

test("in a channel others' posts can be edited with the right to edit", async () => {
  const { telegram, api } = await scene();
  const channel = telegram.channel();
  const { message_id: id } = await channel.posts("teh news");
  await api.editMessageText(channel.id, id, "the news");
  expect(channel.holds).toMatchObject([{ text: "the news" }]);
  expect(telegram.received(channel.id)).toEqual([]);
  await channel.limits({ can_edit_messages: false });
  expect(await refusalOf(api.editMessageText(channel.id, id, "x"))).toBe(
    "400 Bad Request: message can't be edited",
  );
});

test("a bot that is restricted may not send what it may not, until it may everything again", async () => {
  const { telegram, api } = await scene();
  const group = telegram.group();
  await group.limits({ can_send_photos: false });
  expect(await newestChange(api)).toMatchObject({
    old_chat_member: { status: "member" },
    new_chat_member: {
      status: "restricted",
      is_member: true,
      can_send_photos: false,
      can_send_messages: true,
    },
  });
  expect(await refusalOf(api.sendPhoto(group.id, photo()))).toBe(
    "400 Bad Request: not enough rights to send photos to the chat",
  );
  expect(await refusalOf(api.sendMessage(group.id, "x"))).toBe("accepted");
  await group.limits({ can_send_photos: true });
  expect(await newestChange(api)).toMatchObject({ new_chat_member: { status: "member" } });
  expect(await refusalOf(api.sendPhoto(group.id, photo()))).toBe("accepted");
  await expect(telegram.group({ type: "group" }).limits({ can_send_photos: false })).rejects.toThrow(
    "Only in a supergroup",
  );
});

test("where members may not send, an administrator may", async () => {
  const { telegram, api } = await scene();
  const group = telegram.group();
  await group.permits({ can_send_messages: false, can_send_polls: false });
  expect(await api.getChat(group.id)).toMatchObject({
    permissions: { can_send_messages: false, can_send_photos: true },
  });
  expect(await refusalOf(api.sendMessage(group.id, "x"))).toBe(
    "400 Bad Request: not enough rights to send text messages to the chat",
  );
  const poll = api.sendPoll(group.id, "Which?", [{ text: "A" }, { text: "B" }]);
  expect(await refusalOf(poll)).toBe("400 Bad Request: not enough rights to send polls to the chat");
  await group.adds("administrator");
  expect(await refusalOf(api.sendMessage(group.id, "x"))).toBe("accepted");
});

test("a bot that was thrown out can be added again, and can leave by itself", async () => {
  const { telegram, api } = await scene();
  const [ada, bob] = [telegram.person(), telegram.person()];
  const group = telegram.group({ members: [ada, bob] });
  await group.kicks(bob);
  expect(await newestChange(api)).toMatchObject({
    from: { id: bob.id },
    new_chat_member: { status: "kicked" },
  });
  expect(await refusalOf(api.sendMessage(group.id, "x"))).toBe(
    "403 Forbidden: bot was kicked from the supergroup chat",
  );
  await ada.sends("unheard", { in: group });
  await group.adds();
  expect(await refusalOf(api.sendMessage(group.id, "x"))).toBe("accepted");
  await api.leaveChat(group.id);
  expect(await newestChange(api)).toMatchObject({
    from: { id: 1000001 },
    new_chat_member: { status: "left" },
  });
  expect(await refusalOf(api.sendMessage(group.id, "x"))).toBe(
    "403 Forbidden: bot is not a member of the supergroup chat",
  );
  expect((await api.getUpdates()).filter((update) => update.message)).toEqual([]);
});

test("slow mode binds a member, an album counting once, and no administrator", async () => {
  const { telegram, api } = await scene();
  const group = telegram.group();
  await group.slowMode(30);
  expect(await api.getChat(group.id)).toMatchObject({ slow_mode_delay: 30 });
  const album = [1, 2].map(() => ({ type: "photo" as const, media: photo() }));
  await api.sendMediaGroup(group.id, album);
  await expect(api.sendMessage(group.id, "x")).rejects.toMatchObject({
    error_code: 429,
    description: "Too Many Requests: retry after 30",
    parameters: { retry_after: 30 },
  });
  expect(telegram.tooMany).toBe(0);
  await group.slowMode(1);
  await api.sendMessage(group.id, "1");
  expect(await refusalOf(api.sendMessage(group.id, "2"))).toContain("retry after 1");
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect(await refusalOf(api.sendMessage(group.id, "2"))).toBe("accepted");
  await group.adds("administrator");
  expect(await refusalOf(api.sendMessage(group.id, "3"))).toBe("accepted");
});
