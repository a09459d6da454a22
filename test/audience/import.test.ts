import { Readable } from "node:stream";
import { eq, sql } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  type Fault,
  type ImportSummary,
  checkRecipients,
  importRecipients,
} from "../../src/audience/import.ts";
import { UnreadableFile } from "../../src/audience/csv.ts";
import { toE164 } from "../../src/audience/phone.ts";
import { chooseLanguage, setOptedOut, setStatus } from "../../src/audience/recipient.ts";
import type { Scope } from "../../src/db/connect.ts";
import { recipients } from "../../src/db/schema.ts";
import { freshScope, onServer } from "../support/database.ts";

let scope: Scope;

beforeAll(async () => {
  scope = await freshScope();
});

beforeEach(async () => {
  await scope.db.delete(recipients);
});

/** The text as a stream of small pieces, so that lines, letters and line breaks are cut apart. */
function pieces(text: string | Buffer, size = 7): Readable {
  const bytes = Buffer.from(text);
  const count = Math.ceil(bytes.length / size);
  return Readable.from(
    Array.from({ length: count }, (_, index) => bytes.subarray(index * size, (index + 1) * size)),
  );
}

async function load(text: string | Buffer): Promise<{ summary: ImportSummary; faults: [number, string][] }> {
  const faults: Fault[] = [];
  const summary = await importRecipients(scope, pieces(text), { onFault: (fault) => faults.push(fault) });
  const { rows, inserted, updated, unchanged, duplicates, refused } = summary;
  expect(inserted + updated + unchanged + duplicates + refused, "every row is counted once").toBe(rows);
  return { summary, faults: faults.map(({ line, kind }) => [line, kind]) };
}

async function stored(chatId: number) {
  const [row] = await scope.db.select().from(recipients).where(eq(recipients.chatId, chatId));
  return row;
}

async function storedIds(): Promise<number[]> {
  const rows = await scope.db.select({ id: recipients.chatId }).from(recipients).orderBy(recipients.chatId);
  return rows.map(({ id }) => id);
}

