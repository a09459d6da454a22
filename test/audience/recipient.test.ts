import { eq, sql } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  type Person,
  chooseLanguage,
  findPerson,
  languageOf,
  primaryLanguage,
  refreshPerson,
  setOptedOut,
  setStatus,
} from "../../src/audience/recipients.ts";
import { type Scope, homeScope } from "../../src/db/scope.ts";
import { recipients } from "../../src/db/schema.ts";
import { RECIPIENT_STATUSES } from "../../src/db/states.ts";
import { freshScope } from "../support/database.ts";
import { NOW, emptied, personOf, seedPeople } from "../support/seed.ts";
import { statementLog } from "../support/statements.ts";

let scope: Scope;
beforeAll(async () => {
  scope = await freshScope();
});
beforeEach(() => emptied(scope));

const ada: Person = {
  id: 7_000_000_001,
  first_name: "Ada",
  last_name: "Byron",
  username: "ada",
  language_code: "pt-BR",
  is_premium: true,
};
const row = () => personOf(scope, ada.id);

describe("whoever writes is registered", () => {
  test("with what Telegram tells", async () => {
    await refreshPerson(scope, ada);
    expect(await row()).toMatchObject({
      kind: "person",
      firstName: "Ada",
      lastName: "Byron",
      username: "ada",
      language: "pt",
      languageChosen: false,
      isPremium: true,
      status: "active",
      optedOutAt: null,
    });
    expect(await findPerson(scope, ada.id)).toEqual({ firstName: "Ada", lastName: "Byron", username: "ada" });
    expect(await findPerson(scope, 1)).toBeNull();
  });

  test("without a name that shows nothing, and with one that Telegram would not take apart", async () => {
    await refreshPerson(scope, { ...ada, first_name: "A\u030Asa", last_name: "\u3164 \u2800" });
    expect(await row()).toMatchObject({ firstName: "\u00C5sa", lastName: null });
  });

  test("what is gone is forgotten, what is new is taken", async () => {
    await refreshPerson(scope, ada);
    await refreshPerson(scope, { id: ada.id, first_name: "Ada L." });
    expect(await row()).toMatchObject({
      firstName: "Ada L.",
      lastName: null,
      username: null,
      // Some of a person's clients tell no language; what is known is better than nothing.
      language: "pt",
      isPremium: false,
    });
  });

  test.each([
    ["all told", ada],
    ["no language told", { ...ada, language_code: undefined }],
    ["no language that is one", { ...ada, language_code: "i-klingon" }],
  ])("an unchanged person costs no write: %s", async (_, again) => {
    await refreshPerson(scope, ada);
    const before = await row();
    await refreshPerson(scope, again);
    expect(await row()).toEqual(before);
  });

  test("an unchanged person of no language costs no write", async () => {
    const silent = { ...ada, language_code: undefined };
    await refreshPerson(scope, silent);
    const before = await row();
    await refreshPerson(scope, silent);
    expect(await row()).toEqual(before);
    await refreshPerson(scope, ada);
    expect((await row())?.language).toBe("pt");
  });

  test.each(RECIPIENT_STATUSES.filter((status) => status !== "active"))(
    "who was %s and writes is active again",
    async (status) => {
      await refreshPerson(scope, ada);
      await setStatus(scope, ada.id, status);
      const hourAgo = sql`now() - interval '1 hour'`;
      const [before] = await scope.db.update(recipients).set({ statusChangedAt: hourAgo }).returning();
      expect(before?.status).toBe(status);
      await refreshPerson(scope, ada);
      const after = await row();
      expect(after?.status).toBe("active");
      expect(after!.statusChangedAt!.getTime()).toBeGreaterThan(before!.statusChangedAt!.getTime());
    },
  );

  test("with where they came from, which a second link does not change", async () => {
    await refreshPerson(scope, ada, { source: "promo_vk0" });
    await refreshPerson(scope, ada, { source: "other" });
    expect((await row())?.source).toBe("promo_vk0");
    // Who wrote before has joined before.
    await refreshPerson(scope, { id: 2, first_name: "Bob" });
    await refreshPerson(scope, { id: 2, first_name: "Bob" }, { source: "late" });
    expect((await personOf(scope, 2))?.source).toBeNull();
    // Who was imported without a date, and had not written, joins by it.
    await seedPeople(scope, [3, 4], { joinedAt: null });
    await scope.db.update(recipients).set({ joinedAt: NOW }).where(eq(recipients.chatId, 4));
    for (const id of [3, 4]) await refreshPerson(scope, { id, first_name: "P" }, { source: "fair" });
    expect((await personOf(scope, 3))?.source).toBe("fair");
    expect((await personOf(scope, 4))?.source).toBeNull();
  });

  test("as seen, which is written once a day, and always by the same single statement", async () => {
    await refreshPerson(scope, ada);
    const ago = (hours: number) =>
      scope.db
        .update(recipients)
        .set({ lastSeenAt: sql`now() - ${hours} * interval '1 hour'` })
        .returning();
    const [today] = await ago(23);
    const statements = statementLog();
    await refreshPerson(scope, ada);
    expect(statements.filter(({ text }) => /recipients/.test(text)).length).toBe(1);
    expect((await row())?.lastSeenAt).toEqual(today?.lastSeenAt);
    const [yesterday] = await ago(25);
    await refreshPerson(scope, ada);
    expect((await row())!.lastSeenAt!.getTime()).toBeGreaterThan(yesterday!.lastSeenAt!.getTime());
    const [before] = await scope.db.update(recipients).set({ lastSeenAt: null }).returning();
    expect(before?.lastSeenAt).toBeNull();
    await refreshPerson(scope, ada);
    expect((await row())?.lastSeenAt).toBeInstanceOf(Date);
  });

  test("writing does not opt anybody in again", async () => {
    await refreshPerson(scope, ada);
    await setOptedOut(scope, ada.id, true);
    await refreshPerson(scope, { ...ada, first_name: "A." });
    expect((await row())?.optedOutAt).toBeInstanceOf(Date);
  });

  test("another bot knows them apart", async () => {
    await refreshPerson(scope, ada);
    const other = homeScope(scope.db, scope.botId + 1);
    await refreshPerson(other, { ...ada, first_name: "Other" });
    await setStatus(other, ada.id, "blocked");
    await setOptedOut(other, ada.id, true);
    await chooseLanguage(other, ada.id, "de");
    expect(await row()).toMatchObject({
      firstName: "Ada",
      status: "active",
      optedOutAt: null,
      language: "pt",
    });
  });
});

