import { describe, expect, test } from "vitest";
import { tooManyRequests } from "../../playground/server/faults.ts";
import { inboxMessages, inboxThreads, senders } from "../../src/db/schema.ts";
import { until, within } from "../support/broadcast.ts";
import { movableClock } from "../support/clock.ts";
import { BOT_ID } from "../support/database.ts";
import { running } from "../support/herald.ts";
import { got, holds, inboxScene, saidIn, topicOf } from "../support/inbox.ts";
import { environment, isUp, spawnHerald } from "../support/process.ts";
import { scene, stage } from "../support/scene.ts";
import { SHOP_ID, SHOP_TOKEN } from "../support/senders.ts";
import { en } from "../support/words.ts";

const CARD = en.like("inbox-card-how-topics");

describe("what people write", () => {
  test("goes nowhere while the inbox is off, and is answered by nobody", async () => {
    const { telegram, herald } = await scene(0, { ownerStays: true });
    const ann = telegram.person({ id: 50, firstName: "Ann", languageCode: "en" });
    await ann.sends("/start");
    await ann.sees(en.like("start-person", { name: "Ann" }));
    await ann.sends("Hello?");
    await ann.sends("/nothing");
    await ann.sees(en("unknown-command"));
    expect(got(ann)).toHaveLength(1);
    expect(herald.logged.join()).not.toContain("Hello?");
  });

  test("is answered with the admins' text once a day, unless something else answers it", async () => {
    const { telegram, owner } = await scene(0, { ownerStays: true });
    await owner.sends("/settings");
    await owner.sees(en("settings-title"));
    await owner.taps(en("settings-inbox"));
    await owner.sees(en("inbox-is-off"));
    await owner.taps(en("inbox-answer"));
    await owner.sees(en("inbox-answer-ask"));
    await owner.sends({ photo: true });
    await owner.sees(en("inbox-answer-unfit"));
    await owner.sends({
      text: "Write to shop@example.com",
      entities: [{ type: "bold", offset: 0, length: 5 }],
    });
    await owner.sees(en("inbox-is-answer", { text: "Write to shop@example.com" }));
    const ann = telegram.person({ id: 50, firstName: "Ann", languageCode: "en" });
    await ann.sends("/start");
    await ann.sees(en.like("start-person", { name: "Ann" }));
    await ann.sends("Hello?");
    const answer = await ann.sees("Write to shop@example.com");
    expect(answer.entities).toMatchObject([{ type: "bold", offset: 0, length: 5 }]);
    await ann.sends("Hello again");
    await ann.sends({ voice: true });
    await ann.sends("/language");
    await ann.sees(en.like("language-ask"));
    expect(got(ann).filter((text) => text.startsWith("Write to"))).toHaveLength(1);
    await owner.sends("/inbox off");
    await owner.sees(en("inbox-is-off"));
  });

  test("goes to a topic of its own for each person, of every kind, albums whole; replies go back by the bot", async () => {
    const { telegram, team, sam, ann } = await inboxScene();
    const hello = await ann.sends("Hello, is anybody there?");
    const first = await holds(team, "Ann", "Hello, is anybody there?");
    const card = await holds(team, "Ann", CARD);
    expect(card.text).toMatch(/^Ann\n50\nLanguage: English\nJoined: /);
    await ann.sends({ sticker: true });
    await ann.sends({ voice: true });
    await ann.sends({ poll: true });
    await ann.sends({ location: true });
    await ann.sendsAlbum([{ photo: true, caption: "One" }, { photo: true }, { video: true }]);
    await until(() => saidIn(team, "Ann").length === 8);
    expect(saidIn(team, "Ann")).toEqual([
      "Hello, is anybody there?",
      "sticker",
      "voice",
      "poll",
      "location",
      "One",
      "photo",
      "video",
    ]);
    const topic = await topicOf(team, "Ann");
    const albums = team.inTopic(topic).map(({ media_group_id: album }) => album);
    expect(new Set(albums.slice(-3)).size).toBe(1);

    const bob = telegram.person({ id: 51, firstName: "Bob", languageCode: "ru" });
    await bob.sends("/start");
    await bob.sends("Other matters");
    await holds(team, "Bob", "Other matters");

    const answer = await sam.sends(
      { text: "Yes, Sam is.", reply_to_message: first as never },
      { in: team, topic },
    );
    const back = await ann.sees("Yes, Sam is.");
    expect(back.reply_to_message?.message_id).toBe(hello.message_id);
    await until(() => team.reaction(answer) === "👌");
    await sam.sendsAlbum([{ photo: true, caption: "See" }, { photo: true }], { in: team, topic });
    await sam.sends({ voice: true }, { in: team, topic });
    await sam.sends("// is she a customer?", { in: team, topic });
    await sam.sends("/nonsense", { in: team, topic });
    await holds(team, "Ann", en("inbox-command-unknown"));
    await until(() => got(ann).length === 4);
    expect(got(ann)).toEqual(["Yes, Sam is.", "See", "photo", "voice"]);
    expect(got(bob)).toEqual([]);
    // What she replies to is a reply in the topic, too.
    await ann.sends({ text: "Thanks!", reply_to_message: back as never });
    const thanks = await holds(team, "Ann", "Thanks!");
    expect(thanks.reply_to_message?.message_id).toBe(answer.message_id);
  });

  test("in a group without topics, replies to the card and to what was passed on go back", async () => {
    const { team, sam, ann } = await inboxScene({ topics: false });
    await ann.sends("Hello");
    await until(() => team.holds.some(({ text }) => text === "Hello"));
    const copy = team.holds.findLast(({ text }) => text === "Hello");
    const card = team.holds.find(({ text }) => en.like("inbox-card-how-replies").test(text ?? ""));
    expect(copy?.reply_to_message?.message_id).toBe(card?.message_id);
    await sam.sends({ text: "To Ann", reply_to_message: copy as never }, { in: team });
    await ann.sees("To Ann");
    await sam.sends({ text: "Also to Ann", reply_to_message: card as never }, { in: team });
    await ann.sees("Also to Ann");
    await sam.sends("Among us", { in: team });
    await ann.sendsAlbum([{ photo: true, caption: "One" }, { photo: true }]);
    await until(() => team.holds.some(({ caption }) => caption === "One"));
    expect(team.holds.at(-3)?.text).toBe(en("inbox-album-of", { name: "Ann" }));
    expect(got(ann)).toEqual(["To Ann", "Also to Ann"]);
  });
});

