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
import { BOT_ID, freshLocation } from "../support/database.ts";
import { OWNER, TOKEN, localTelegram, running } from "../support/herald.ts";
import { en } from "../support/words.ts";

const LIST_CHANGED = { text: "This list was out of date; here is the current one." };
const SCREEN_CHANGED = { text: en("screen-outdated") };

/** An owner, and Boris who is an admin beside them. */
async function scene() {
  const telegram = await localTelegram({ limits: "none" });
  const owner = ownerOf(telegram);
  const boris = telegram.person({ id: 2, firstName: "Boris", languageCode: "en", started: true });
  const database = await freshLocation();
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
async function opens(person: Person, command: string, text: string | RegExp): Promise<Message> {
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
      await opens(owner, "/admins", en.like("admins-list"));
      await owner.taps(en("admins-add"));
      await owner.sees(en("admins-ask"));
      await owner.sharesUsers(1, [person]);
      await owner.sees(en.like("admins-added", { name: "Alex" }));
    };
    await add(alex!);
    const old = await opens(owner, "/admins", "Alex (7)");
    const newer = await opens(owner, "/admins", "Alex (7)");
    await owner.taps(en("admins-remove", { name: "Alex" }), { on: newer });
    await owner.sees(en.like("admins-list", { admins: "Boris (2)" }));
    await add(other!);
    expect(await owner.taps(en("admins-remove", { name: "Alex" }), { on: old })).toMatchObject(LIST_CHANGED);
    await owner.sees("Admins: Boris (2), Alex (8)");
    const left = (await look(listAdmins)).map(({ userId }) => userId);
    expect(left).toEqual([2, 8]);
    expect(await owner.taps(en("admins-remove", { name: "Alex" }), { on: old })).toMatchObject({
      text: en("admins-removed", { name: "Alex" }),
    });
  });

  test("two with the same name are told apart by their ids", async () => {
    const { owner, look } = await scene();
    for (const userId of [7, 8]) await look((scope) => addAdmin(scope, OWNER, { userId, name: "Alex" }));
    const list = await opens(owner, "/admins", en.like("admins-list"));
    expect(labelsOf(owner, list)).toEqual([
      en("admins-remove", { name: "Boris" }),
      en("admins-remove", { name: "Alex (7)" }),
      en("admins-remove", { name: "Alex (8)" }),
      en("admins-add"),
    ]);
  });
});

describe("a switch never does the opposite of what its card shows", () => {
  test("in /settings, on an old screen and at a second tap", async () => {
    const { owner, boris, look } = await scene();
    const mine = await opens(owner, "/settings", en("settings-title"));
    await owner.taps(en("settings-to-options"), { on: mine });
    await opens(boris, "/settings", en("settings-title"));
    await boris.taps(en("settings-to-options"));
    await boris.taps(en("option-silent"));
    expect(await owner.taps(en("option-silent"), { on: mine })).toMatchObject(SCREEN_CHANGED);
    await until(() => labelsOf(owner, mine).includes(`✅ ${en("option-silent")}`));
    const answers = await owner.tapsTimes(en("option-pin"), 2, { on: mine });
    expect(answers).toMatchObject([{ text: en("settings-saved") }, SCREEN_CHANGED]);
    expect((await look(getSettings)).options).toEqual({ silent: true, pin: true });
  });

  test("among the options of a post", async () => {
    const { owner, boris, look } = await scene();
    await composes(owner, "Hello");
    await owner.taps(en("button-options"));
    await opens(boris, "/campaign 1", en.like("review-title"));
    await boris.taps(en("button-options"));
    await boris.taps(en("option-protect"));
    expect(await owner.taps(en("option-protect"))).toMatchObject(SCREEN_CHANGED);
    await until(() =>
      owner
        .buttons()
        .flat()
        .includes(`✅ ${en("option-protect")}`),
    );
    const { content } = await look((scope) => getDraft(scope, 1));
    expect(content.options).toEqual({ protect: true });
  });

  test("among the languages: who was to be taken out does not come in", async () => {
    const { owner, boris, look } = await scene();
    const audience = async () => (await look((scope) => getDraft(scope, 1))).audience;
    await composes(owner, "Hello");
    await owner.taps(en("button-audience"));
    await opens(boris, "/campaign 1", en.like("review-title"));
    await boris.taps(en("button-audience"));
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
    await owner.taps(en("button-audience"));
    await owner.taps(en("audience-to-chats"));
    await opens(boris, "/campaign 1", en.like("review-title"));
    await boris.taps(en("button-audience"));
    await boris.taps(en("audience-to-chats"));
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
    const list = await opens(owner, "/campaigns", en("campaigns-title", { tab: en("tab-drafts") }));
    const found = await opens(owner, "/campaigns sale", en("found-title", { words: "sale", count: 9 }));
    await owner.taps(en("page-older"), { on: found });
    await until(() => labelsOf(owner, found)[0]?.startsWith("#1 ") === true);
    await herald.stop();
    await running(telegram, { database });
    await owner.taps(/^#3 /, { on: list });
    await owner.sees(en("review-title", { id: 3 }));
    expect(await owner.taps(en("page-newer"), { on: found })).toMatchObject(LIST_CHANGED);
    await owner.sees(en("campaigns-title", { tab: en("tab-drafts") }));
  });

  test("says so where a row's campaign is gone", async () => {
    const { owner } = await scene();
    await composes(owner, "Hello");
    const list = await opens(owner, "/campaigns", en("campaigns-title", { tab: en("tab-drafts") }));
    await owner.taps(en("button-discard"), {
      on: owner.holds.findLast(({ text }) => en.like("review-title").test(text ?? ""))!,
    });
    await owner.taps(en("button-yes-discard"));
    await owner.sees(en.like("discarded"));
    expect(await owner.taps(/^#1 /, { on: list })).toMatchObject(LIST_CHANGED);
    await owner.sees(en("campaigns-empty"));
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
