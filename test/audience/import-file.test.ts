import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { type ImportOptions, checkRecipients } from "../../src/audience/import/import-people.ts";
import { FIELDS, FILTERS, findColumns } from "../../src/audience/import/columns.ts";
import type { RowRead } from "../../src/audience/import/import-summary.ts";
import { toE164 } from "../../src/audience/import/phone.ts";
import { faultsOf, leftOut, pieces } from "./import-rows.ts";

/** What a file says, without a database: the people of its rows, and its faults. */
async function understood(text: string | Buffer, options: ImportOptions = {}) {
  const read: RowRead[] = [];
  // In pieces of a size that cuts letters and line breaks apart, but does not make long files slow.
  const size = text.length > 10_000 ? 4_093 : 7;
  const summary = await checkRecipients(pieces(text, size), { onRow: (row) => read.push(row) }, options);
  return { summary, faults: faultsOf(read), people: read.flatMap(({ person }) => person ?? []) };
}

/** Text in an encoding of one byte a letter, as TextDecoder reads it. */
function encoded(text: string, encoding: string): Buffer {
  const bytes = Array.from({ length: 128 }, (_, index) => 128 + index);
  const codes = new Map(
    bytes.map((byte) => [new TextDecoder(encoding).decode(Uint8Array.from([byte]), { stream: true }), byte]),
  );
  return Buffer.from([...text].map((letter) => codes.get(letter) ?? letter.charCodeAt(0)));
}

