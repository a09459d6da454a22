import { expect, test } from "vitest";
import { apiFor, refusalOf, telegramFor } from "./harness.ts";

const HOURS_48 = 48 * 3600;

async function scene() {
  const telegram = await telegramFor({ limits: "none" });
  return { telegram, api: apiFor(telegram) };
}

test.each([
  ["group", "message can't be deleted for everyone"],
  ["supergroup", "message can't be deleted"],
  ["channel", "message can't be deleted"],
] as const)("after 48 hours nothing in a %s can be deleted", async (type, words) => {
  const { telegram, api } = await scene();
  const group = telegram.group({ type, bot: "administrator" });
  const { message_id: young } = await api.sendMessage(group.id, "young");
  const { message_id: old } = await api.sendMessage(group.id, "old");
  expect(telegram.ages(group.id, young, HOURS_48 - 60).text).toBe("young");
  telegram.ages(group.id, old, HOURS_48 + 60);
  expect(await refusalOf(api.deleteMessage(group.id, young))).toBe("accepted");
  expect(await refusalOf(api.deleteMessage(group.id, old))).toBe(`400 Bad Request: ${words}`);
  expect(group.holds.map(({ text }) => text)).toEqual(["old"]);
  expect(() => telegram.ages(group.id, young, 1)).toThrow("There is no message");
});

test("in a private chat a bot may delete what the person wrote, but nothing old", async () => {
  const { telegram, api } = await scene();
  const ada = telegram.person();
  const { message_id: first } = await ada.sends("one");
  const { message_id: second } = await ada.sends("two");
  telegram.ages(ada.id, second, HOURS_48 + 60);
  expect(await refusalOf(api.deleteMessage(ada.id, first))).toBe("accepted");
  expect(await refusalOf(api.deleteMessage(ada.id, second))).toBe(
    "400 Bad Request: message can't be deleted for everyone",
  );
});

test("what is deleted is not found a second time", async () => {
  const { telegram, api } = await scene();
  const channel = telegram.channel();
  const { message_id: id } = await api.sendMessage(channel.id, "x");
  await api.deleteMessage(channel.id, id);
  expect(await refusalOf(api.deleteMessage(channel.id, id))).toBe(
    "400 Bad Request: message to delete not found",
  );
  expect(await refusalOf(api.deleteMessages(channel.id, [id]))).toBe("accepted");
});

test("in a channel one's own posts take the right to post, those of others the right to delete", async () => {
  const { telegram, api } = await scene();
  const channel = telegram.channel();
  await channel.limits({ can_delete_messages: false });
  const { message_id: own } = await api.sendMessage(channel.id, "own");
  const { message_id: kept } = await api.sendMessage(channel.id, "kept");
  const { message_id: others } = await channel.posts("others'");
  const refused = "400 Bad Request: message can't be deleted";
  expect(await refusalOf(api.deleteMessage(channel.id, others))).toBe(refused);
  expect(await refusalOf(api.deleteMessage(channel.id, own))).toBe("accepted");
  await channel.limits({ can_post_messages: false });
  expect(await refusalOf(api.deleteMessage(channel.id, kept))).toBe(refused);
  await channel.limits({ can_delete_messages: true });
  expect(await refusalOf(api.deleteMessages(channel.id, [kept, others]))).toBe("accepted");
  expect(channel.holds).toEqual([]);
});

test("in a group a member deletes only its own, and of several either all or none", async () => {
  const { telegram, api } = await scene();
  const ada = telegram.person();
  const group = telegram.group({ members: [ada] });
  const { message_id: own } = await api.sendMessage(group.id, "own");
  const { message_id: hers } = await ada.sends("hers", { in: group });
  expect(await refusalOf(api.deleteMessages(group.id, [own, hers]))).toBe(
    "400 Bad Request: message can't be deleted",
  );
  expect(group.holds).toHaveLength(2);
  await api.deleteMessage(group.id, own);
  await group.adds("administrator");
  await api.deleteMessage(group.id, hers);
  expect(group.holds).toEqual([]);
});

test("a bot that is gone from a chat deletes nothing there", async () => {
  const { telegram, api } = await scene();
  const channel = telegram.channel();
  const { message_id: id } = await api.sendMessage(channel.id, "x");
  await channel.kicks();
  const kicked = "403 Forbidden: bot was kicked from the channel chat";
  expect(await refusalOf(api.deleteMessage(channel.id, id))).toBe(kicked);
  expect(await refusalOf(api.deleteMessages(channel.id, [id]))).toBe(kicked);
  expect(await refusalOf(api.editMessageText(channel.id, id, "y"))).toBe(kicked);
});
