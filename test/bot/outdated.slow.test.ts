import { Api } from "grammy";
import type { Message } from "grammy/types";
import { describe, expect, test } from "vitest";
import type { Person } from "../../playground/people/person.ts";
import type { Telegram } from "../../playground/telegram.ts";
import { addAdmin, listAdmins } from "../../src/access/admins.ts";
import { getDraft } from "../../src/campaign/queries.ts";
import { getSettings } from "../../src/campaign/settings.ts";
import { noteTopic } from "../../src/audience/chats.ts";
import { type Scope, homeScope } from "../../src/db/scope.ts";
import { composes, ownerOf, register, until, within } from "../support/broadcast.ts";
import { BOT_ID, emptyLocation } from "../support/database.ts";
import { OWNER, TOKEN, localTelegram, running } from "../support/herald.ts";

const LIST_CHANGED = { text: "This list was out of date; here is the current one." };
const SCREEN_CHANGED = { text: "This screen was out of date; here is the current one." };

/** An owner, and Boris who is an admin beside them. */
async function scene() {
  const telegram = await localTelegram({ limits: "none" });
  const owner = ownerOf(telegram);
  const boris = telegram.person({ id: 2, firstName: "Boris", languageCode: "en", started: true });
  const database = await emptyLocation();
  await register(database, [100, 101], "en");
  await register(database, [102], "ru");
  const look = <T>(work: (scope: Scope) => Promise<T>) =>
    within(database, ({ db }) => work(homeScope(db, BOT_ID)));
  await look((scope) => addAdmin(scope, OWNER, { userId: 2, name: "Boris" }));
  const herald = await running(telegram, { database });
  return { telegram, owner, boris, database, herald, look };
}

/** The labels under a message as it is by now. */
const labelsOf = (person: Person, { message_id }: Message) =>
  person.buttons(person.holds.find((message) => message.message_id === message_id)).flat();

/** Shows a screen to somebody, and resolves with its message. */
async function opens(person: Person, command: string, text: string): Promise<Message> {
  await person.sends(command);
  return person.sees(text);
}

describe("/admins", () => {
  test("an old list removes nobody else, be they called the same", async () => {
    const { telegram, owner, look } = await scene();
    const [alex, other] = [7, 8].map((id) =>
      telegram.person({ id, firstName: "Alex", languageCode: "en", started: true }),
    );
    const add = async (person: Person) => {
      await opens(owner, "/admins", "Owners");
      await owner.taps("Add an admin");
      await owner.sees("Who should become an admin?");
      await owner.sharesUsers(1, [person]);
      await owner.sees("Alex is an admin now");
    };
    await add(alex!);
    const old = await opens(owner, "/admins", "Alex (7)");
    const newer = await opens(owner, "/admins", "Alex (7)");
    await owner.taps("Remove Alex", { on: newer });
    await owner.sees("Admins: Boris (2)");
    await add(other!);
    expect(await owner.taps("Remove Alex", { on: old })).toMatchObject(LIST_CHANGED);
    await owner.sees("Admins: Boris (2), Alex (8)");
    const left = (await look(listAdmins)).map(({ userId }) => userId);
    expect(left).toEqual([2, 8]);
    expect(await owner.taps("Remove Alex", { on: old })).toMatchObject({
      text: "Alex is no longer an admin.",
    });
  });

  test("two with the same name are told apart by their ids", async () => {
    const { owner, look } = await scene();
    for (const userId of [7, 8]) await look((scope) => addAdmin(scope, OWNER, { userId, name: "Alex" }));
    const list = await opens(owner, "/admins", "Owners");
    expect(labelsOf(owner, list)).toEqual([
      "Remove Boris",
      "Remove Alex (7)",
      "Remove Alex (8)",
      "Add an admin",
    ]);
  });
});

