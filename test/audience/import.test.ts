import { eq, sql } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  type ImportOptions,
  checkRecipients,
  importRecipients,
} from "../../src/audience/import/import-people.ts";
import type { ImportSummary, RowRead } from "../../src/audience/import/import-summary.ts";
import { UnreadableFile } from "../../src/audience/import/csv-rows.ts";
import { chooseLanguage, refreshPerson, setOptedOut, setStatus } from "../../src/audience/recipients.ts";
import { type Scope, homeScope } from "../../src/db/scope.ts";
import { recipients } from "../../src/db/schema.ts";
import { freshScope } from "../support/database.ts";
import { faultsOf, leftOut, pieces } from "./import-rows.ts";

let scope: Scope;

beforeAll(async () => {
  scope = await freshScope();
});

beforeEach(async () => {
  await scope.db.delete(recipients);
});

async function load(
  text: string | Buffer,
  options: ImportOptions = {},
): Promise<{ summary: ImportSummary; faults: [number, string][] }> {
  const read: RowRead[] = [];
  const summary = await importRecipients(scope, pieces(text), { onRow: (row) => read.push(row) }, options);
  const { rows, inserted, updated, unchanged, duplicates, refused } = summary;
  expect(inserted + updated + unchanged + duplicates + refused, "every row is counted once").toBe(rows);
  return { summary, faults: faultsOf(read) };
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
  test("that breaks off is imported up to there", async () => {
    const ids = Array.from({ length: 11_000 }, (_, index) => 100_000 + index);
    async function* broken() {
      yield Buffer.from(["chat_id", ...ids, "9"].join("\n"));
      throw new Error("the connection is gone");
    }
    await expect(importRecipients(scope, broken())).rejects.toThrow("the connection is gone");
    // Batches have 2,000. The last line was cut off, so it may be another id.
    expect(await storedIds()).toEqual(ids);
  });

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

  test("may have its columns in any order and case, and others, which are attributes", async () => {
    await load("City, First_Name ,CHAT_ID,Notes\nRome,Ann,101,likes tea\n");
    expect(await stored(101)).toMatchObject({
      firstName: "Ann",
      attributes: { city: "Rome", notes: "likes tea" },
    });
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
    ["a decomposed name", "chat_id,first_name\n101,A\u030Asa\n", "\u00C5sa"],
    ["a line break in a name", 'chat_id,first_name\n101,"Ann\nBee"\n', "Ann Bee"],
  ])("with %s is read", async (_, text, name) => {
    const { summary, faults } = await load(text);
    expect(faults).toEqual([]);
    expect(summary).toMatchObject({ rows: 1, inserted: 1 });
    expect(leftOut(summary)).toEqual([]);
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
    ["has nothing but empty lines", "\n\r\n", /empty/],
    ["has neither a header nor an id", "Ann,+79161234567\n", /no column chat_id/],
    [
      "has no header and two numbers",
      "101,Ann,79161234567\n",
      /several of its fields may be the id.*--columns chat_id,first_name,_/,
    ],
    [
      "has several columns for the id",
      "user_id,id\n101,102\n",
      /user_id, id\. Say which one, as in --id-column "user_id"/,
    ],
    ["has a chat_id beside a user_id", "chat_id,user_id\n101,102\n", /chat_id, user_id/],
    ["is a workbook", Buffer.from("504b030414000600", "hex"), /Excel workbook.*CSV UTF-8/],
    ["is JSON", '[{"chat_id":101}]', /JSON/],
    ["is binary", Buffer.alloc(100), /not a text file/],
    [
      "is in an encoding that cannot be told",
      Buffer.from("chat_id,name\n101,Jos\u00E9\n102,M\u00FCller\n", "latin1"),
      /--encoding windows-1252/,
    ],
    ["names a column twice", "chat_id,phone,Phone\n101,,\n", /phone twice/],
    ["has a line without end", `chat_id\n${"1".repeat(1_100_000)}`, /not a CSV file/],
  ])("that %s is refused with a sentence", async (_, text, sentence) => {
    const refusal = importRecipients(scope, pieces(text, 50_000));
    await expect(refusal).rejects.toThrow(UnreadableFile);
    await expect(refusal).rejects.toThrow(sentence);
    await expect(refusal).rejects.not.toThrow(/Ann|7916/);
  });

  test("that is only checked shows its faults and changes nothing", async () => {
    const rows: RowRead[] = [];
    const summary = await checkRecipients(pieces("chat_id\n101\n0\n"), { onRow: (row) => rows.push(row) });
    expect(summary).toMatchObject({ rows: 2, inserted: 0, unchanged: 0, refused: 1 });
    expect(faultsOf(rows)).toEqual([[3, "chat-id-zero"]]);
    expect(await storedIds()).toEqual([]);
  });

  test("is left when the import is stopped, and done by the next one", async () => {
    const stop = new AbortController();
    const count = 20_000;
    const text = `chat_id\n${Array.from({ length: count }, (_, index) => 101 + index).join("\n")}\n`;
    const cut = await importRecipients(scope, pieces(text, 4_096), {
      onProgress: ({ rows }) => rows >= 10 && stop.abort(),
      signal: stop.signal,
    });
    expect(cut.inserted).toBe(cut.rows);
    expect(cut.rows).toBeLessThan(count);
    const summary = await importRecipients(scope, pieces(text, 4_096));
    expect(summary).toMatchObject({ rows: count, inserted: count - cut.rows, unchanged: cut.rows });
  });
});