describe("a file of another system", () => {
  test.each([
    "user_id",
    "telegram_id",
    "telegramId",
    "tg_id",
    "id",
    "ID",
    "Chat ID",
    "chat-id",
    "ID чата",
    "ИД пользователя",
    "platform_id",
    "social_id",
  ])("with its ids in %j is read", async (name) => {
    const { summary, faults, people } = await understood(`name;${name}\nAnn;101\n`);
    expect(faults).toEqual([]);
    expect(leftOut(summary)).toEqual([]);
    expect(people).toMatchObject([{ chat_id: 101, first_name: "Ann" }]);
  });

  test.each([
    ["the id of the row beside it", "id,telegram_id\n1,101\n", {}],
    ["the column named by the operator", "id,user_id\n1,101\n", { idColumn: "User ID" }],
    ["a line that names the separator", "sep=;\nchat_id;first_name\n101;Ann\n", {}],
    [
      "such a line in quotes, and a byte order mark",
      '\uFEFF"sep=\t"\r\nchat_id\tfirst_name\r\n101\tAnn\r\n',
      {},
    ],
    ["such a line saved once more", '"sep=,",,\nchat_id,first_name,\n101,Ann,\n', {}],
    ["empty lines before its header", "\n \r\nchat_id\n101\n", {}],
    ["vertical bars", "chat_id|first_name\n101|Ann\n", {}],
    ["no header, of one column", "101\n", {}],
    ["no header, and a name and a phone number", "Ann;+79161234567;101\n", {}],
    [
      "no header, its columns named by the operator",
      "79161234567,Ann,101\n",
      { columns: ["phone", "_", "chat_id"] },
    ],
  ])("with %s is read", async (_, text, options) => {
    const { summary, faults, people } = await understood(text, options);
    expect(faults).toEqual([]);
    expect(summary).toMatchObject({ rows: 1, refused: 0 });
    expect(people.map((person) => person.chat_id)).toEqual([101]);
  });

  test("keeps the numbers of its lines behind such a beginning", async () => {
    expect((await understood("\nsep=;\n\nchat_id;x\n101;1\n0;1\n")).faults).toEqual([[6, "chat-id-zero"]]);
    expect((await understood("101\n0\n")).faults).toEqual([[2, "chat-id-zero"]]);
  });

  test.each([
    ["700015.0", 700_015],
    ["700015.00", 700_015],
    ['="123456789"', 123_456_789],
    ['"=""123456789"""', 123_456_789],
    ["'123456789", 123_456_789],
    ["123 456 789", 123_456_789],
    ["123\u00A0456\u00A0789", 123_456_789],
    ["1\u202F234\u202F567", 1_234_567],
    ["\u200E123456789", 123_456_789],
  ])("may write an id as %s", async (written, id) => {
    const { faults, people } = await understood(`chat_id;first_name\n${written};Ann\n`);
    expect(faults).toEqual([]);
    expect(people.map((person) => person.chat_id)).toEqual([id]);
  });

  test.each(["None", "null", "NULL", "nan", "NaN", "\\N", "N/A", " "])(
    "may write %s where there is nothing",
    async (nothing) => {
      const fields = ["language", "first_name", "username", "phone", "joined_at", "status"];
      const { faults, people } = await understood(
        `chat_id,${fields.join()}\n101,${fields.map(() => nothing).join()}\n`,
      );
      expect(faults).toEqual([]);
      expect(people).toMatchObject([
        {
          language: null,
          first_name: null,
          username: null,
          phone: null,
          joined_at: null,
          opted_out: false,
          blocked: false,
        },
      ]);
    },
  );

  test("may hold people called Null and Nan", async () => {
    const { people } = await understood("chat_id,first_name,last_name\n101,Nan,Null\n");
    expect(people).toMatchObject([{ first_name: "Nan", last_name: "Null" }]);
  });

  test.each([
    ["rus", "ru"],
    ["eng", "en"],
    ["ger", "de"],
    ["ru-RU", "ru"],
    ["RU_ru", "ru"],
    ["ru_RU.UTF-8", "ru"],
    ["Russian", "ru"],
    ["русский", "ru"],
    ["Английский", "en"],
    ["Deutsch", "de"],
    ["українська", "uk"],
    ["iw", "he"],
    ["Hebrew", "he"],
    ["fil", "fil"],
  ])("may call a language %s", async (written, language) => {
    const { faults, people } = await understood(`chat_id,Язык\n101,${written}\n`);
    expect(faults).toEqual([]);
    expect(people).toMatchObject([{ language }]);
  });

  test.each([
    "ada",
    "@ada",
    "t.me/ada",
    "https://t.me/ada",
    "http://telegram.me/ada/",
    "https://t.me/ada?start=1",
    "'@ada",
  ])("may write a username as %s", async (written) => {
    const { faults, people } = await understood(`chat_id,Username\n101,${written}\n`);
    expect(faults).toEqual([]);
    expect(people).toMatchObject([{ username: "ada" }]);
  });

  test.each([
    ["RU", "8 (916) 123-45-67", "+79161234567"],
    ["RU", "9161234567", "+79161234567"],
    ["RU", "79161234567", "+79161234567"],
    ["RU", "+442071838750", "+442071838750"],
    ["GB", "020 7183 8750", "+442071838750"],
    ["US", "(202) 555-0123", "+12025550123"],
    ["RU", "'+79161234567", "+79161234567"],
  ] as const)("of the country %s may write a number as %s", async (country, written, phone) => {
    const { faults, people } = await understood(`chat_id,Телефон\n101,${written}\n`, { country });
    expect(faults).toEqual([]);
    expect(people).toMatchObject([{ phone }]);
  });

  const russian = "ID чата;Имя;Язык\r\n101;Анна;Русский\r\n102;Пётр;ru\r\n";
  test.each([
    ["windows-1251", encoded(russian, "windows-1251"), "windows-1251", {}],
    ["UTF-16 with a mark", Buffer.from(`\uFEFF${russian}`, "utf16le"), "utf-16le", {}],
    ["UTF-16 without one", Buffer.from(russian, "utf16le"), "utf-16le", {}],
    ["UTF-16, its high bytes first", Buffer.from(`\uFEFF${russian}`, "utf16le").swap16(), "utf-16be", {}],
    [
      "UTF-16, its high bytes first, without a mark",
      Buffer.from(russian, "utf16le").swap16(),
      "utf-16be",
      {},
    ],
    ["UTF-8", Buffer.from(russian), "utf-8", {}],
    ["KOI8-R, as the operator says", encoded(russian, "koi8-r"), "koi8-r", { encoding: "koi8-r" }],
    [
      "the encoding of DOS, as the operator says",
      encoded(russian, "ibm866"),
      "ibm866",
      { encoding: "cp866" },
    ],
  ])("in %s is read", async (_, bytes, encoding, options) => {
    const { summary, faults, people } = await understood(bytes, options);
    expect(faults).toEqual([]);
    expect(summary.shape).toMatchObject({ encoding, delimiter: ";", hasHeader: true });
    expect(people).toMatchObject([
      { chat_id: 101, first_name: "Анна", language: "ru" },
      { chat_id: 102, first_name: "Пётр", language: "ru" },
    ]);
  });

  test("in windows-1251 is known as such when its first name comes late", async () => {
    const ids = Array.from({ length: 20_000 }, (_, index) => `${1_000 + index};`).join("\n");
    const { summary, people } = await understood(
      encoded(`chat_id;first_name\n${ids}\n101;Анна\n`, "windows-1251"),
    );
    expect(summary).toMatchObject({ rows: 20_001, refused: 0, shape: { encoding: "windows-1251" } });
    expect(people.at(-1)).toMatchObject({ chat_id: 101, first_name: "Анна" });
  });

  test.each([
    ["KOI8-R", encoded("chat_id;name\n101;Анна\n102;Пётр\n103;Мария\n", "koi8-r")],
    ["the encoding of DOS", encoded("chat_id;name\n101;Анна\n102;Пётр\n103;Мария\n", "ibm866")],
    ["Greek", encoded("chat_id;name\n101;Γιάννης\n102;Μαρία\n103;Ελένη\n", "iso-8859-7")],
    ["Hebrew", encoded("chat_id;name\n101;שלום\n102;דוד\n103;משה\n", "windows-1255")],
    ["a Western encoding", encoded("chat_id;name\n101;José\n102;Ünal\n103;Müller\n", "windows-1252")],
  ])("in %s is not taken for windows-1251", async (_, bytes) => {
    await expect(understood(bytes)).rejects.toThrow(/--encoding/);
  });
});

