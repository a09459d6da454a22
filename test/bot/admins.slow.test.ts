import { describe, expect, test } from "vitest";
import { audit } from "../../src/db/schema.ts";
import { broadcasts, cardOf, composes, ownerOf, register, until, within } from "../support/broadcast.ts";
import { emptyLocation } from "../support/database.ts";
import { OWNER_ID, localTelegram, running } from "../support/herald.ts";

/** An owner, Anna whose id is 7, and 50 people. */
async function scene() {
  const telegram = await localTelegram({ limits: "none" });
  const owner = ownerOf(telegram);
  const anna = telegram.person({
    id: 7,
    firstName: "Anna",
    lastName: "Lee",
    languageCode: "en",
    started: true,
  });
  telegram.people(50, { firstId: 100_000 });
  const database = await emptyLocation();
  await register(
    database,
    Array.from({ length: 50 }, (_, index) => 100_000 + index),
  );
  const herald = await running(telegram, { database, messagesPerSecond: 5 });
  const asksToAdd = async () => {
    await owner.sends("/admins");
    await owner.sees("Owners (from the configuration): Olga (1)");
    await owner.taps("Add an admin");
    await owner.sees("Who should become an admin?");
  };
  return { telegram, owner, anna, database, herald, asksToAdd };
}

describe("an owner names an admin", () => {
  test("by Telegram's picker", async () => {
    const { owner, anna, asksToAdd } = await scene();
    await asksToAdd();
    await owner.sharesUsers(1, [anna]);
    await owner.sees("Anna Lee is an admin now");
    await anna.sees("You are now an admin of this bot");
    await anna.sends("/broadcast");
    await anna.sees("Send me the post");
  });

  test("by a forwarded message, unless its sender is hidden", async () => {
    const { owner, anna, asksToAdd } = await scene();
    await asksToAdd();
    await owner.sends("Hi", { forward_origin: { type: "hidden_user", sender_user_name: "A.", date: 1 } });
    await owner.sees("account is hidden in forwarded messages");
    await owner.sends("Hi", { forward_origin: { type: "user", sender_user: anna.user, date: 1 } });
    await owner.sees("Anna Lee is an admin now");
  });

  test("by id; what is no id is answered, and naming somebody twice changes nothing", async () => {
    const { owner, asksToAdd } = await scene();
    await asksToAdd();
    await owner.sends("@anna");
    await owner.sees("This is not a Telegram id");
    await owner.sends("7");
    await owner.sees("7 is an admin now");
    await asksToAdd();
    await owner.sends("7");
    await owner.sees("is already an admin");
  });
});

test("a new admin is welcomed in their own language, not in that of the owner", async () => {
  const { telegram, owner, asksToAdd } = await scene();
  const ivan = telegram.person({ id: 8, firstName: "Иван", languageCode: "ru", started: true });
  await ivan.sends("/start");
  await ivan.sees("Здравствуйте, Иван!");
  await asksToAdd();
  await owner.sharesUsers(1, [ivan]);
  await owner.sees("Иван is an admin now");
  await ivan.sees("Теперь вы админ этого бота");
});

test("/help lists what somebody can do and no more, without a word of a wrong command", async () => {
  const { telegram, owner, asksToAdd } = await scene();
  await owner.sends("/help");
  const { text } = await owner.sees("What I can do:");
  expect(text).toMatch(/^What I can do:\n\/broadcast/);
  expect(text).toMatch(/\n\/admins – who may send\n\/start, \/stop, \/language – for yourself$/);
  await asksToAdd();
  await owner.sends("7");
  await owner.sees("is an admin now");
  const admin = telegram.person({ id: 7, firstName: "Ada", languageCode: "en", started: true });
  await admin.sends("/help");
  expect((await admin.sees("What I can do:")).text).toBe(text?.replace("/admins – who may send\n", ""));
  const stranger = telegram.person({ id: 9, firstName: "Сэм", languageCode: "ru", started: true });
  await stranger.sends("/help");
  const theirs = (await stranger.sees("Вот что я умею:")).text;
  expect(theirs).toMatch(/^Вот что я умею:\n\/start/);
  expect(theirs).not.toContain("/broadcast");
});