test("a chosen language stays, whatever Telegram says later", async () => {
  await refreshPerson(scope, ada);
  expect(await languageOf(scope, ada.id)).toBe("pt");
  await refreshPerson(scope, { ...ada, language_code: "es" });
  expect(await languageOf(scope, ada.id)).toBe("es");
  await chooseLanguage(scope, ada.id, "ru");
  await refreshPerson(scope, { ...ada, language_code: "en", first_name: "A." });
  expect(await languageOf(scope, ada.id)).toBe("ru");
  expect((await row())?.firstName).toBe("A.");
  expect(await languageOf(scope, 1)).toBeNull();
});

test("opting out and in again tells whether it changed anything", async () => {
  await seedPeople(scope, [1]);
  const answers = [];
  for (const out of [false, true, true, false, false]) answers.push(await setOptedOut(scope, 1, out));
  expect(answers).toEqual([false, true, false, true, false]);
  expect(await setOptedOut(scope, 2, true)).toBe(false);
});

test("opting out again keeps the first moment", async () => {
  await seedPeople(scope, [1]);
  await setOptedOut(scope, 1, true);
  const first = (await personOf(scope, 1))?.optedOutAt;
  await setOptedOut(scope, 1, true);
  expect((await personOf(scope, 1))?.optedOutAt).toEqual(first);
});

test.each([
  ["en", "en"],
  ["pt-BR", "pt"],
  ["zh-hans", "zh"],
  ["EN_us", "en"],
  ["yue", "yue"],
  ["engl", null],
  ["e", null],
  ["", null],
  ["i-klingon", null],
  ["42", null],
  [undefined, null],
  [null, null],
])("the primary language of %s is %s", (tag, expected) => {
  expect(primaryLanguage(tag)).toBe(expected);
});