describe("a file", () => {
  test("becomes active people of this bot", async () => {
    const { summary, faults } = await load(
      "chat_id,language,first_name,last_name,username,phone\n" +
        "101,ru,Анна,Каренина,@anna,79161234567\n" +
        "102,pt-BR,João,,joao_s,+55 11 96123-4567\n" +
        "103,,,,,\n",
    );
    expect(faults).toEqual([]);
    expect(summary).toMatchObject({ rows: 3, inserted: 3, updated: 0, unchanged: 0 });
    expect(await stored(101)).toMatchObject({
      botId: scope.botId,
      kind: "person",
      status: "active",
      language: "ru",
      languageChosen: false,
      firstName: "Анна",
      lastName: "Каренина",
      username: "anna",
      phone: "+79161234567",
    });
    expect(await stored(102)).toMatchObject({ language: "pt", lastName: null, phone: "+5511961234567" });
    expect(await stored(103)).toMatchObject({ language: null, firstName: null, username: null, phone: null });
  });

  test("may have its columns in any order and case, and others, which are named", async () => {
    const { summary } = await load("City, First_Name ,CHAT_ID,Notes\nRome,Ann,101,likes tea\n");
    expect(summary.ignoredColumns).toEqual(["City", "Notes"]);
    expect(await stored(101)).toMatchObject({ firstName: "Ann" });
  });

  test.each([
    ["commas", "chat_id,first_name\n101,Ann; Bob\n", "Ann; Bob"],
    ["semicolons", "chat_id;first_name\n101;Ann, Bob\n", "Ann, Bob"],
    ["tabs", "chat_id\tfirst_name\n101\tAnn, Bob\n", "Ann, Bob"],
    ["a byte order mark", "\uFEFFchat_id,first_name\n101,Ann\n", "Ann"],
    ["a byte order mark and quotes", '\uFEFF"chat_id","first_name"\n"101","Ann"\n', "Ann"],
    ["Windows line breaks", "chat_id,first_name\r\n101,Ann\r\n", "Ann"],
    ["old Mac line breaks", "chat_id,first_name\r101,Ann\r", "Ann"],
    ["no line break at its end", "chat_id,first_name\n101,Ann", "Ann"],
    ["doubled quotes", 'chat_id,first_name\n101,"Ann ""Bee"" C"\n', 'Ann "Bee" C'],
    ["spaces around", "chat_id , first_name\n 101 , Ann \n", "Ann"],
    ["separators at the ends of its lines", "chat_id,first_name,,\n101,Ann,,\n", "Ann"],
    ["empty lines", "chat_id,first_name\n\n,\n101,Ann\n\n", "Ann"],
    ["control characters in a name", "chat_id,first_name\n101,Ann\u0000Bee\u0007\n", "Ann Bee"],
    ["a line break in a name", 'chat_id,first_name\n101,"Ann\nBee"\n', "Ann Bee"],
  ])("with %s is read", async (_, text, name) => {
    const { summary, faults } = await load(text);
    expect(faults).toEqual([]);
    expect(summary).toMatchObject({ rows: 1, inserted: 1, ignoredColumns: [] });
    expect(await stored(101)).toMatchObject({ firstName: name });
  });

  test("of several batches is imported whole", async () => {
    const ids = Array.from({ length: 4_500 }, (_, index) => 1_000 + index);
    const progress: number[] = [];
    const summary = await importRecipients(scope, pieces(`chat_id\n${ids.join("\n")}`, 4_096), {
      onProgress: ({ rows }) => progress.push(rows),
    });
    expect(summary).toMatchObject({ rows: 4_500, inserted: 4_500 });
    expect(await storedIds()).toEqual(ids);
    expect(progress.at(-1)).toBe(4_500);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
  });

  test.each([
    ["is empty", "", /empty/],
    ["has no header", "101,Ann,+79161234567\n", /no column chat_id/],
    ["names a column twice", "chat_id,phone,Phone\n101,,\n", /phone twice/],
    ["is UTF-16", Buffer.from("\uFEFFchat_id\n101\n", "utf16le"), /UTF-16/],
    ["has a line without end", `chat_id\n${"1".repeat(1_100_000)}`, /no CSV/],
  ])("that %s is refused with a sentence", async (_, text, sentence) => {
    const refusal = importRecipients(scope, pieces(text, 50_000));
    await expect(refusal).rejects.toThrow(UnreadableFile);
    await expect(refusal).rejects.toThrow(sentence);
    await expect(refusal).rejects.not.toThrow(/Ann|7916/);
  });

  test("that is only checked shows its faults and changes nothing", async () => {
    const faults: Fault[] = [];
    const summary = await checkRecipients(pieces("chat_id\n101\n0\n"), {
      onFault: (fault) => faults.push(fault),
    });
    expect(summary).toMatchObject({ rows: 2, inserted: 0, unchanged: 0, refused: 1 });
    expect(faults).toEqual([{ line: 3, kind: "chat-id-zero" }]);
    expect(await storedIds()).toEqual([]);
  });

  test("is left when the import is stopped, and done by the next one", async () => {
    const stop = new AbortController();
    const text = `chat_id\n${Array.from({ length: 50 }, (_, index) => 101 + index).join("\n")}\n`;
    const cut = await importRecipients(scope, pieces(text), {
      onProgress: ({ rows }) => rows >= 10 && stop.abort(),
      signal: stop.signal,
    });
    expect(cut.inserted).toBe(cut.rows);
    expect(cut.rows).toBeLessThan(50);
    const { summary } = await load(text);
    expect(summary).toMatchObject({ rows: 50, inserted: 50 - cut.rows, unchanged: cut.rows });
  });
});

