import { Api } from "grammy";
import { expect, test } from "vitest";
import { localTelegram } from "../support/herald.ts";

const MANAGER = "1000001:MANAGER";

async function managed() {
  const telegram = await localTelegram();
  telegram.bot(MANAGER, { username: "manager_bot", name: "Manager" }).managesBots = true;
  const api = new Api(MANAGER, { apiRoot: telegram.apiRoot });
  const ada = telegram.person({ id: 7, firstName: "Ada", started: true });
  await api.sendMessage(7, "Make one.", {
    reply_markup: { keyboard: [[{ text: "Make", request_managed_bot: { request_id: 5 } }]] },
  });
  const as = (token: string) => new Api(token, { apiRoot: telegram.apiRoot });
  return { telegram, api, ada, as };
}

test("a bot made by the button is known to its manager by an update and a service message, which name no token", async () => {
  const { api, ada, as } = await managed();
  expect(await api.getMe()).toMatchObject({ can_manage_bots: true });
  await ada.createsBot(5, { name: "Coffee", username: "coffee_bot" });
  const updates = await api.getUpdates();
  const { managed_bot: update } = updates.find((one) => "managed_bot" in one) ?? {};
  const { message } = updates.find((one) => one.message?.managed_bot_created) ?? {};
  expect(update).toMatchObject({ user: { id: 7 }, bot: { is_bot: true, username: "coffee_bot" } });
  expect(message?.managed_bot_created).toEqual({ bot: update?.bot });
  expect(JSON.stringify(updates)).not.toMatch(/\d:[\w-]{35}/);
  const id = update?.bot.id ?? 0;
  const token = await api.getManagedBotToken(id);
  expect(token).toMatch(new RegExp(`^${id}:[\\w-]{35}$`));
  expect(await as(token).getMe()).toMatchObject({ id, first_name: "Coffee", can_manage_bots: false });
});

test("a replaced token is refused at once, also to a poll that waits; what waits for the bot stays", async () => {
  const { telegram, api, ada, as } = await managed();
  const { managed_bot_created: made } = await ada.createsBot(5, { name: "Coffee", username: "coffee_bot" });
  const id = made?.bot.id ?? 0;
  const old = await api.getManagedBotToken(id);
  await api.getUpdates();
  const polled = as(old)
    .getUpdates({ timeout: 20 })
    .catch((error: unknown) => error);
  await as(old).getMe(); // the poll has left before
  const token = await api.replaceManagedBotToken(id);
  expect(await polled).toMatchObject({ error_code: 401 });
  expect(token).not.toBe(old);
  expect(await api.getManagedBotToken(id)).toBe(token);
  await expect(as(old).getMe()).rejects.toMatchObject({ error_code: 401 });
  const bob = telegram.person({ id: 8, firstName: "Bob", bot: id });
  await bob.sends("/start");
  telegram.replaceToken(id);
  await expect(as(token).getMe()).rejects.toMatchObject({ error_code: 401 });
  const newest = await api.getManagedBotToken(id);
  expect(await as(newest).getUpdates()).toMatchObject([{ message: { text: "/start" } }]);
  const told = (await api.getUpdates()).filter((one) => "managed_bot" in one);
  expect(told).toHaveLength(3);
});

test("only its manager gets the token, and only a bot that may manage others can have one made", async () => {
  const { telegram, api, ada, as } = await managed();
  const { managed_bot_created: made } = await ada.createsBot(5, { name: "Coffee", username: "coffee_bot" });
  const stranger = as("2000002:OTHER");
  for (const call of [
    () => stranger.getManagedBotToken(made?.bot.id ?? 0),
    () => stranger.replaceManagedBotToken(made?.bot.id ?? 0),
    () => api.getManagedBotToken(7),
  ])
    await expect(call()).rejects.toMatchObject({ error_code: 400 });
  await expect(ada.createsBot(5, { name: "Coffee", username: "Coffee_Bot" })).rejects.toThrow("taken");
  await expect(ada.createsBot(5, { name: "Tea", username: "tea" })).rejects.toThrow("ends in");
  await expect(ada.createsBot(6, { name: "Tea", username: "tea_bot" })).rejects.toThrow("request_id 6");
  telegram.bot(MANAGER).managesBots = false;
  await expect(ada.createsBot(5, { name: "Tea", username: "tea_bot" })).rejects.toThrow("may not manage");
});
