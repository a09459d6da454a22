import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { recipients, senders } from "../src/db/schema.ts";
import { within } from "./support/broadcast.ts";
import { BOT_ID, freshLocation } from "./support/database.ts";
import { TOKEN } from "./support/herald.ts";
import { runs } from "./support/process.ts";

const IMPORTER = fileURLToPath(new URL("../dist/import.js", import.meta.url));

/** Runs the importer on a file with this content; `{}` in an argument stands for it. */
async function run(content: string, ...options: string[]) {
  const folder = await mkdtemp(join(tmpdir(), "herald-import-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "people.csv"), content);
  return new Promise<{ code: number; out: string; errors: string }>((resolve) => {
    // No configuration: a dry run needs none.
    execFile(
      process.execPath,
      [IMPORTER, ...options, "people.csv"],
      { cwd: folder, env: {} },
      (error, out, errors) => resolve({ code: Number(error?.code ?? 0), out, errors }),
    );
  });
}

const FILE = `sep=;
ID чата;Имя;Ник;Телефон;Дата подписки;Статус;Заметки
700015.0;Анна;@anna;8 916 123-45-67;05.03.2024;активен;x
="123456789";Пётр;t.me/petr;;;заблокировал бота;
7E+09;Иван;;;;;
-100123;Чат;;;;;
555;None;;12;03/04/2024;;
556;Оля;;;;vip;
`;

test("a dry run shows how a file and its first five rows are read, and what is wrong with it", async () => {
  const { code, out, errors } = await run(FILE, "--dry-run");
  expect(out.split("\n")).toEqual([
    "Read as utf-8, separated by semicolons.",
    'Columns: "ID чата" → chat_id, "Имя" → first_name, "Ник" → username, "Телефон" → phone, ' +
      '"Дата подписки" → joined_at, "Статус" → status.',
    'Attributes: "Заметки" → заметки.',
    "line 3: 700015 · Анна · @anna · joined 2024-03-05 · заметки: x · without phone",
    "line 4: 123456789 · Пётр · @petr · has blocked the bot, will get nothing",
    "line 5: not imported, see below",
    "line 6: not imported, see below",
    "line 7: 555 · without phone · without joined_at",
    "6 rows: 3 can be imported. Nothing was: this was a dry run.",
    "1 left or blocked the bot: kept on the list, but sent nothing.",
    "3 were not imported.",
    "2 lost a field that was wrong.",
    "",
  ]);
  expect(errors).toMatch(/^line 3: the phone number is not .*--country RU \(imported without phone\)$/m);
  expect(errors).toMatch(/^line 5: the id is written with an exponent.*\(not imported\)$/m);
  expect(errors).toMatch(/^line 7: the date could mean two days.*--dates dmy/m);
  expect(errors).not.toMatch(/Анна|123-45|petr/);
  expect(code).toBe(0);
});

test("what the operator says of a file is heeded", async () => {
  const { out, errors } = await run(
    FILE,
    "--dry-run",
    "--country",
    "ru",
    "--dates",
    "dmy",
    "--ignore",
    "статус,имя",
  );
  expect(out).toContain("line 3: 700015 · @anna · +7916…67 · joined 2024-03-05 · заметки: x\n");
  expect(out).toContain("line 4: 123456789 · @petr\n");
  expect(out).toContain("line 7: 555 · joined 2024-04-03 · without phone\n");
  expect(errors.trimEnd().split("\n")).toHaveLength(3);
});

test.each([
  [["--country", "XX"], "There is no country XX"],
  [["--dates", "ymd"], "--dates takes dmy or mdy"],
  [["--ignore-it"], "Unknown option"],
])("%j is refused with how it is used", async (options, words) => {
  const { code, errors } = await run(FILE, ...options);
  expect(code).toBe(2);
  expect(errors).toContain(words);
  expect(errors).toContain("--dry-run");
});

test("a file whose ids cannot be told apart is refused with what to do", async () => {
  const { code, out, errors } = await run("id,user_id\n1,101\n", "--dry-run");
  expect([code, out]).toEqual([1, ""]);
  expect(errors).toBe(
    'Several columns may hold the Telegram ids: user_id, id. Say which one, as in --id-column "user_id".\n',
  );
});

describe("with --bot", () => {
  const SHOP = BOT_ID + 1;

  async function home() {
    const location = await freshLocation();
    if (location.type !== "server") throw new Error("a server was expected");
    await within(location, async ({ db }) => {
      await db.insert(senders).values([
        { botId: BOT_ID, homeId: BOT_ID, username: "herald_bot" },
        { botId: SHOP, homeId: BOT_ID, username: "Shop_bot" },
        { botId: SHOP + 1, homeId: BOT_ID, username: "gone_bot", removedAt: new Date() },
      ]);
    });
    const file = join(await mkdtemp(join(tmpdir(), "herald-import-")), "people.csv");
    onTestFinished(() => rm(dirname(file), { recursive: true }));
    await writeFile(file, "chat_id\n5\n6\n");
    const variables = { BOT_TOKEN: TOKEN, OWNER_IDS: "1", DATABASE_URL: location.url };
    return {
      imports: (...options: string[]) => runs("import.js", variables, [...options, file]),
      people: () =>
        within(location, async ({ db }) =>
          db.select({ bot: recipients.botId, id: recipients.chatId }).from(recipients),
        ),
    };
  }

  test.each(["@shop_bot", "SHOP_BOT", String(SHOP)])("%s, the people are that bot's", async (bot) => {
    const { imports, people } = await home();
    const { code, output } = await imports("--bot", bot);
    expect(output).toContain("2 rows: 2 inserted");
    expect(code).toBe(0);
    expect(await people()).toEqual([
      { bot: SHOP, id: 5 },
      { bot: SHOP, id: 6 },
    ]);
  });

  test("of a bot that is unknown or removed, nothing is imported, and those there are are named", async () => {
    const { imports, people } = await home();
    for (const bot of ["@shop", "@gone_bot", "5"]) {
      const { code, output } = await imports("--bot", bot);
      expect(output).toContain(
        `There is no bot ${bot} here; nothing was imported. There are: @herald_bot (${BOT_ID}), @Shop_bot (${SHOP}).`,
      );
      expect(code).toBe(1);
    }
    expect(await people()).toEqual([]);
    await imports();
    expect(await people()).toMatchObject([{ bot: BOT_ID }, { bot: BOT_ID }]);
  });
});