describe("a faulty row", () => {
  test.each([
    ["", "chat-id-missing"],
    ["abc", "chat-id-not-whole"],
    ["12.5", "chat-id-not-whole"],
    ["1.23E+09", "chat-id-not-whole"],
    ["0x10", "chat-id-not-whole"],
    ["0", "chat-id-zero"],
    ["-1001234567890", "chat-id-negative"],
    ["4503599627370497", "chat-id-too-large"],
    ["99999999999999999999999", "chat-id-too-large"],
  ])("with the chat_id %j is refused as %s, the others are imported", async (id, kind) => {
    const { summary, faults } = await load(`chat_id,first_name\n101,Ann\n${id},Bob\n102,Cid\n`);
    expect(faults).toEqual([[3, kind]]);
    expect(summary).toMatchObject({ rows: 3, inserted: 2, refused: 1, incomplete: 0 });
    expect(await storedIds()).toEqual([101, 102]);
  });

  test("may have the largest id that Telegram can give", async () => {
    await load(`chat_id\n${2 ** 52}\n`);
    expect(await storedIds()).toEqual([2 ** 52]);
  });

  test.each([
    ["language", "english", "language"],
    ["first_name", "a".repeat(65), "first-name"],
    ["last_name", "a".repeat(65), "last-name"],
    ["username", "not a name", "username"],
    ["phone", "8 916 123-45-67", "phone"],
  ])("with a wrong %s is imported without it", async (column, value, kind) => {
    const { summary, faults } = await load(`chat_id,${column},x\n101,${value},1\n`);
    expect(faults).toEqual([[2, kind]]);
    expect(summary).toMatchObject({ inserted: 1, refused: 0, incomplete: 1 });
    expect(await stored(101)).toMatchObject({
      language: null,
      firstName: null,
      lastName: null,
      username: null,
      phone: null,
    });
  });

  test("is listed once for each of its fields", async () => {
    const { summary, faults } = await load("chat_id,language,phone\n101,english,12\n");
    expect(faults).toEqual([
      [2, "language"],
      [2, "phone"],
    ]);
    expect(summary.incomplete).toBe(1);
  });

  test("with 64 letters of two units each has no fault", async () => {
    const { faults } = await load(`chat_id,first_name\n101,${"😀".repeat(64)}\n`);
    expect(faults).toEqual([]);
  });

  test("with too few or too many fields is refused", async () => {
    const { faults } = await load(
      "chat_id,first_name,phone\n101,Ann\n102,Bob,,x\n103,Cid,,\n104,Dan, Jr.,+79161234567\n105,Eve,\n",
    );
    expect(faults).toEqual([
      [2, "field-count"],
      [3, "field-count"],
      [5, "field-count"],
    ]);
    expect(await storedIds()).toEqual([103, 105]);
  });

  test("with text that is not UTF-8 is refused", async () => {
    const { faults } = await load(
      Buffer.concat([
        Buffer.from("chat_id,first_name\n101,"),
        Buffer.from([0xc0, 0xed, 0xed, 0xe0]), // a Russian name in Windows-1251
        Buffer.from("\n102,Bob\n"),
      ]),
    );
    expect(faults).toEqual([[2, "encoding"]]);
    expect(await storedIds()).toEqual([102]);
  });

  test("keeps its line number behind quoted line breaks and empty lines", async () => {
    for (const end of ["\n", "\r\n"]) {
      const lines = ["chat_id,notes", '101,"one', "two", 'three"', "", "0,x", '102,"a ""b""', '"', "-5,x"];
      const { faults } = await load(lines.join(end));
      expect(faults).toEqual([
        [6, "chat-id-zero"],
        [9, "chat-id-negative"],
      ]);
    }
  });

  test("with a quote that is never closed costs itself only", async () => {
    const rest = Array.from({ length: 300 }, (_, index) => `${200 + index},Bob`).join("\n");
    const { summary, faults } = await load(`chat_id,first_name\n101,"Ann\n${rest}\n`);
    expect(faults).toEqual([[2, "quotes"]]);
    expect(summary).toMatchObject({ rows: 301, inserted: 300, refused: 1 });
  });

  test("with a quote that another row seems to close does not swallow those between", async () => {
    const between = Array.from({ length: 20 }, (_, index) => `${200 + index},Robert`).join("\n");
    for (const last of ['300,"Zed', '300,Zed"', '300,Zed 5"']) {
      const { summary, faults } = await load(`chat_id,first_name\n101,"Ann\n${between}\n${last}\n400,Eve\n`);
      expect(faults).toEqual([
        [2, "quotes"],
        [23, "quotes"],
      ]);
      expect(summary).toMatchObject({ rows: 23, refused: 2 });
    }
  });

  test("with quotes inside a field is refused alone", async () => {
    const { faults } = await load('chat_id,first_name\n101,Ann "Bee" C\n102,"Bob" D\n103,Cid\n');
    expect(faults).toEqual([
      [2, "quotes"],
      [3, "quotes"],
    ]);
    expect(await storedIds()).toEqual([103]);
  });
});