test("who did what stands in the audit table", async () => {
  const { owner, database, herald, asksToAdd } = await scene();
  await asksToAdd();
  await owner.sends("7");
  await owner.sees("is an admin now");
  await owner.sends("/admins");
  await owner.sees("Admins: 7 (7)");
  await owner.taps("Remove 7");
  await owner.sees("Admins: none yet");
  await broadcasts(owner, "Audited.");
  await owner.sees("sending");
  await owner.taps("Pause");
  await owner.sends("/resume 1");
  await owner.sees("sending");
  await herald.stop();
  const rows = await within(database, ({ db }) => db.select().from(audit).orderBy(audit.id));
  expect(rows.map(({ action, actorId, subject }) => [action, actorId, subject])).toEqual([
    ["admin.added", OWNER_ID, 7],
    ["admin.removed", OWNER_ID, 7],
    ["campaign.created", OWNER_ID, 1],
    ["campaign.confirmed", OWNER_ID, 1],
    ["campaign.paused", OWNER_ID, 1],
    ["campaign.resumed", OWNER_ID, 1],
  ]);
});

test("an admin who is no owner cannot name admins, and a stranger cannot do anything", async () => {
  const { telegram, owner, anna, asksToAdd } = await scene();
  await asksToAdd();
  await owner.sends("7");
  await owner.sees("is an admin now");
  await anna.sends("/admins");
  await anna.sees("I do not know this command");
  const stranger = telegram.person({ id: 9, firstName: "Sam", languageCode: "en", started: true });
  for (const command of ["/broadcast", "/campaigns", "/admins", "/pause 1", "/campaign 1"]) {
    await stranger.sends(command);
    await stranger.sees("I do not know this command");
  }
});

test("the command menu is short for people, longer for admins, longest for owners, in both languages", async () => {
  const { telegram, owner, anna, asksToAdd } = await scene();
  await asksToAdd();
  await owner.sharesUsers(1, [anna]);
  await owner.sees("is an admin now");
  const names = (scope: object, language: string) =>
    telegram.commands
      .find((list) => JSON.stringify(list.scope) === JSON.stringify(scope) && list.languageCode === language)
      ?.commands.map(({ command }) => command);
  const people = ["start", "stop", "language", "help"];
  const steer = ["campaign", "pause", "resume", "cancel"];
  const screens = ["timezone", "stats", "status", "settings"];
  const admins = ["broadcast", "schedule", "campaigns", "calendar", ...steer, ...screens, ...people];
  for (const language of ["", "ru"]) {
    expect(names({ type: "all_private_chats" }, language)).toEqual(people);
    expect(names({ type: "chat", chat_id: 7 }, language)).toEqual(admins);
    expect(names({ type: "chat", chat_id: OWNER_ID }, language)?.toSorted()).toEqual(
      ["admins", ...admins].toSorted(),
    );
  }
});

test("who was removed as an admin loses every old button at once", async () => {
  const { owner, anna: admin, asksToAdd } = await scene();
  await asksToAdd();
  await owner.sends("7");
  await owner.sees("is an admin now");
  await broadcasts(admin, "From Anna.");
  await admin.sees("sending");
  await composes(admin, "Another from Anna.");
  await owner.sends("/admins");
  await owner.sees("Owners");
  await owner.taps("Remove 7");
  await owner.sees("Admins: none yet");
  const refusal = { text: "Only admins of this bot can do this.", show_alert: true };
  expect(await admin.taps("Send now")).toMatchObject(refusal);
  expect(await admin.taps("Pause")).toMatchObject(refusal);
  await admin.sends("/broadcast");
  await admin.sees("I do not know this command");
});

test("who was removed as an admin reads no more of a campaign than they had", async () => {
  const { owner, anna, asksToAdd } = await scene();
  await asksToAdd();
  await owner.sends("7");
  await anna.sees("You are now an admin of this bot");
  await broadcasts(anna, "For all");
  await until(() => /Sent [1-9]/.test(cardOf(anna)?.text ?? ""));
  await owner.sends("/admins");
  await owner.sees("Owners");
  await owner.taps(/^Remove /);
  await owner.sees("Admins: none yet");
  await owner.sees(/^Campaign #1 · finished/, { within: 30_000 }); // told instead of its author
  expect(cardOf(anna)?.text).toContain("Campaign #1 · sending");
});
