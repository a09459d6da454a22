import { isDeepStrictEqual } from "node:util";
import { expect, test } from "vitest";
import { recipients } from "../../src/db/schema.ts";
import { ownerOf, until, within } from "../support/broadcast.ts";
import { freshLocation } from "../support/database.ts";
import { OWNER_ID, localTelegram, running } from "../support/herald.ts";
import { en } from "../support/words.ts";

const FORBIDDEN = { error_code: 403, description: "Forbidden: bot can't do this" };

async function scene() {
  const telegram = await localTelegram({ limits: "none" });
  const database = await freshLocation();
  const herald = await running(telegram, { database });
  const stored = async (chatId: number) => {
    await herald.stop();
    const rows = await within(database, ({ db }) => db.select().from(recipients));
    return rows.find((row) => row.chatId === chatId);
  };
  return { telegram, herald, database, stored };
}

test("/start registers a person with what Telegram tells of them, and says how to leave", async () => {
  const { telegram, stored } = await scene();
  const person = telegram.person({
    id: 50,
    firstName: "Jean",
    lastName: "Dupont",
    username: "jd",
    languageCode: "fr-CA",
    isPremium: true,
  });
  await person.sends("/start");
  const greeting = await person.sees(en.like("start-person", { name: "Jean" }));
  expect(greeting.text).toContain("/stop – no more messages");
  expect(await stored(50)).toMatchObject({
    language: "fr",
    firstName: "Jean",
    lastName: "Dupont",
    username: "jd",
    isPremium: true,
    status: "active",
    optedOutAt: null,
  });
});

test("/start greets somebody whose name shows nothing without a name", async () => {
  const { telegram, stored } = await scene();
  const person = telegram.person({ id: 50, firstName: "\u3164", languageCode: "en" });
  await person.sends("/start");
  await person.sees(en.like("start-person"));
  expect(await stored(50)).toMatchObject({ firstName: null });
});

test("/stop opts out, /start opts in again", async () => {
  const { telegram, stored } = await scene();
  const person = telegram.person({ id: 50, firstName: "Ann", languageCode: "en" });
  await person.sends("/start");
  await person.sees(en.like("start-person", { name: "Ann" }));
  await person.sends("/stop");
  await person.sees(en("stop-done"));
  await person.sends("/stop");
  await person.sees(en("stop-already"));
  await person.sends("/start");
  await person.sees(en.like("start-again", { name: "Ann" }));
  expect(await stored(50)).toMatchObject({ optedOutAt: null });
});

test("/forget asks once, and then nothing but /start brings the person back", async () => {
  const { telegram, stored } = await scene();
  const person = telegram.person({ id: 50, firstName: "Ann", languageCode: "en" });
  await person.sends("/start fair_2026");
  await person.sees(en.like("start-person", { name: "Ann" }));
  await person.sends("/forget");
  await person.sees(en.like("forget-ask"));
  await person.taps(en("forget-no"));
  await person.sees(en("forget-kept"));
  await person.sends("/forget");
  await person.sees(en.like("forget-ask"));
  await person.taps(en("forget-yes"));
  await person.sees(en("forget-done"));
  await person.sends("Hello?");
  await person.sends("/stop");
  await person.sees(en("stop-already"));
  await person.sends("/settings");
  await person.sees(en("subscription-none"));
  await person.sends("/language de");
  await until(
    async () => telegram.messages(50).filter(({ text }) => text === en("subscription-none")).length === 2,
  );
  await person.sends("/start");
  await person.sees(en.like("start-person", { name: "Ann" }));
  await person.sends("/forget yes");
  await until(
    async () => telegram.messages(50).filter(({ text }) => text === en("forget-done")).length === 2,
  );
  expect(await stored(50)).toBeUndefined();
});

test("an owner gets what is known of a person as a file, and erases them after confirming it", async () => {
  const { telegram, herald, stored } = await scene();
  const person = telegram.person({ id: 50, firstName: "Ann", languageCode: "en" });
  await person.sends("/start fair");
  await person.sees(en.like("start-person", { name: "Ann" }));
  const owner = ownerOf(telegram);
  await owner.sends("/person 50");
  await owner.sees(en("person-caption", { id: "50" }));
  await owner.sends("/forget 50");
  await owner.sees(en("person-forget-ask", { id: "50" }));
  await owner.sends("/forget 50 yes");
  await owner.sees(en("person-forgotten", { id: "50", bots: `@${herald.username}` }));
  await owner.sends("/person 50");
  await owner.sees(en("person-unknown", { id: "50" }));
  await person.sends("/person 50");
  await person.sees(/do not know this command/);
  expect(await stored(50)).toBeUndefined();
});

