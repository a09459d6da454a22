import { describe, expect, test } from "vitest";
import type { Person } from "../../playground/people/person.ts";
import type { Telegram } from "../../playground/telegram.ts";
import { addAdmin } from "../../src/access/admins.ts";
import { homeScope } from "../../src/db/scope.ts";
import type { DatabaseLocation } from "../../src/db/open/open-database.ts";
import { broadcasts, cardOf, composes, register, until, within } from "../support/broadcast.ts";
import { copiesOf } from "../support/counts.ts";
import { BOT_ID } from "../support/database.ts";
import { OWNER, OWNER_ID, running } from "../support/herald.ts";
import { scene, shows, stage, standsAside } from "../support/scene.ts";
import { en, inState } from "../support/words.ts";

const POST = "Our own copy arrives, too.";
const ASKED = "End campaign #1 for good?";
const CARD = en.opens("card-title", { id: 1 });

const cardsOf = (admin: Person, title = CARD) => admin.holds.filter(({ text }) => title.test(text ?? ""));

/** The card of the campaign is the newest message of the chat, and the only one that shows it. */
async function cardIsLast(admin: Person): Promise<void> {
  const isLast = () => CARD.test(admin.holds.at(-1)?.text ?? "") && cardsOf(admin).length === 1;
  await until(isLast);
  expect(isLast()).toBe(true);
}

/** So many copies of a post are in a chat; the review has shown the author one. */
const holds = (telegram: Telegram, chat: number, copies: number, text = POST) =>
  until(() => copiesOf(telegram, text).get(chat) === copies);

/** Messages of the bot to a chat. */
const sentTo = ({ calls }: Telegram, chat: number) =>
  calls.filter(({ method, chatId }) => method === "sendMessage" && chatId === chat);

/** The owner is one of 200 people, the first that a campaign goes to. */
async function ownerAmongThem(rate = 40) {
  const all = await stage(199);
  await register(all.database, [OWNER_ID]);
  const herald = await running(all.telegram, { database: all.database, messagesPerSecond: rate });
  return { ...all, herald };
}

/** Makes somebody an admin who reads English, and is on nobody's list. */
async function anna(telegram: Telegram, database: DatabaseLocation) {
  await within(database, ({ db }) => addAdmin(homeScope(db, BOT_ID), OWNER, { userId: 7, name: "Anna" }));
  return telegram.person({ id: 7, firstName: "Anna", languageCode: "en", started: true });
}

