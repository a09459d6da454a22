import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { insertSegment } from "../src/audience/segment/saved-segments.ts";
import { recipients, senders } from "../src/db/schema.ts";
import { homeScope } from "../src/db/scope.ts";
import { within } from "./support/broadcast.ts";
import { BOT_ID, freshLocation } from "./support/database.ts";
import { TOKEN } from "./support/herald.ts";
import { runs } from "./support/process.ts";

const SHOP = BOT_ID + 1;
let variables: Record<string, string>;

beforeAll(async () => {
  const location = await freshLocation();
  if (location.type !== "server") throw new Error("a server was expected");
  await within(location, async ({ db }) => {
    await db.insert(senders).values([
      { botId: BOT_ID, homeId: BOT_ID, username: "herald_bot" },
      { botId: SHOP, homeId: BOT_ID, username: "shop_bot" },
    ]);
    await db.insert(recipients).values([
      { botId: BOT_ID, chatId: 41, firstName: "Ada", tags: ["vip"], attributes: { city: "=Kazan" } },
      { botId: BOT_ID, chatId: 42, tags: ["vip"], status: "blocked" },
      { botId: BOT_ID, chatId: 43 },
      { botId: BOT_ID, chatId: -44, kind: "group" },
      { botId: SHOP, chatId: 45, tags: ["vip"] },
    ]);
    await insertSegment(homeScope(db, BOT_ID), "Regulars", { tag: "vip" }, 1);
  });
  variables = { BOT_TOKEN: TOKEN, OWNER_IDS: "1", DATABASE_URL: location.url };
});

const exports = (...options: string[]) => runs("export.js", variables, options);

async function target(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "herald-export-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, "people.csv");
}

test("all people of the bot are written to a file that only this user may read", async () => {
  const path = await target();
  expect(await exports(path)).toEqual({ code: 0, output: `3 people: ${path}\n` });
  const [header = "", ...rows] = (await readFile(path, "utf8")).trimEnd().split("\n");
  expect(header).toMatch(/^chat_id,language,first_name,.*,status,tags,city$/);
  expect(rows.map((row) => row.split(",")[0])).toEqual(["41", "42", "43"]);
  // A spreadsheet reads no formula.
  expect(rows[0]).toMatch(/,active,vip,'=Kazan$/);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const again = await exports(path);
  expect([again.code, again.output]).toEqual([2, expect.stringContaining("is there already")]);
  expect((await exports("--overwrite", path)).code).toBe(0);
});

test.each([
  [
    ["--segment", "tag:vip"],
    ["41", "42"],
  ],
  [["--segment", "-метка:vip"], ["43"]],
  [["--segment", 'saved:"regulars" city:"=Kazan"'], ["41"]],
  [["--segment", "tag:vip", "--bot", "@shop_bot"], ["45"]],
])("%j to the standard output", async (options, ids) => {
  const { code, output } = await exports(...options);
  const rows = output.split("\n").filter((line) => /^\d+,/.test(line));
  expect([code, rows.map((row) => row.split(",")[0])]).toEqual([0, ids]);
});

test.each([
  [["--segment", "vip"], 1, "Not understood: vip."],
  [["--segment", ""], 1, "It has no condition."],
  [["--segment", "-got:12"], 1, "It cannot be answered: segment-campaign-unknown (campaign 12)."],
  [["--segment", "saved:strangers"], 1, "Not understood: saved:strangers."],
  [["--bot", "@gone_bot"], 1, "There is no bot @gone_bot here; nothing was exported. There are: "],
  [["--sgement", "tag:vip"], 2, "Unknown option"],
  [["one.csv", "two.csv"], 2, "Name one file."],
])("%j exports nothing, and says why", async (options, code, words) => {
  const refused = await exports(...options);
  expect(refused.code).toBe(code);
  expect(refused.output).toContain(words);
  expect(refused.output).not.toContain("chat_id");
});

test("npm's own lines do not get into a file", async () => {
  const npm = { npm_lifecycle_event: "recipients:export", npm_config_loglevel: "notice" };
  const refused = await runs("export.js", { ...variables, ...npm });
  expect([refused.code, refused.output]).toEqual([2, expect.stringContaining("npm run --silent")]);
  const silent = await runs("export.js", { ...variables, ...npm, npm_config_loglevel: "silent" });
  expect([silent.code, silent.output]).toEqual([0, expect.stringContaining("41,")]);
});