describe("the date on which somebody joined", () => {
  test.each([
    ["2024-03-25", "2024-03-25T00:00:00.000Z"],
    ["2024/03/05", "2024-03-05T00:00:00.000Z"],
    ["2024-03-25 18:30:15", "2024-03-25T18:30:15.000Z"],
    ["2024-03-25 18:30:15.123456+03", "2024-03-25T15:30:15.000Z"],
    ["2024-03-25T18:30:15Z", "2024-03-25T18:30:15.000Z"],
    ["2024-03-25T18:30-03:30", "2024-03-25T22:00:00.000Z"],
    ["05.03.2024", "2024-03-05T00:00:00.000Z"],
    ['"05.03.2024, 18:30"', "2024-03-05T18:30:00.000Z"],
    ["25/03/2024", "2024-03-25T00:00:00.000Z"],
    ["03/25/2024 6:30 PM", "2024-03-25T18:30:00.000Z"],
    ["03/03/2024", "2024-03-03T00:00:00.000Z"],
    ["1711324800", "2024-03-25T00:00:00.000Z"],
    ["1711324800.0", "2024-03-25T00:00:00.000Z"],
    ["1711324800000", "2024-03-25T00:00:00.000Z"],
  ])("may be written as %s", async (written, instant) => {
    const { faults, people } = await understood(`chat_id,Дата подписки\n101,${written}\n`);
    expect(faults).toEqual([]);
    expect(people[0]?.joined_at?.toISOString()).toBe(instant);
  });

  test("that can mean two days is read in the order that the operator says", async () => {
    const file = "chat_id,created_at\n101,03/04/2024\n";
    for (const [dates, day] of [
      ["dmy", "2024-04-03"],
      ["mdy", "2024-03-04"],
    ] as const) {
      const { people } = await understood(file, { dates });
      expect(people[0]?.joined_at?.toISOString()).toBe(`${day}T00:00:00.000Z`);
    }
  });

  test("is the column that tells most of it", async () => {
    const { summary, people } = await understood(
      "chat_id,created_at,subscribed_at\n101,2024-01-01,2024-02-01\n",
    );
    expect(people[0]?.joined_at?.toISOString()).toBe("2024-02-01T00:00:00.000Z");
    expect(leftOut(summary)).toEqual(["created_at"]);
  });
});