describe("in the group", () => {
  test("a person is closed and opened again, tagged, blocked, looked at: by tap and typed, by anyone in it", async () => {
    const { telegram, owner, team, sam, ann } = await inboxScene();
    await ann.sends("Hello");
    await holds(team, "Ann", "Hello");
    const topic = await topicOf(team, "Ann");
    const card = () => team.inTopic(topic)[0];
    const at = { in: team, on: card()! };
    expect(await sam.taps(en("inbox-close"), at)).toMatchObject({ text: en("inbox-close-done") });
    await until(() => card()?.text?.includes(en("inbox-card-closed")) === true);
    expect(topic.closed).toBe(true);
    await ann.sends("One more thing");
    await holds(team, "Ann", "One more thing");
    expect(topic.closed).toBe(false);
    await until(() => card()?.text?.includes(en("inbox-card-closed")) === false);

    await sam.sends("/tag VIP, -old", { in: team, topic });
    await until(() => card()?.text?.includes(en("inbox-card-tags", { tags: "vip" })) === true);
    await sam.taps("✅ vip", { in: team });
    await until(() => card()?.text?.includes("vip") === false);
    await sam.taps(en("inbox-tag"), { in: team, on: card()! });
    await sam.sends("/tag regular", { in: team, topic });
    await until(() => card()?.text?.includes("regular") === true);

    await sam.taps(en("inbox-block"), { in: team, on: card()! });
    await until(() => card()?.text?.includes(en("inbox-card-blocked")) === true);
    await ann.sends("Are you ignoring me?");
    await sam.taps(en("inbox-person"), { in: team, on: card()! });
    await holds(team, "Ann", en.like("inbox-person-more", { id: "50" }));
    // What is written to somebody who is blocked still arrives.
    await sam.sends("Good bye", { in: team, topic });
    await ann.sees("Good bye");
    await sam.sends("/unblock", { in: team, topic });
    await holds(team, "Ann", en("inbox-unblock-done"));
    await ann.sends("Am I back?");
    await holds(team, "Ann", "Am I back?");
    expect(saidIn(team, "Ann").join()).not.toContain("ignoring");
    // Buttons do nothing for a person who is somebody else's, or nobody's.
    await owner.sends("/person 50");
    await until(() => owner.holds.some(({ document }) => document?.file_name === "person-50.json"));
    const file = owner.holds.findLast(({ document }) => document)?.document?.file_id ?? "";
    expect(JSON.parse(telegram.file(file).toString())).toMatchObject([
      { inbox: { blocked: false, messages: { in: 3, out: 1 } } },
    ]);
  });

  test("a reply to somebody who has blocked the bot is said not to have arrived", async () => {
    const { team, sam, ann } = await inboxScene();
    await ann.sends("Hello");
    await holds(team, "Ann", "Hello");
    await ann.blocks();
    const topic = await topicOf(team, "Ann");
    const reply = await sam.sends("Hello Ann", { in: team, topic });
    const said = await holds(team, "Ann", en("inbox-out-blocked"));
    expect(said.reply_to_message?.message_id).toBe(reply.message_id);
    expect(team.reaction(reply)).toBeUndefined();
  });

  test("what was edited comes again, below its first copy; what cannot be copied is forwarded, or said", async () => {
    const { telegram, team, ann } = await inboxScene();
    const hello = await ann.sends("Helo");
    const first = await holds(team, "Ann", "Helo");
    await ann.edits(hello, "Hello");
    const second = await holds(team, "Ann", "Hello");
    expect(second.reply_to_message?.message_id).toBe(first.message_id);
    await ann.sends({ poll: { type: "quiz" } });
    const quiz = await holds(team, "Ann", "poll");
    expect(quiz.forward_origin).toBeDefined();
    const refusal = { error: { error_code: 400, description: "Bad Request: the message can't be copied" } };
    telegram.fault({ method: /copyMessage|forwardMessage/, times: 2 }, refusal);
    await ann.sends("Something odd");
    await holds(team, "Ann", en.like("inbox-in-refused"));
    await ann.sends("Something else");
    await holds(team, "Ann", "Something else");
    expect(saidIn(team, "Ann")).not.toContain("Something odd");
  });

  test("a topic that was deleted is made anew, and the message that finds out is not lost", async () => {
    const { team, ann } = await inboxScene();
    await ann.sends("Hello");
    await holds(team, "Ann", "Hello");
    await team.deletesTopic(await topicOf(team, "Ann"));
    await ann.sends("Still there?");
    await holds(team, "Ann", "Still there?");
    expect(saidIn(team, "Ann")).toEqual(["Still there?"]);
    await holds(team, "Ann", CARD);
  });

  test("a group that became a supergroup gets what comes next, with a new card", async () => {
    const { team, sam, ann } = await inboxScene({ topics: false });
    await ann.sends("Hello");
    await until(() => team.holds.some(({ text }) => text === "Hello"));
    const moved = await team.migrates();
    await ann.sends("And now?");
    await until(() => moved.holds.some(({ text }) => text === "And now?"));
    const copy = moved.holds.findLast(({ text }) => text === "And now?");
    await sam.sends({ text: "Here, too", reply_to_message: copy as never }, { in: moved });
    await ann.sees("Here, too");
  });
});