test("/language changes the language that segments go by and the bot speaks; Telegram's no longer overwrites it", async () => {
  const { telegram, stored } = await scene();
  const person = telegram.person({ id: 50, firstName: "Ann", languageCode: "en" });
  await person.sends("/language");
  await person.sees(en.like("language-ask", { language: "English" }));
  await person.taps("Русский");
  await person.sees("Теперь ваш язык: Русский");
  await person.sends("/language Klingon");
  await person.sees("такого языка я не знаю");
  await person.sends("/language de");
  await person.sees(en.like("language-set", { language: "Deutsch" }));
  await person.sends("hello");
  await person.sends("/language");
  await person.sees(en.like("language-ask", { language: "Deutsch" }));
  expect(await stored(50)).toMatchObject({ language: "de", languageChosen: true });
});

test("an admin's command menu is in the language that they chose, whatever that of their Telegram", async () => {
  const telegram = await localTelegram({ limits: "none" });
  const owner = ownerOf(telegram);
  const database = await freshLocation();
  const herald = await running(telegram, { database });
  /** What /stats is called in the owner's chat, by the language of the app. */
  const menu = () =>
    Object.fromEntries(
      telegram.commands
        .filter(({ scope }) => scope.type === "chat" && scope.chat_id === OWNER_ID)
        .map(({ languageCode, commands }) => [
          languageCode,
          commands.find(({ command }) => command === "stats")?.description,
        ]),
    );
  const english = "Statistics on campaigns and people";
  const russian = "Статистика рассылок и подписчиков";
  await owner.sends("/start");
  await owner.sees(en.like("start-admin"));
  await until(() => isDeepStrictEqual(menu(), { "": english, ru: russian }));
  await owner.sends("/language ru");
  await owner.sees("Теперь ваш язык");
  await until(() => isDeepStrictEqual(menu(), { "": russian, ru: russian }));
  // Over a restart, too.
  await herald.stop();
  telegram.clearRecords();
  await running(telegram, { database });
  await until(() => telegram.calls.filter(({ method }) => method === "setMyCommands").length === 4);
  expect(menu()).toEqual({ "": russian, ru: russian });
  // That Telegram refuses a menu is no error to them.
  telegram.fault({ method: "setMyCommands", times: Infinity }, { error: FORBIDDEN });
  await owner.sends("/language en");
  await owner.sees(en.like("language-set", { language: "English" }));
  await owner.sends("/start");
  await owner.sees(en.like("start-admin"));
  await owner.sends("/help");
  await owner.sees(en("help-admin"));
  expect(
    owner.holds.filter(({ text }) =>
      [en("error-internal"), en("dialog-broken")].some((words) => text?.includes(words)),
    ),
  ).toEqual([]);
});

test("a block counts at once, and any message revives", async () => {
  const { telegram, herald, stored } = await scene();
  const person = telegram.person({ id: 50, firstName: "Ann", languageCode: "en" });
  const owner = ownerOf(telegram);
  await person.sends("/start");
  await person.sees("Hello");
  await person.blocks();
  await until(() => herald.logged.some((line) => line.includes("blocked or unblocked")));
  await owner.sends("/broadcast");
  await owner.sees(en("post-ask"));
  await owner.sends("Who is left?");
  await owner.sees(en.like("audience-ask"));
  expect(owner.buttons()[0]).toEqual([`✅ ${en("audience-all")} · 1`]);
  await person.unblocks();
  await person.sends("I am back");
  await until(() => herald.logged.filter((line) => line.includes("blocked or unblocked")).length === 2);
  expect(await stored(50)).toMatchObject({ status: "active" });
});

test("an unknown command is answered with what there is, in the person's language; other messages are left alone", async () => {
  const { telegram } = await scene();
  const person = telegram.person({ id: 50, firstName: "Иван", languageCode: "ru" });
  await person.sends("just talking");
  await person.sends("/broadcast");
  await person.sees("Такой команды я не знаю");
  expect(person.holds.filter((message) => message.from?.is_bot).length).toBe(1);
});

test("no token, name or text of anyone reaches the log", async () => {
  const { telegram, herald } = await scene();
  const person = telegram.person({ id: 50, firstName: "Secretname", languageCode: "en" });
  telegram.fault({ method: "sendMessage", times: 1 }, { cut: "before" });
  await person.sends("/start");
  await until(() => herald.logged.some((line) => line.includes("could not be answered")));
  await person.sends("/start secretword");
  await person.sees("Hello");
  const log = herald.logged.join("");
  for (const secret of ["TEST-token", "Secretname", "secretword"]) expect(log).not.toContain(secret);
});
