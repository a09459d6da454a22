import { expect, test } from "vitest";
import { apiFor, refusalOf, telegramFor } from "./harness.ts";

async function scene() {
  const telegram = await telegramFor({ limits: "none" });
  const ada = telegram.person({ started: true });
  return { telegram, ada, api: apiFor(telegram) };
}

test("a pin is told to the chat and to the bot, in a channel as a post of the channel", async () => {
  const { telegram, api } = await scene();
  const group = telegram.group({ bot: "administrator" });
  const channel = telegram.channel();
  await api.getUpdates({ offset: -1 });
  for (const { id } of [group, channel]) {
    const sent = await api.sendMessage(id, "news");
    await api.pinChatMessage(id, sent.message_id, { disable_notification: true });
  }
  const updates = await api.getUpdates();
  const told = updates.flatMap(({ message, channel_post }) => message ?? channel_post ?? []);
  expect(told).toMatchObject([
    { chat: { id: group.id }, from: { id: 1000001 }, pinned_message: { text: "news" } },
    { chat: { id: channel.id }, sender_chat: { id: channel.id }, pinned_message: { text: "news" } },
  ]);
  expect(group.holds.at(-1)?.pinned_message?.message_id).toBe(1);
  expect(telegram.received(channel.id).map(({ text }) => text)).toEqual(["news"]);
  expect(telegram.calls.findLast(({ method }) => method === "pinChatMessage")?.options).toEqual({
    disable_notification: true,
  });
});

test("getChat shows the newest of the pinned messages, whichever was pinned last", async () => {
  const { api, ada } = await scene();
  const ids: number[] = [];
  for (const text of ["1", "2", "3"]) ids.push((await api.sendMessage(ada.id, text)).message_id);
  const [one = 0, two = 0, three = 0] = ids;
  const pinned = async () => (await api.getChat(ada.id)).pinned_message?.message_id;
  for (const id of [three, one, two]) await api.pinChatMessage(ada.id, id);
  expect(ada.pinned).toEqual([one, two, three]);
  expect(await pinned()).toBe(three);
  await api.unpinChatMessage(ada.id);
  expect(await pinned()).toBe(two);
  await api.unpinChatMessage(ada.id, one);
  expect(await refusalOf(api.unpinChatMessage(ada.id, one))).toBe(
    "400 Bad Request: message to unpin not found",
  );
  await api.deleteMessage(ada.id, two);
  expect(await pinned()).toBeUndefined();
  await api.pinChatMessage(ada.id, three);
  await api.unpinAllChatMessages(ada.id);
  expect(await pinned()).toBeUndefined();
});

test("pinning what is pinned tells nobody again, and neither what is gone nor a notice can be pinned", async () => {
  const { api, ada } = await scene();
  const { message_id: id } = await api.sendMessage(ada.id, "news");
  await api.pinChatMessage(ada.id, id);
  await api.pinChatMessage(ada.id, id);
  expect(ada.holds).toHaveLength(2);
  expect(await refusalOf(api.pinChatMessage(ada.id, 99))).toBe("400 Bad Request: message to pin not found");
  expect(await refusalOf(api.pinChatMessage(ada.id, ada.holds[1]?.message_id ?? 0))).toBe(
    "400 Bad Request: message can't be pinned",
  );
});

test.each([
  ["group", "can_pin_messages"],
  ["supergroup", "can_pin_messages"],
  ["channel", "can_edit_messages"],
] as const)("in a %s pinning and unpinning take %s", async (type, right) => {
  const { telegram, api } = await scene();
  const group = telegram.group({ type, bot: "administrator" });
  const { message_id: id } = await api.sendMessage(group.id, "news");
  await group.limits({ [right]: false });
  const refused = "400 Bad Request: not enough rights to manage pinned messages in the chat";
  expect(await refusalOf(api.pinChatMessage(group.id, id))).toBe(refused);
  expect(await refusalOf(api.unpinChatMessage(group.id, id))).toBe(refused);
  expect(await refusalOf(api.unpinAllChatMessages(group.id))).toBe(refused);
  await group.limits({ [right]: true });
  expect(await refusalOf(api.pinChatMessage(group.id, id))).toBe("accepted");
});

test("a bot that is a mere member may not pin", async () => {
  const { telegram, api } = await scene();
  const group = telegram.group();
  const { message_id: id } = await api.sendMessage(group.id, "news");
  expect(await refusalOf(api.pinChatMessage(group.id, id))).toContain("not enough rights to manage pinned");
});