describe("nothing is lost or comes twice", () => {
  test("while Telegram asks to wait", async () => {
    const { telegram, team, ann } = await inboxScene();
    await ann.sends("Hello");
    await holds(team, "Ann", "Hello");
    // More often than the pace of answers tries by itself.
    const fault = telegram.fault(
      { method: "copyMessage", chat: team.id, times: 4 },
      { error: tooManyRequests(1) },
    );
    await ann.sends("First");
    await ann.sends("Second");
    await holds(team, "Ann", "Second");
    expect(fault.hits).toBe(4);
    expect(saidIn(team, "Ann")).toEqual(["Hello", "First", "Second"]);
  });

  test("while the bot is out of the group: the owner is told once, and what waits comes when it is back", async () => {
    const { team, owner, ann } = await inboxScene();
    await team.kicks();
    await ann.sends("Hello");
    await owner.sees(en.like("trouble-inbox", { group: "Team" }));
    await ann.sends("Hello again");
    await team.adds("administrator");
    await holds(team, "Ann", "Hello again");
    await owner.sees(en.like("trouble-inbox-over", { group: "Team" }));
    expect(saidIn(team, "Ann")).toEqual(["Hello", "Hello again"]);
    expect(got(owner).filter((text) => en.like("trouble-inbox", { group: "Team" }).test(text))).toHaveLength(
      1,
    );
  });

  test("when the answer to a copy is cut off, it is said, and sent again only by whoever wants it", async () => {
    const { telegram, team, sam, ann } = await inboxScene();
    await ann.sends("Hello");
    await holds(team, "Ann", "Hello");
    const topic = await topicOf(team, "Ann");
    telegram.fault({ method: "copyMessage", chat: team.id }, { cut: "before" });
    await ann.sends("Lost?");
    const said = await holds(team, "Ann", en("inbox-in-uncertain"));
    expect(saidIn(team, "Ann")).not.toContain("Lost?");
    await sam.taps(en("inbox-again"), { in: team, on: said });
    await holds(team, "Ann", "Lost?");
    telegram.fault({ method: "copyMessage", chat: ann.id }, { cut: "after" });
    const reply = await sam.sends("Found.", { in: team, topic });
    const unsure = await holds(team, "Ann", en("inbox-out-uncertain"));
    expect(unsure.reply_to_message?.message_id).toBe(reply.message_id);
    expect(got(ann)).toEqual(["Found."]);
    expect(team.reaction(reply)).toBeUndefined();
  });

  test("a stop does not wait for a call that is not answered: the next start says that it is uncertain", async () => {
    const { telegram, team, ann, herald, database } = await inboxScene();
    await ann.sends("Hello");
    await holds(team, "Ann", "Hello");
    const fault = telegram.fault({ method: "copyMessage", chat: team.id }, { hang: "forever" });
    await ann.sends("Hanging");
    await until(() => fault.hits === 1);
    const began = performance.now();
    await herald.stop();
    expect(performance.now() - began).toBeLessThan(8_000);
    await running(telegram, { database });
    await holds(team, "Ann", en("inbox-in-uncertain"));
    expect(saidIn(team, "Ann").filter((text) => text === "Hanging")).toHaveLength(1);
  });

  test("somebody who writes too much at once is told so once, and the group how much that was", async () => {
    const clock = movableClock(20);
    const { team, ann } = await inboxScene({ clock });
    for (let number = 1; number <= 26; number += 1) await ann.sends(`Message ${number}`);
    await holds(team, "Ann", en.like("inbox-passed-over", { count: 6 }));
    const said = saidIn(team, "Ann");
    expect(said.filter((text) => text.startsWith("Message"))).toEqual(
      Array.from({ length: 20 }, (_, index) => `Message ${index + 1}`),
    );
    expect(got(ann)).toEqual([en("inbox-too-many")]);
  });

  test("somebody who is forgotten is gone from the inbox as well", async () => {
    const { team, sam, ann, database } = await inboxScene();
    await ann.sends("Hello");
    await holds(team, "Ann", "Hello");
    const topic = await topicOf(team, "Ann");
    await ann.sends("/forget yes");
    await ann.sees(en("forget-done"));
    await within(database, async ({ db }) => {
      expect(await db.select().from(inboxThreads)).toEqual([]);
      expect(await db.select().from(inboxMessages)).toEqual([]);
    });
    const answer = await sam.sends("Ann?", { in: team, topic });
    const card = team.inTopic(topic)[0]!;
    expect(await sam.taps(en("inbox-close"), { in: team, on: card })).toMatchObject({
      text: en("inbox-gone"),
    });
    expect(team.reaction(answer)).toBeUndefined();
    expect(got(ann)).not.toContain("Ann?");
  });

  test.each([
    ["before the call leaves", 'update "inbox_messages" set "state" = \\$1 where', "committed", 0],
    ["after it has arrived", 'update "inbox_messages" set "state" = \\$1, "copy_chat"', "before", 1],
  ] as const)(
    "a crash %s leaves one copy at most, and the group is told",
    async (_, statement, die, copies) => {
      const { telegram, owner, database } = await stage(0);
      const ann = telegram.person({ id: 50, firstName: "Ann", languageCode: "en", started: true });
      const team = telegram.group({ title: "Team", creator: owner, isForum: true, bot: "administrator" });
      const variables = environment(telegram, database);
      const child = spawnHerald(variables, { sabotaged: true });
      await isUp(child);
      await owner.sends(`/inbox group ${team.id}`);
      await owner.sees(en("inbox-is-topics", { group: "Team" }));
      await ann.sends("Hello");
      await holds(team, "Ann", "Hello");
      await child.sabotage({ die, statement });
      await ann.sends("On its way");
      await child.exited;
      const next = spawnHerald(variables);
      await isUp(next);
      await holds(team, "Ann", en("inbox-in-uncertain"));
      await ann.sends("Afterwards");
      await holds(team, "Ann", "Afterwards");
      const said = saidIn(team, "Ann");
      expect(said.filter((text) => text === "On its way")).toHaveLength(copies);
      expect(said.filter((text) => text === en("inbox-in-uncertain"))).toHaveLength(1);
    },
  );
});