describe("a switch never does the opposite of what its card shows", () => {
  test("in /settings, on an old screen and at a second tap", async () => {
    const { owner, boris, look } = await scene();
    const mine = await opens(owner, "/settings", "Settings");
    await owner.taps("Options for new posts…", { on: mine });
    await opens(boris, "/settings", "Settings");
    await boris.taps("Options for new posts…");
    await boris.taps("Silent");
    expect(await owner.taps("Silent", { on: mine })).toMatchObject(SCREEN_CHANGED);
    await until(() => labelsOf(owner, mine).includes("✅ Silent"));
    const answers = await owner.tapsTimes("Pin", 2, { on: mine });
    expect(answers).toMatchObject([{ text: "Saved" }, SCREEN_CHANGED]);
    expect((await look(getSettings)).options).toEqual({ silent: true, pin: true });
  });

  test("among the options of a post", async () => {
    const { owner, boris, look } = await scene();
    await composes(owner, "Hello");
    await owner.taps("Options…");
    await opens(boris, "/campaign 1", "· draft");
    await boris.taps("Options…");
    await boris.taps("Protect content");
    expect(await owner.taps("Protect content")).toMatchObject(SCREEN_CHANGED);
    await until(() => owner.buttons().flat().includes("✅ Protect content"));
    const { content } = await look((scope) => getDraft(scope, 1));
    expect(content.options).toEqual({ protect: true });
  });

  test("among the languages: who was to be taken out does not come in", async () => {
    const { owner, boris, look } = await scene();
    const audience = async () => (await look((scope) => getDraft(scope, 1))).audience;
    await composes(owner, "Hello");
    await owner.taps("Audience…");
    await opens(boris, "/campaign 1", "· draft");
    await boris.taps("Audience…");
    await boris.taps(/^Русский/);
    expect(await owner.taps(/^✅ All languages/)).toMatchObject(SCREEN_CHANGED);
    expect(await audience()).toEqual({ languages: ["ru"] });
    await boris.taps(/^English/);
    expect(await owner.taps(/^English/)).toMatchObject(SCREEN_CHANGED);
    expect(await audience()).toEqual({ languages: ["ru", "en"] });
    // Two taps in a row on one card are two choices all the same.
    await until(() =>
      owner
        .buttons()
        .flat()
        .some((label) => label.startsWith("✅ English")),
    );
    await owner.taps(/^✅ English/);
    await owner.taps(/^✅ Русский/);
    expect(await audience()).toEqual({ languages: [] });
  });

  test("among channels, groups and topics", async () => {
    const { telegram, owner, boris, look, herald } = await scene();
    const news = telegram.group({ type: "channel", title: "News", creator: owner, admins: [boris] });
    const forum = telegram.group({ title: "Forum", isForum: true, creator: owner, admins: [boris] });
    await until(() => herald.logged.filter((line) => line.includes("a chat is noted")).length === 2);
    await look((scope) => noteTopic(scope, forum.id, 5, { name: "Offers" }));
    const chosen = async () => (await look((scope) => getDraft(scope, 1))).audience;
    await composes(owner, "Hello");
    await owner.taps("Audience…");
    await owner.taps("Channels & groups…");
    await opens(boris, "/campaign 1", "· draft");
    await boris.taps("Audience…");
    await boris.taps("Channels & groups…");
    await boris.taps("News");
    expect(await owner.taps("News")).toMatchObject(SCREEN_CHANGED);
    expect(await chosen()).toEqual({ chats: [{ chatId: news.id }] });
    for (const admin of [owner, boris]) await admin.taps(/Forum…$/);
    await boris.taps("Offers");
    expect(await owner.taps("Offers")).toMatchObject(SCREEN_CHANGED);
    expect(await chosen()).toEqual({ chats: [{ chatId: news.id }, { chatId: forum.id, threadId: 5 }] });
  });
});

describe("a message from before a restart", () => {
  test("opens what it shows; the pages of a search are gone, and that is said", async () => {
    const { telegram, owner, database, herald } = await scene();
    for (let times = 0; times < 9; times += 1) await composes(owner, "Sale today");
    const list = await opens(owner, "/campaigns", "Campaigns · Drafts");
    const found = await opens(owner, "/campaigns sale", "9 campaigns");
    await owner.taps("Older ›", { on: found });
    await until(() => labelsOf(owner, found)[0]?.startsWith("#1 ") === true);
    await herald.stop();
    await running(telegram, { database });
    await owner.taps(/^#3 /, { on: list });
    await owner.sees("Campaign #3 · draft");
    expect(await owner.taps("‹ Newer", { on: found })).toMatchObject(LIST_CHANGED);
    await owner.sees("Campaigns · Drafts");
  });

  test("says so where a row's campaign is gone", async () => {
    const { owner } = await scene();
    await composes(owner, "Hello");
    const list = await opens(owner, "/campaigns", "Campaigns · Drafts");
    await owner.taps("Discard", { on: owner.holds.findLast(({ text }) => text?.includes("· draft"))! });
    await owner.taps("Yes, discard");
    await owner.sees("discarded");
    expect(await owner.taps(/^#1 /, { on: list })).toMatchObject(LIST_CHANGED);
    await owner.sees("Nothing here");
  });

  test.each<[data: string, text: string | RegExp]>([
    ["admins/0/0/2/habcd", "Admins: Boris (2)"],
    ["campaigns/2/0//habcd", "Campaigns · Running"],
    ["settings/0/0//habcd", "Settings"],
    ["settings-options/0/0//habcd", "Options for new posts: none"],
    ["settings-lifetime/0/0//habcd", "Options for new posts: none"],
    ["language/0/0//habcd", /language/],
  ])("of the first builds (%s) does nothing and is drawn anew", async (data, text) => {
    const { telegram, owner, look } = await scene();
    const old = await sends(telegram, owner, data);
    expect((await owner.taps("Old", { on: old })).text).toMatch(/^This (list|screen) was out of date/);
    await owner.sees(text);
    expect(await look(listAdmins)).toHaveLength(1);
  });

  test("of the first builds with a switch of a draft draws the card anew", async () => {
    const { telegram, owner, look } = await scene();
    await composes(owner, "Hello");
    const before = await look((scope) => getDraft(scope, 1));
    for (const data of [
      "d:1:option:silent",
      "d:1:all:",
      "d:1:lang:ru",
      "d:1:chat:-100.0",
      "d:1:topic:-100.5.0",
    ]) {
      const old = await sends(telegram, owner, data);
      expect(await owner.taps("Old", { on: old })).toMatchObject(
        data.includes("topic") ? {} : SCREEN_CHANGED,
      );
    }
    expect(await look((scope) => getDraft(scope, 1))).toEqual(before);
  });
});

async function sends(telegram: Telegram, person: Person, data: string): Promise<Message> {
  const api = new Api(TOKEN, { apiRoot: telegram.apiRoot });
  const reply_markup = { inline_keyboard: [[{ text: "Old", callback_data: data }]] };
  const { message_id } = await api.sendMessage(person.id, "From before", { reply_markup });
  return person.holds.find((message) => message.message_id === message_id)!;
}