describe("a faulty row", () => {
  test("may have the largest id that Telegram can give", async () => {
    await load(`chat_id\n${2 ** 52}\n`);
    expect(await storedIds()).toEqual([2 ** 52]);
  });

  test("with a name that shows nothing has no name", async () => {
    const { faults } = await load("chat_id,first_name,last_name\n101,\u3164,\u200B\u00AD\n");
    expect(faults).toEqual([]);
    expect(await stored(101)).toMatchObject({ firstName: null, lastName: null });
  });

  test("is listed once for each of its fields", async () => {
    const { summary, faults } = await load("chat_id,language,phone\n101,klingonish,12\n");
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

  test("with a damaged name in a file of UTF-8 loses that name only", async () => {
    const { faults } = await load(
      Buffer.concat([
        Buffer.from("chat_id,first_name,last_name\n101,"),
        Buffer.from([0xc0, 0xed, 0xed, 0xe0]), // a Russian name in windows-1251
        Buffer.from(",Каренина\n102,Анна,Ёлкина\n"),
      ]),
    );
    expect(faults).toEqual([[2, "encoding"]]);
    expect(await stored(101)).toMatchObject({ firstName: null, lastName: "Каренина" });
    expect(await stored(102)).toMatchObject({ firstName: "Анна", lastName: "Ёлкина" });
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

  test("of the same file writes nothing and locks nothing", async () => {
    await load(file);
    const before = await scope.db.select().from(recipients).orderBy(recipients.chatId);
    // A lock is a write, too: it is noted in the row as xmax.
    const versions = () =>
      scope.db.select({ row: sql<string>`concat_ws(' ', ctid, xmin, xmax)` }).from(recipients);
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
      "chat_id,language,first_name,last_name,username,phone\n101,,,,,\n102,klingonish,,Lee,,123\n",
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
    const other = homeScope(scope.db, scope.botId + 1);
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

  test("gives way to whoever holds its rows, instead of a deadlock", async () => {
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

describe("the date on which somebody joined", () => {
  test("is the earliest that is known, and without one nobody has joined", async () => {
    await load("chat_id,joined\n101,2024-05-01\n102,\n103,2024-01-01\n101,2024-04-01\n");
    await load("chat_id,joined\n101,2024-03-01\n102,\n103,2024-02-01\n");
    const days = [101, 102, 103].map(async (id) => (await stored(id))?.joinedAt?.toISOString().slice(0, 10));
    expect(await Promise.all(days)).toEqual(["2024-03-01", undefined, "2024-01-01"]);
  });
});

describe("people whom the file calls gone", () => {
  const OUT = { status: "active", optedOutAt: expect.any(Date) as Date };
  const BLOCKED = { status: "blocked", statusChangedAt: expect.any(Date) as Date, optedOutAt: null };
  const IN = { status: "active", optedOutAt: null };
  test("in words that Herald does not know are not imported, unless the column is left out", async () => {
    const file = "chat_id,status,unsubscribed\n101,vip,0\n102,1,0\n103,vip,1\n";
    expect((await load(file)).faults).toEqual([
      [2, "standing"],
      [3, "standing"],
    ]);
    expect(await storedIds()).toEqual([103]);
    expect((await load(file, { ignore: ["Status"] })).faults).toEqual([]);
    expect(await storedIds()).toEqual([101, 102, 103]);
  });

  test("by one column are gone whatever another one says, and so by one row of two", async () => {
    await load("chat_id,status,unsubscribed\n101,active,1\n102,unsubscribed,0\n102,active,0\n");
    expect(await stored(101)).toMatchObject(OUT);
    expect(await stored(102)).toMatchObject(OUT);
  });

  test("are taken off the list if they stood on it, but not if Herald has heard from them since", async () => {
    const file = "chat_id,unsubscribed,blocked\n101,1,0\n102,0,1\n103,1,0\n104,1,1\n105,1,1\n";
    await load("chat_id,language,first_name\n101,,\n102,,\n103,,\n105,en,Eve\n");
    await setOptedOut(scope, 103, true);
    await setOptedOut(scope, 103, false);
    await refreshPerson(scope, { id: 104, first_name: "Ann" });
    // All that she says is known already.
    await refreshPerson(scope, { id: 105, first_name: "Eve", language_code: "en" });
    expect((await load(file)).summary).toMatchObject({ updated: 2, unchanged: 3, gone: 5 });
    expect(await stored(101)).toMatchObject(OUT);
    expect(await stored(102)).toMatchObject(BLOCKED);
    expect(await stored(103)).toMatchObject(IN);
    expect(await stored(104)).toMatchObject(IN);
    expect(await stored(105)).toMatchObject(IN);
  });

  test("and who come back stay in when the same file is imported again", async () => {
    const file = "chat_id,unsubscribed,blocked\n101,1,0\n102,0,1\n";
    await load(file);
    await setOptedOut(scope, 101, false);
    await setStatus(scope, 102, "active");
    expect((await load(file)).summary).toMatchObject({ updated: 0, unchanged: 2 });
    expect(await stored(101)).toMatchObject(IN);
    expect(await stored(102)).toMatchObject(IN);
  });

  test("as bots or people of other messengers are not imported", async () => {
    const { faults } = await load(
      "full_name;platform_id;platform;is_bot\nAnn;101;tg;0\nBob;102;viber;0\nBot;103;tg;1\nEve;104;ios;0\n",
    );
    expect(faults).toEqual([
      [3, "elsewhere"],
      [4, "bot"],
      [5, "standing"],
    ]);
    expect(await stored(101)).toMatchObject({ firstName: "Ann" });
  });
});