describe("an import", () => {
  const file =
    "chat_id,language,first_name,last_name,username,phone\n101,ru,Анна,К,anna,+79161234567\n102,de,Bob,,,\n";

  test("of the same file changes nothing", async () => {
    await load(file);
    const before = await scope.db.select().from(recipients).orderBy(recipients.chatId);
    const versions = () => scope.db.select({ row: sql<string>`ctid::text || xmin::text` }).from(recipients);
    const written = await versions();
    const { summary } = await load(file);
    expect(summary).toMatchObject({ rows: 2, inserted: 0, updated: 0, unchanged: 2 });
    expect(await scope.db.select().from(recipients).orderBy(recipients.chatId)).toEqual(before);
    expect(await versions()).toEqual(written);
  });

  test("says exactly what was inserted, updated and left", async () => {
    await load(file);
    const { summary } = await load("chat_id,first_name\n101,Anna\n102,Bob\n103,Cid\n");
    expect(summary).toMatchObject({ rows: 3, inserted: 1, updated: 1, unchanged: 1 });
  });

  test("overwrites nothing with an empty or a faulty field", async () => {
    await load(file);
    const { summary } = await load(
      "chat_id,language,first_name,last_name,username,phone\n101,,,,,\n102,german,,Lee,,123\n",
    );
    expect(summary).toMatchObject({ updated: 1, unchanged: 1 });
    expect(await stored(101)).toMatchObject({
      language: "ru",
      firstName: "Анна",
      lastName: "К",
      username: "anna",
      phone: "+79161234567",
    });
    expect(await stored(102)).toMatchObject({ language: "de", firstName: "Bob", lastName: "Lee" });
  });

  test("leaves those away who blocked the bot or opted out", async () => {
    await load(file);
    await setStatus(scope, 101, "blocked");
    await setOptedOut(scope, 102, true);
    const before = [await stored(101), await stored(102)];
    await load("chat_id,first_name\n101,Anna\n102,Rob\n");
    expect(await stored(101)).toEqual({ ...before[0], firstName: "Anna" });
    expect(await stored(102)).toEqual({ ...before[1], firstName: "Rob" });
  });

  test("leaves a language that the person chose", async () => {
    await load(file);
    await chooseLanguage(scope, 101, "uk");
    const { summary } = await load(file);
    expect(summary).toMatchObject({ updated: 0, unchanged: 2 });
    expect(await stored(101)).toMatchObject({ language: "uk", languageChosen: true });
  });

  test("merges rows of one person, the last one first", async () => {
    const { summary } = await load(
      "chat_id,first_name,username,phone\n101,Ann,ann,\n102,Bob,,\n101,Anna,,+79161234567\n101,,,\n",
    );
    expect(summary).toMatchObject({ rows: 4, inserted: 2, duplicates: 2 });
    expect(await stored(101)).toMatchObject({ firstName: "Anna", username: "ann", phone: "+79161234567" });
  });

  test("touches no other bot's people", async () => {
    const other = { ...scope, botId: scope.botId + 1 };
    await importRecipients(other, pieces(file));
    const { summary } = await load("chat_id,first_name\n101,Zoe\n");
    expect(summary).toMatchObject({ inserted: 1, updated: 0 });
    const names = await scope.db
      .select({ name: recipients.firstName })
      .from(recipients)
      .where(eq(recipients.chatId, 101))
      .orderBy(recipients.botId);
    expect(names).toEqual([{ name: "Zoe" }, { name: "Анна" }]);
  });

  test.runIf(onServer)("gives way to whoever holds its rows, instead of a deadlock", async () => {
    await load(file);
    let importing: Promise<ImportSummary> | undefined;
    await scope.db.transaction(async (tx) => {
      await tx.update(recipients).set({ status: "blocked" }).where(eq(recipients.chatId, 102));
      importing = importRecipients(scope, pieces("chat_id,first_name\n101,Anna\n102,Rob\n"));
      await tx.execute(sql`select pg_sleep(1)`);
      // By now the import has taken 101 and waits for 102.
      await tx.update(recipients).set({ status: "blocked" }).where(eq(recipients.chatId, 101));
    });
    expect(await importing).toMatchObject({ rows: 2, updated: 2 });
    expect(await stored(101)).toMatchObject({ firstName: "Anna", status: "blocked" });
    expect(await stored(102)).toMatchObject({ firstName: "Rob", status: "blocked" });
  });
});

describe("a phone number", () => {
  test.each([
    ["+79161234567", "+79161234567"],
    ["79161234567", "+79161234567"],
    ["0079161234567", "+79161234567"],
    ["+7 (916) 123-45-67", "+79161234567"],
    ["+44 20 7183 8750", "+442071838750"],
    ["1.415.555.2671", "+14155552671"],
    ["\u202A+7 916 123‑45‑67\u202C", "+79161234567"],
    ["+888 0123 4567", "+88801234567"],
    ["88801234567", "+88801234567"],
    ["+888 8 888", "+8888888"],
    ["888 8 888", null],
    ["8 916 123-45-67", null],
    ["9161234567", null],
    ["+7916123456", null],
    ["+999123456789", null],
    ["7.91612E+10", null],
    ["++79161234567", null],
    ["none", null],
    ["", null],
  ])("%j is %j", (text, number) => {
    expect(toE164(text)).toBe(number);
  });
});