describe("the card of a campaign that is being sent", () => {
  test("is below the admin's own copy, sent anew once and without a sound, and Pause works there", async () => {
    const { telegram, owner } = await ownerAmongThem();
    await broadcasts(owner, POST);
    await holds(telegram, OWNER_ID, 2);
    await cardIsLast(owner);
    expect(owner.buttons(owner.holds.at(-1))).toEqual([
      [en("button-pause"), en("button-cancel")],
      [en("button-edit-sent")],
    ]);
    expect(sentTo(telegram, OWNER_ID).at(-1)?.options).toEqual({ disable_notification: true });
    const { message_id } = cardOf(owner)!;
    await until(() => copiesOf(telegram, POST).size > 100);
    await owner.taps(en("button-pause"));
    await shows(owner, inState("paused"));
    // It was edited all the while, and never sent again.
    expect(cardsOf(owner).map((card) => card.message_id)).toEqual([message_id]);
    await owner.taps(en("button-resume"));
    await shows(owner, inState("finished"));
    await cardIsLast(owner);
    expect(cardOf(owner)?.message_id).toBe(message_id);
  });

  test("is below the copy also when the campaign was over before anybody could look", async () => {
    const { telegram, owner, database } = await stage(2);
    await register(database, [OWNER_ID]);
    await running(telegram, { database });
    await broadcasts(owner, POST);
    await holds(telegram, OWNER_ID, 2);
    await cardIsLast(owner);
    await shows(owner, inState("finished"));
    await cardIsLast(owner);
    expect(cardOf(owner)?.text).toContain(en("card-sent", { count: 3 }));
  });

  test("still asks what it asked before it was moved", async () => {
    const { telegram, owner, database, people } = await stage(150);
    const admin = telegram.person({ id: people[75]! });
    await running(telegram, { database, messagesPerSecond: 20, ownerIds: [OWNER_ID, admin.id] });
    await standsAside(owner);
    await broadcasts(admin, POST);
    await until(() => copiesOf(telegram, POST).size > 5);
    await admin.taps(en("button-cancel"));
    const asked = await admin.sees(ASKED);
    await holds(telegram, admin.id, 2);
    const shown = () => cardsOf(admin, /^(Campaign #1 ·|End campaign #1 for good)/);
    await until(() => admin.holds.at(-1)?.text?.startsWith(ASKED) === true && shown().length === 1);
    expect(admin.holds.at(-1)?.message_id).toBeGreaterThan(asked.message_id);
  });

  test("is found by a tap that was on its way when it moved", async () => {
    const { telegram, owner, database } = await stage(100);
    await register(database, [OWNER_ID]);
    // The copy waits at Telegram's until the owner has looked at the card above it.
    telegram.fault({ method: "sendMessage", chat: OWNER_ID, after: 3 }, { hang: 1_500 });
    await running(telegram, { database, messagesPerSecond: 30 });
    await broadcasts(owner, POST);
    const old = cardOf(owner)!;
    await cardIsLast(owner);
    await until(() => !owner.holds.some(({ message_id }) => message_id === old.message_id));
    await owner.tapsAt({ ...old, reply_markup: cardOf(owner)!.reply_markup! }, 0, 0);
    await shows(owner, inState("paused"));
    await cardIsLast(owner);
    // It goes on to follow the campaign there.
    await owner.taps(en("button-resume"));
    await shows(owner, inState("finished"));
    await cardIsLast(owner);
  });

  test("leaves a line in the place of one that is too old to be deleted", async () => {
    const { telegram, owner, database } = await stage(100);
    await register(database, [OWNER_ID]);
    await running(telegram, { database, messagesPerSecond: 30 });
    await owner.sends("/timezone UTC");
    await owner.sees("UTC");
    await composes(owner, POST);
    await owner.taps(en("button-schedule"));
    await owner.sees(en("when-ask", { id: 1 }));
    await owner.sends("in 1 minute");
    await owner.sees(en("review-title", { id: 1 }));
    await owner.taps(en.opens("button-schedule-for"));
    await owner.taps(en.opens("button-yes-schedule"));
    await shows(owner, inState("scheduled"));
    const old = cardOf(owner)!;
    telegram.ages(OWNER_ID, old.message_id, 3 * 86_400);
    await owner.taps(en("button-show-post"));
    await cardIsLast(owner);
    const pointer = owner.holds.find(({ message_id }) => message_id === old.message_id);
    expect(pointer?.text).toBe(en("card-elsewhere", { id: 1, where: "below" }));
    expect(pointer?.reply_markup).toBeUndefined();
  });

  test("stays where it is when Telegram does not take it anew, and goes on there", async () => {
    const { telegram, owner, database } = await stage(100);
    await register(database, [OWNER_ID]);
    await running(telegram, { database, messagesPerSecond: 30 });
    await composes(owner, POST);
    await owner.taps(en("button-send-now"));
    // Behind the copy, nothing more can be sent to the owner.
    telegram.fault(
      { method: "sendMessage", chat: OWNER_ID, after: 1, times: Infinity },
      { error: { error_code: 400, description: "Bad Request: no" } },
    );
    await owner.taps(en.opens("button-yes-send"));
    await shows(owner, inState("finished"));
    expect(cardsOf(owner)).toHaveLength(1);
  });

  test("is below the posts of other campaigns, if it is the one that is being sent", async () => {
    const { telegram, owner, database } = await stage(150);
    await register(database, [OWNER_ID]);
    const other = await anna(telegram, database);
    await running(telegram, { database, messagesPerSecond: 30 });
    await broadcasts(owner, POST);
    await holds(telegram, OWNER_ID, 2);
    await cardIsLast(owner);
    await broadcasts(other, "From Anna.");
    await holds(telegram, OWNER_ID, 1, "From Anna.");
    await cardIsLast(owner);
    expect(owner.buttons(owner.holds.at(-1))).toEqual([
      [en("button-pause"), en("button-cancel")],
      [en("button-edit-sent")],
    ]);
  });

  test("is below a test that another admin sends", async () => {
    const { telegram, owner, database } = await stage(200);
    const other = await anna(telegram, database);
    await running(telegram, { database, messagesPerSecond: 20 });
    await standsAside(owner);
    await standsAside(other);
    await broadcasts(owner, POST);
    await composes(other, "A test.");
    await other.taps(en("button-test-others"));
    await other.taps("Olga");
    await holds(telegram, OWNER_ID, 1, "A test.");
    await cardIsLast(owner);
    expect(owner.buttons(owner.holds.at(-1))).toEqual([
      [en("button-pause"), en("button-cancel")],
      [en("button-edit-sent")],
    ]);
  });
});

test("Show post leaves the card of a campaign that can be steered below it, and the report where it is", async () => {
  const { telegram, owner } = await scene(60, { rate: 20 });
  await broadcasts(owner, POST);
  await until(() => copiesOf(telegram, POST).size > 5);
  await owner.taps(en("button-pause"));
  await shows(owner, inState("paused"));
  await owner.taps(en("button-show-post"));
  await holds(telegram, OWNER_ID, 2);
  await cardIsLast(owner);
  await owner.sends("/post 1");
  await holds(telegram, OWNER_ID, 3);
  await cardIsLast(owner);
  await owner.taps(en("button-resume"));
  await shows(owner, inState("finished"));
  await owner.taps(en("button-show-post"));
  await holds(telegram, OWNER_ID, 4);
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(owner.holds.at(-1)?.text).toBe(POST);
});