describe("people whom the file calls gone", () => {
  const [KEPT, LEFT, LOST] = [
    { opted_out: false, blocked: false },
    { opted_out: true, blocked: false },
    { opted_out: false, blocked: true },
  ];
  test.each([
    ["status", ["active", "Subscribed", "активен", "Подписан", ""], KEPT],
    ["status", ["unsubscribed", "opted out", "inactive", "Отписался", "не активен", "banned"], LEFT],
    ["Статус", ["blocked", "kicked", "deleted", "Заблокировал бота", "удалён"], LOST],
    ["unsubscribed", ["1", "true", "Yes", "да", "1.0", "2024-03-25 10:00:00", "1711324800"], LEFT],
    ["unsubscribed", ["0", "false", "No", "нет", "", "NULL", "0000-00-00 00:00:00"], KEPT],
    ["is_blocked", ["t", "True", "истина"], LOST],
    ["is_blocked", ["f", "False", "ложь"], KEPT],
    ["deleted_at", ["2024-03-25"], LOST],
    ["active", ["1", "true", "да"], KEPT],
    ["is_active", ["0", "False", "нет"], LEFT],
    ["Подписан", ["нет"], LEFT],
  ])("in %s with %j are known as such", async (column, values, as) => {
    const rows = values.map((value, index) => `${101 + index},${value}`);
    const { summary, faults, people } = await understood(`chat_id,${column}\n${rows.join("\n")}\n`);
    expect(faults).toEqual([]);
    expect(summary.gone).toBe(as === KEPT ? 0 : values.length);
    expect(people).toMatchObject(values.map(() => as));
  });
});

describe("a faulty row", () => {
  test.each([
    ["", "chat-id-missing"],
    ["abc", "chat-id-not-whole"],
    ["12.5", "chat-id-not-whole"],
    ["7E+09", "chat-id-exponent"],
    ["1.23E+09", "chat-id-exponent"],
    ['"7,00015e5"', "chat-id-exponent"],
    ["9.2e18", "chat-id-exponent"],
    ["9223372036854775807", "chat-id-too-large"],
    ["1 23", "chat-id-not-whole"],
    ["1.234", "chat-id-not-whole"],
    ["None", "chat-id-missing"],
    ["0x10", "chat-id-not-whole"],
    ["0", "chat-id-zero"],
    ["-1001234567890", "chat-id-negative"],
    ["4503599627370497", "chat-id-too-large"],
    ["99999999999999999999999", "chat-id-too-large"],
  ])("with the chat_id %j is refused as %s, the others are imported", async (id, kind) => {
    const { summary, faults, people } = await understood(`chat_id,first_name\n101,Ann\n${id},Bob\n102,Cid\n`);
    expect(faults).toEqual([[3, kind]]);
    expect(summary).toMatchObject({ rows: 3, refused: 1, incomplete: 0 });
    expect(people.map((person) => person.chat_id)).toEqual([101, 102]);
  });

  test.each([
    ["language", "klingonish", "language"],
    ["language", "ua", "language"],
    ["first_name", "a".repeat(65), "first-name"],
    ["last_name", "a".repeat(65), "last-name"],
    ["username", "not a name", "username"],
    ["username", "t.me/+AbCdEf", "username"],
    ["first_name", "A\uFFFDn", "encoding"],
    ["joined_at", "soon", "date"],
    ["joined_at", "2024-02-30", "date"],
    ["joined_at", "03/04/2024", "date-order"],
    ["joined_at", "2999-01-01", "date-future"],
    ["phone", "8 916 123-45-67", "phone"],
  ])("with a wrong %s is imported without it", async (column, value, kind) => {
    const { summary, faults, people } = await understood(`chat_id,${column},x\n101,${value},1\n`);
    expect(faults).toEqual([[2, kind]]);
    expect(summary).toMatchObject({ rows: 1, refused: 0, incomplete: 1 });
    expect(people).toMatchObject([{ chat_id: 101, [column]: null }]);
  });
});

/** What stands in backticks. */
function named(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
}

test("docs/import.md names only columns that are read as it says", async () => {
  const docs = await readFile(new URL("../../docs/import.md", import.meta.url), "utf8");
  const rows = docs
    .split("\n")
    .flatMap((line) => (line.startsWith("| `") ? [line.split("|").slice(1, 3)] : []));
  const [fields, filters] = [rows.slice(0, 7), rows.slice(7)];
  expect(new Set(fields.map(([field = ""]) => named(field)[0]))).toEqual(new Set(FIELDS));
  for (const [field = "", names = ""] of fields)
    for (const name of named(names)) {
      const columns = findColumns(field.includes("chat_id") ? [name] : ["chat_id", name], {});
      expect([name, columns?.recognised.at(-1)?.as]).toEqual([name, named(field)[0]]);
    }
  for (const [names = ""] of filters) {
    const read = named(names).map((name) => findColumns(["chat_id", name], {})?.recognised.at(-1)?.as);
    expect([names, new Set(read).size, read.every((as) => FILTERS.some((filter) => filter === as))]).toEqual([
      names,
      1,
      true,
    ]);
  }
  expect(filters).toHaveLength(FILTERS.length);
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