test("each bot that Herald answers has an inbox of its own, also in another group", async () => {
  const { telegram, owner } = await scene(0, {
    ownerStays: true,
    config: { extraBotTokens: [SHOP_TOKEN] },
    prepare: ({ db }) =>
      db.insert(senders).values([
        { botId: BOT_ID, homeId: BOT_ID, username: `herald_${BOT_ID}_bot` },
        { botId: SHOP_ID, homeId: BOT_ID, username: `herald_${SHOP_ID}_bot` },
      ]),
  });
  await until(() => telegram.bots.some(({ id }) => id === SHOP_ID));
  const team = telegram.group({
    title: "Shop team",
    creator: owner,
    isForum: true,
    bot: "administrator",
    botId: SHOP_ID,
  });
  await owner.sends("/inbox");
  await owner.sees(en("inbox-which-bot"));
  await owner.sends(`/inbox @herald_${SHOP_ID}_bot group ${team.id}`);
  await owner.sees(en("inbox-is-topics", { group: "Shop team" }));
  const ann = telegram.person({ id: 50, firstName: "Ann", languageCode: "en", bot: SHOP_ID });
  await ann.sends("/start");
  await ann.sends("To the shop");
  await holds(team, "Ann", "To the shop");
  await owner.sends("From the shop", { in: team, topic: await topicOf(team, "Ann") });
  await ann.sees("From the shop");
  const bob = telegram.person({ id: 51, firstName: "Bob", languageCode: "en" });
  await bob.sends("To the home");
  expect(team.topicNamed("Bob")).toBeUndefined();
});
