import { beforeEach, describe, expect, test } from "vitest";
import { createLog } from "../../src/log.ts";
import { addManagedSender } from "../../src/senders/actions/add-managed-sender.ts";
import { removeSender } from "../../src/senders/actions/remove-sender.ts";
import { renewToken, replaceManagedToken } from "../../src/senders/actions/renew-token.ts";
import { takeUpSenders } from "../../src/senders/configured-senders.ts";
import { noteTokens, renewManagedToken } from "../../src/senders/managed-token.ts";
import { findSender } from "../../src/senders/sender-store.ts";
import type { SendersParts } from "../../src/senders/senders-parts.ts";
import { createTokenVault } from "../../src/senders/token-vault.ts";
import { BOT_ID, freshScope } from "../support/database.ts";
import { TOKEN, localTelegram, secretKey } from "../support/herald.ts";
import { ADMIN, NOW, emptied } from "../support/seed.ts";
import { sendersParts } from "../support/senders.ts";

const scope = await freshScope();
const ME = { id: BOT_ID, first_name: "Herald", username: "herald_bot" };

beforeEach(() => emptied(scope));

/** A home, and a bot that an owner has just made for it. */
async function staged() {
  const telegram = await localTelegram();
  telegram.bot(TOKEN, { username: "herald_bot", name: "Herald" }).managesBots = true;
  const ada = telegram.person({ id: 7, firstName: "Ada", started: true });
  const parts = sendersParts(scope, telegram);
  await parts.apiOf(TOKEN).sendMessage(7, "Make one.", {
    reply_markup: { keyboard: [[{ text: "Make", request_managed_bot: { request_id: 1 } }]] },
  });
  const { managed_bot_created: made } = await ada.createsBot(1, { name: "Coffee", username: "coffee_bot" });
  const bot = made?.bot ?? ME;
  const tokenNow = () => telegram.bots.find(({ id, revoked }) => id === bot.id && !revoked)?.token;
  const kept = async ({ home, vault }: SendersParts = parts) => {
    const sender = await findSender(home, bot.id);
    return sender && vault.open(sender);
  };
  const lines: string[] = [];
  const log = createLog("info", { write: (line: string) => void lines.push(line) });
  return { telegram, parts, bot, tokenNow, kept, log, lines };
}

async function added() {
  const stage = await staged();
  await addManagedSender(stage.parts, ADMIN, stage.bot);
  return stage;
}

describe("a managed bot", () => {
  test("is added once, with its token, however often Telegram says that it was made", async () => {
    const { parts, bot, tokenNow, kept } = await staged();
    const first = await addManagedSender(parts, ADMIN, bot);
    expect(first).toMatchObject({ isNew: true, lacking: null });
    expect(first.sender).toMatchObject({ name: "Coffee", username: "coffee_bot", managed: true });
    expect(await kept()).toBe(tokenNow());
    expect(await addManagedSender(parts, ADMIN, bot)).toMatchObject({ isNew: false, lacking: null });
  });

  test("is added without its token if there is no key to seal it with, and gets it once there is one", async () => {
    const { parts, bot, tokenNow, kept } = await staged();
    const keyless = { ...parts, vault: createTokenVault({ type: "none" }) };
    const { sender, lacking } = await addManagedSender(keyless, ADMIN, bot);
    expect(sender).toMatchObject({ managed: true, sealedToken: null });
    expect(lacking).toMatchObject({ code: "no-secret-key" });
    await renewToken(parts, ADMIN, bot.id);
    expect(await kept()).toBe(tokenNow());
  });

  test("whose token is replaced has the new one, and Telegram is asked for none that could not be kept", async () => {
    const { parts, bot, tokenNow, kept } = await added();
    const old = tokenNow();
    const keyless = { ...parts, vault: createTokenVault({ type: "none" }) };
    await expect(replaceManagedToken(keyless, ADMIN, bot.id)).rejects.toMatchObject({
      code: "no-secret-key",
    });
    expect(tokenNow()).toBe(old);
    const sender = await replaceManagedToken(parts, ADMIN, bot.id);
    expect(sender.tokenRefusedAt).toBeNull();
    expect(tokenNow()).not.toBe(old);
    expect(await kept()).toBe(tokenNow());
  });

  test("whose token Herald did not get to keep, or was not told of, gets it when the old one is refused", async () => {
    const { telegram, parts, bot, tokenNow, kept, log, lines } = await added();
    const refused = { botId: bot.id, token: await kept() };
    telegram.replaceToken(bot.id);
    expect(await kept()).not.toBe(tokenNow());
    const note = noteTokens(parts, log);
    expect(await note(refused, NOW)).toBe(true);
    expect(await kept()).toBe(tokenNow());
    // What still runs with the old one says so once more.
    expect(await note(refused, NOW)).toBe(true);
    expect(await findSender(parts.home, bot.id)).toMatchObject({ tokenRefusedAt: null });
    // Refused although it is the newest: it stays refused.
    expect(await note({ ...refused, token: await kept() }, NOW)).toBe(false);
    expect(await findSender(parts.home, bot.id)).toMatchObject({ tokenRefusedAt: NOW });
    expect(lines).toHaveLength(1);
    expect(lines.join("")).not.toContain(tokenNow()?.slice(-20));
  });

  test("gets its token again when Herald starts with another key", async () => {
    const { parts, tokenNow, kept, log, lines } = await added();
    const other = { ...parts, vault: createTokenVault({ type: "given", key: secretKey(2) }) };
    expect(await kept(other)).toBeNull();
    await takeUpSenders(other, ME, log);
    expect(await kept(other)).toBe(tokenNow());
    expect(lines.join("")).not.toContain("cannot be read");
  });

  test("that was removed is not added again by an update, and its token is asked of nobody", async () => {
    const { telegram, parts, bot, log } = await added();
    await removeSender(parts, ADMIN, { botId: bot.id, ending: [], typed: null }, 10);
    telegram.clearRecords();
    await renewManagedToken(parts, log, bot.id);
    expect(telegram.calls).toEqual([]);
    expect(await findSender(parts.home, bot.id)).toBeNull();
    await expect(addManagedSender(parts, ADMIN, bot)).rejects.toMatchObject({ code: "bot-leaving" });
  });

  test("that Telegram does not let the home manage keeps what it has, and says so", async () => {
    const { telegram, parts, bot, kept, log, lines } = await added();
    const before = await kept();
    const refusal = { error_code: 400, description: "Bad Request: BOT_INVALID" };
    telegram.fault({ method: /ManagedBotToken/, times: Infinity }, { error: refusal });
    for (const attempt of [replaceManagedToken, renewToken])
      await expect(attempt(parts, ADMIN, bot.id)).rejects.toMatchObject({ code: "bot-not-managed" });
    await renewManagedToken(parts, log, bot.id);
    expect(lines).toHaveLength(1);
    expect(await kept()).toBe(before);
  });
});

test("only owners add managed bots and replace their tokens", async () => {
  const { telegram, parts, bot } = await added();
  telegram.clearRecords();
  const admin = { type: "admin", userId: 8, owner: false } as const;
  for (const attempt of [
    () => addManagedSender(parts, admin, bot),
    () => replaceManagedToken(parts, admin, bot.id),
    () => renewToken(parts, admin, bot.id),
  ])
    await expect(attempt()).rejects.toMatchObject({ code: "forbidden" });
  expect(telegram.calls).toEqual([]);
});
