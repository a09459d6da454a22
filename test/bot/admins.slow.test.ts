import { describe, expect, test } from "vitest";
import { audit } from "../../src/db/schema.ts";
import { broadcasts, cardOf, composes, ownerOf, register, until, within } from "../support/broadcast.ts";
import { freshLocation } from "../support/database.ts";
import { OWNER_ID, localTelegram, running } from "../support/herald.ts";
import { en, inState } from "../support/words.ts";

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
  const database = await freshLocation();
  await register(
    database,
    Array.from({ length: 50 }, (_, index) => 100_000 + index),
  );
  const herald = await running(telegram, { database, messagesPerSecond: 5 });
  const asksToAdd = async () => {
    await owner.sends("/admins");
    await owner.sees(en.like("admins-list", { owners: "Olga (1)" }));
    await owner.taps(en("admins-add"));
    await owner.sees(en("admins-ask"));
  };
  return { telegram, owner, anna, database, herald, asksToAdd };
}

describe("an owner names an admin", () => {
  test("by Telegram's picker", async () => {
    const { owner, anna, asksToAdd } = await scene();
    await asksToAdd();
    await owner.sharesUsers(1, [anna]);
    await owner.sees(en.like("admins-added", { name: "Anna Lee" }));
    await anna.sees(en("admin-welcome"));
    await anna.sends("/broadcast");
    await anna.sees(en("post-ask"));
  });

  test("by a forwarded message, unless its sender is hidden", async () => {
    const { owner, anna, asksToAdd } = await scene();
    await asksToAdd();
    await owner.sends("Hi", { forward_origin: { type: "hidden_user", sender_user_name: "A.", date: 1 } });
    await owner.sees(en("admins-hidden"));
    await owner.sends("Hi", { forward_origin: { type: "user", sender_user: anna.user, date: 1 } });
    await owner.sees(en.like("admins-added", { name: "Anna Lee" }));
  });

  test("by id; what is no id is answered, and naming somebody twice changes nothing", async () => {
    const { owner, asksToAdd } = await scene();
    await asksToAdd();
    await owner.sends("@anna");
    await owner.sees(en("admins-not-an-id"));
    await owner.sends("7");
    await owner.sees(en.like("admins-added", { name: "7" }));
    await asksToAdd();
    await owner.sends("7");
    await owner.sees(en.like("admins-already"));
  });
});

test("a new admin is welcomed in their own language, not in that of the owner", async () => {
  const { telegram, owner, asksToAdd } = await scene();
  const ivan = telegram.person({ id: 8, firstName: "Иван", languageCode: "ru", started: true });
  await ivan.sends("/start");
  await ivan.sees("Здравствуйте, Иван!");
  await asksToAdd();
  await owner.sharesUsers(1, [ivan]);
  await owner.sees(en.like("admins-added", { name: "Иван" }));
  await ivan.sees("Теперь вы админ этого бота");
});

test("/help lists only what the person can do, without a word of a wrong command", async () => {
  const { telegram, owner, asksToAdd } = await scene();
  await owner.sends("/help");
  const { text } = await owner.sees(en("help-admin"));
  expect(text).toMatch(en.opens("help-admin"));
  expect(text).toMatch(
    /\n\/admins – who may send\n\/bots – the bots that post\n\/start, \/stop, \/language, \/forget – for yourself$/,
  );
  await asksToAdd();
  await owner.sends("7");
  await owner.sees(en.like("admins-added"));
  const admin = telegram.person({ id: 7, firstName: "Ada", languageCode: "en", started: true });
  await admin.sends("/help");
  expect((await admin.sees(en("help-admin"))).text).toBe(text?.replace(`${en("help-owner")}\n`, ""));
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
  await owner.sees(en.like("admins-added"));
  await owner.sends("/admins");
  await owner.sees(en.like("admins-list", { admins: "7 (7)" }));
  await owner.taps(en("admins-remove", { name: "7" }));
  await owner.sees(en.like("admins-list", { admins: en("admins-none") }));
  await broadcasts(owner, "Audited.");
  await owner.sees(inState("running"));
  await owner.taps(en("button-pause"));
  await owner.sends("/resume 1");
  await owner.sees(inState("running"));
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
  await owner.sees(en.like("admins-added"));
  await anna.sends("/admins");
  await anna.sees(en("unknown-command"));
  const stranger = telegram.person({ id: 9, firstName: "Sam", languageCode: "en", started: true });
  for (const command of ["/broadcast", "/campaigns", "/admins", "/pause 1", "/campaign 1"]) {
    await stranger.sends(command);
    await stranger.sees(en("unknown-command"));
  }
});

test("the command menu is short for people, longer for admins, longest for owners, in both languages", async () => {
  const { telegram, owner, anna, asksToAdd } = await scene();
  await asksToAdd();
  await owner.sharesUsers(1, [anna]);
  await owner.sees(en.like("admins-added"));
  const names = (scope: object, language: string) =>
    telegram.commands
      .find((list) => JSON.stringify(list.scope) === JSON.stringify(scope) && list.languageCode === language)
      ?.commands.map(({ command }) => command);
  const people = ["start", "stop", "language", "settings", "forget", "help"];
  const steer = ["campaign", "pause", "resume", "cancel"];
  const screens = ["timezone", "stats", "status"];
  const lists = ["campaigns", "lists", "segments", "links", "calendar"];
  const admins = ["broadcast", "schedule", ...lists, ...steer, ...screens, ...people];
  for (const language of ["", "ru"]) {
    expect(names({ type: "all_private_chats" }, language)).toEqual(people);
    expect(names({ type: "chat", chat_id: 7 }, language)).toEqual(admins);
    expect(names({ type: "chat", chat_id: OWNER_ID }, language)?.toSorted()).toEqual(
      ["admins", "bots", ...admins].toSorted(),
    );
  }
});

test("who was removed as an admin loses every old button at once", async () => {
  const { owner, anna: admin, asksToAdd } = await scene();
  await asksToAdd();
  await owner.sends("7");
  await owner.sees(en.like("admins-added"));
  await broadcasts(admin, "From Anna.");
  const card = await admin.sees(inState("running"));
  await composes(admin, "Another from Anna.");
  await owner.sends("/admins");
  await owner.sees(en.like("admins-list"));
  await owner.taps(en("admins-remove", { name: "7" }));
  await owner.sees(en.like("admins-list", { admins: en("admins-none") }));
  const refusal = { text: "Only admins of this bot can do this.", show_alert: true };
  expect(await admin.taps(en("button-send-now"))).toMatchObject(refusal);
  expect(await admin.tapsAt(card, 0, 0)).toMatchObject(refusal);
  await until(() => cardOf(admin)?.reply_markup === undefined);
  await admin.sends("/broadcast");
  await admin.sees(en("unknown-command"));
});

test("who was removed as an admin reads no more of a campaign than they had", async () => {
  const { owner, anna, asksToAdd } = await scene();
  await asksToAdd();
  await owner.sends("7");
  await anna.sees(en("admin-welcome"));
  await broadcasts(anna, "For all");
  await until(() => new RegExp(en("card-sent", { count: "[1-9]" })).test(cardOf(anna)?.text ?? ""));
  await owner.sends("/admins");
  await owner.sees(en.like("admins-list"));
  await owner.taps(en.opens("admins-remove"));
  await owner.sees(en.like("admins-list", { admins: en("admins-none") }));
  await owner.sees(en.opens("card-title", { id: 1, state: en("state-finished") }), { within: 30_000 }); // told instead of its author
  expect(cardOf(anna)?.text).toContain(en("card-title", { id: 1, state: en("state-running") }));
});
