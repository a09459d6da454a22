import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { writeBackup } from "../../src/backup/write-backup.ts";
import type { Campaign } from "../../src/campaign/campaign.ts";
import { getCampaign } from "../../src/campaign/queries.ts";
import { homes, senders } from "../../src/db/schema.ts";
import { snapshotAt } from "../../src/db/open/snapshot-at.ts";
import type { DatabaseLocation } from "../../src/db/open/open-database.ts";
import { homeScope, scopeOf } from "../../src/db/scope.ts";
import { parseSecretKey, readOrMakeKeyFile } from "../../src/senders/secret-key.ts";
import { createTokenVault } from "../../src/senders/token-vault.ts";
import { until, within } from "../support/broadcast.ts";
import { SHOP, tokenOf } from "../support/carrying.ts";
import { copiesOf } from "../support/counts.ts";
import { BOT_ID, freshLocation } from "../support/database.ts";
import { localTelegram, running } from "../support/herald.ts";
import { runs } from "../support/process.ts";
import { range, seedCampaign, seedPeople } from "../support/seed.ts";

const folder = await mkdtemp(join(tmpdir(), "herald-several-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

const HEX = "00112233445566778899aabbccddeeff".repeat(2);
const OTHER = "ffeeddccbbaa99887766554433221100".repeat(2);
const PEOPLE = range(200_001, 200_020);
const PATH = join(folder, "herald.gz");

const urlOf = (location: DatabaseLocation) => {
  if (location.type !== "server") throw new Error("a server was expected");
  return { DATABASE_URL: location.url };
};

const post = (text: string): Pick<Campaign, "content"> => ({ content: { kind: "text", text, buttons: [] } });

/** A backup with a shop's bot, of whose campaigns one runs, one waits for a token, and one is due in a moment. */
async function backedUp(): Promise<void> {
  const location = await freshLocation();
  await within(location, async ({ db }) => {
    await db.insert(homes).values({ homeId: BOT_ID });
    const key = parseSecretKey(HEX);
    if (typeof key === "string") throw new Error(key);
    const sealedToken = await createTokenVault({ type: "given", key }).seal(SHOP, tokenOf(SHOP));
    await db.insert(senders).values([
      { botId: BOT_ID, homeId: BOT_ID },
      { botId: SHOP, homeId: BOT_ID, username: "shop_bot", handling: "beside", sealedToken },
    ]);
    const shop = scopeOf(homeScope(db, BOT_ID), { botId: SHOP });
    await seedPeople(shop, PEOPLE);
    const startedAt = new Date();
    await seedCampaign(shop, { id: 901, state: "running", startedAt, ...post("Running") });
    const since = { pauseReason: "unauthorized", startedAt } as const;
    await seedCampaign(shop, { id: 902, state: "paused", ...since, ...post("Refused") });
    await seedCampaign(shop, { id: 903, state: "scheduled", startsAt: startedAt, ...post("Due") });
  });
  await writeBackup((work) => snapshotAt(location, work), PATH, { now: new Date() });
}
await backedUp();

test("the restore says of which bots the token cannot be read, and what to do", async () => {
  const keyed = async (variables: Record<string, string>) => {
    const to = await freshLocation();
    const { code, output } = await runs("restore-backup.js", { ...urlOf(to), ...variables }, [PATH]);
    expect(code).toBe(0);
    return output;
  };
  expect(await keyed({ SECRET_KEY: HEX })).not.toContain("@shop_bot");
  for (const variables of [{ SECRET_KEY: OTHER }, { DATA_DIR: join(folder, "empty") }, {}])
    expect(await keyed(variables)).toMatch(
      new RegExp(
        `^Herald cannot send by @shop_bot \\(${SHOP}\\):.*put back.*/bots.*Nothing else is lost\\.$`,
        "m",
      ),
    );
  // The key of another Herald is not overwritten.
  const file = join(folder, "secret.key");
  await writeFile(file, `${OTHER}\n`, { mode: 0o600 });
  expect(await keyed({ DATA_DIR: folder })).toContain("@shop_bot");
  await writeFile(file, `${HEX}\n`);
  expect(await keyed({ DATA_DIR: folder })).not.toContain("@shop_bot");
  const { code, output } = await runs(
    "restore-backup.js",
    { ...urlOf(await freshLocation()), SECRET_KEY: "typed" },
    [PATH],
  );
  expect(output).toContain("SECRET_KEY must be 64 hexadecimal digits");
  expect(code).toBe(1);
});

test("a restored Herald sends by no bot before an admin says so, and then with the token of the backup", async () => {
  const to = await freshLocation();
  const { output } = await runs("restore-backup.js", { ...urlOf(to), SECRET_KEY: HEX }, [PATH]);
  expect(output).toContain("On hold, because what was sent after that is not known: 3 campaigns.");
  const telegram = await localTelegram({ limits: "none" });
  telegram.bot(tokenOf(SHOP), { username: "shop_bot" });
  telegram.people(PEOPLE.length, { firstId: PEOPLE[0] ?? 0, bot: SHOP });
  const file = join(folder, "restored.key");
  await writeFile(file, `${HEX}\n`, { mode: 0o600 });
  await readOrMakeKeyFile(file);
  await running(telegram, { database: to, tokenKey: { type: "file", path: file } });
  const shop = <T>(work: (scope: ReturnType<typeof scopeOf>) => Promise<T>) =>
    within(to, ({ db }) => work(scopeOf(homeScope(db, BOT_ID), { botId: SHOP })));
  // Its engine works: a campaign that is started now is sent.
  await shop((scope) =>
    seedCampaign(scope, { id: 904, state: "running", startedAt: new Date(), ...post("Now") }),
  );
  await until(() => copiesOf(telegram, "Now").size === PEOPLE.length, 30_000);
  for (const [id, text] of [
    [901, "Running"],
    [902, "Refused"],
    [903, "Due"],
  ] as const) {
    expect(copiesOf(telegram, text).size).toBe(0);
    expect(await shop((scope) => getCampaign(scope, id))).toMatchObject({
      state: "paused",
      pauseReason: "restored",
    });
  }
});

test("before the first campaign, the restore says it as well, and leaves out numbers", async () => {
  const from = await freshLocation();
  await within(from, async ({ db }) => {
    const key = parseSecretKey(HEX);
    if (typeof key === "string") throw new Error(key);
    const sealedToken = await createTokenVault({ type: "given", key }).seal(SHOP, tokenOf(SHOP));
    await db.insert(senders).values([
      { botId: BOT_ID, homeId: BOT_ID },
      { botId: SHOP, homeId: BOT_ID, username: "shop_bot", handling: "beside", sealedToken },
    ]);
  });
  const path = join(folder, "early.gz");
  await writeBackup((work) => snapshotAt(from, work), path, { now: new Date() });
  const to = await freshLocation();
  const { output } = await runs("restore-backup.js", { ...urlOf(to), SECRET_KEY: OTHER }, [path]);
  expect(output).toContain("Herald cannot send by @shop_bot");
  await within(to, async ({ db }) => {
    expect(await db.select().from(homes)).toEqual([
      { homeId: BOT_ID, lastCampaign: 100, settings: null, forgetKey: null },
    ]);
  });
});
