import { beforeEach, expect, test } from "vitest";
import { matchPeople, readListFile } from "../../src/audience/import/list-file.ts";
import { recipients } from "../../src/db/schema.ts";
import { freshScope } from "../support/database.ts";
import { emptied, range } from "../support/seed.ts";
import { pieces } from "./import-rows.ts";

const scope = await freshScope();
beforeEach(() => emptied(scope));

const read = (text: string) => readListFile(pieces(text));

const phoneOf = (n: number) => `+7916${String(1_000_000 + n)}`;

test("3,000 phones in a file, 1,200 of them known: the list has those, the others are named", async () => {
  await scope.db
    .insert(recipients)
    .values(range(1, 1_200).map((n) => ({ botId: scope.botId, chatId: n, phone: phoneOf(n) })));
  // Written in several ways; the last ones are nobody's, and one is no number.
  const written = range(1, 2_999).map((n) =>
    n % 2 ? phoneOf(n) : `8 (916) ${phoneOf(n).slice(5)}`.replace("8", "7"),
  );
  const people = await read(`Телефон;Заметка\n${written.map((one) => `${one};x\n`).join("")}12;x\n`);
  const { chatIds, lines, missed } = await matchPeople(scope, people);
  expect([lines, chatIds.length, missed.length]).toEqual([3_000, 1_200, 1_800]);
  expect(chatIds.toSorted((a, b) => a - b)).toEqual(range(1, 1_200));
  expect(missed[0]).toEqual({ line: 1_202, text: written[1_200], why: "unknown" });
  expect(missed.at(-1)).toEqual({ line: 3_001, text: "12", why: "unreadable" });
});

test("people are named by ids, usernames and phones; digits are never both an id and a phone", async () => {
  const known = [
    { chatId: 2_025_550_123, username: "Ada" },
    { chatId: 7, phone: "+12025550123" },
    { chatId: 8, phone: "+2025550123" },
    { chatId: -5, kind: "group" as const, username: "shop" },
  ];
  await scope.db.insert(recipients).values(known.map((one) => ({ botId: scope.botId, ...one })));
  const found = async (text: string) => (await matchPeople(scope, await read(text))).chatIds;
  expect(await found("2025550123\n")).toEqual([2_025_550_123]);
  expect(await found("phone\n2025550123\n")).toEqual([]);
  expect(await found("phone\n12025550123\n")).toEqual([7]);
  expect(await found("+1 202 555-01-23\n")).toEqual([7]);
  expect(await found("@ADA\nhttps://t.me/ada\nada\n-5\n@shop\n")).toEqual([2_025_550_123]);
  expect(await found("name,username,id\nAda,,7\nBob,ada,\n")).toEqual([7, 2_025_550_123]);
});
