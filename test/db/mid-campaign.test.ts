import { randomBytes } from "node:crypto";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drizzle as drizzleServer } from "drizzle-orm/postgres-js";
import { migrate as migrateServer } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";
import { afterAll, expect, inject, test } from "vitest";
import { listAdmins } from "../../src/access/admins.ts";
import { timezoneOf } from "../../src/access/preferences.ts";
import { getCampaign } from "../../src/campaign/queries.ts";
import { getSettings } from "../../src/campaign/settings.ts";
import { homeScope } from "../../src/db/scope.ts";
import { type DatabaseLocation, openDatabase } from "../../src/db/open/open-database.ts";
import { series } from "../../src/db/schema.ts";
import { loadPausedUntil } from "../../src/delivery/pace/retry-after.ts";
import { ownerOf, until } from "../support/broadcast.ts";
import { BOT_ID } from "../support/database.ts";
import { OWNER_ID, localTelegram, running } from "../support/herald.ts";
import { FIRST, copiesAmongPeople, shows } from "../support/scene.ts";
import { deliveriesOf, range } from "../support/seed.ts";
import { en, inOrder, inState } from "../support/words.ts";

const MIGRATIONS = join(import.meta.dirname, "../../migrations");

/** The last migration of the first builds (53368bd). */
const NEWEST = "0003_post_kinds";

/** A folder with the migrations of the first builds, and no others. */
async function firstMigrations(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "herald-first-"));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  await cp(MIGRATIONS, folder, { recursive: true });
  const path = join(folder, "meta/_journal.json");
  const journal = JSON.parse(await readFile(path, "utf8")) as { entries: { tag: string }[] };
  const last = journal.entries.findIndex(({ tag }) => tag === NEWEST);
  await writeFile(path, JSON.stringify({ ...journal, entries: journal.entries.slice(0, last + 1) }));
  return folder;
}

/** A database as the first builds left it, with these rows, where the suite's databases are. */
async function firstDatabase(rows: string): Promise<DatabaseLocation> {
  const migrationsFolder = await firstMigrations();
  const template = inject("template");
  const name = `herald_first_${randomBytes(6).toString("hex")}`;
  const admin = postgres(template.server, { max: 1, onnotice: () => undefined });
  await admin`create database ${admin(name)}`;
  afterAll(async () => {
    await admin`drop database if exists ${admin(name)} with (force)`;
    await admin.end();
  });
  const url = new URL(template.server);
  url.pathname = `/${name}`;
  const client = postgres(url.href, { max: 1, onnotice: () => undefined });
  await migrateServer(drizzleServer(client), { migrationsFolder });
  await client.unsafe(rows);
  await client.end();
  return { type: "server", url: url.href };
}

const PEOPLE = 40;
const QUIET_MS = 4_000;

const post = (text: string) => JSON.stringify({ kind: "text", text, buttons: [] });
const photo = (fileId: string) => JSON.stringify({ kind: "photo", fileId, caption: "Photo", buttons: [] });
const to = `'{"languages":"all"}'`;
const DAILY = JSON.stringify({ zone: "Europe/Berlin", rule: { every: "day", hour: 9, minute: 0 } });

/** One campaign half sent, with two calls in flight; one paused; two scheduled, one of them with a photo; a series; what admins have set. */
const midCampaign = (quietUntil: Date, photoId: string) => `
  insert into bots (bot_id, last_campaign, quiet_until, lease_holder, lease_until, settings) values
    (${BOT_ID}, 7, '${quietUntil.toISOString()}', 'a process that is gone', now() - interval '1 minute',
     '{"window":null,"options":{"silent":true}}');
  insert into admins (bot_id, user_id, name, added_by) values (${BOT_ID}, 7, 'Anna', ${OWNER_ID});
  insert into preferences (bot_id, user_id, timezone) values (${BOT_ID}, ${OWNER_ID}, 'Europe/Berlin');
  insert into audit (bot_id, actor_id, action, subject) values (${BOT_ID}, ${OWNER_ID}, 'campaign.confirmed', 1);
  insert into recipients (bot_id, chat_id, language, first_name)
    select ${BOT_ID}, ${FIRST - 1} + i, 'en', 'P' from generate_series(1, ${PEOPLE}) i;
  insert into campaigns (bot_id, id, state, pause_reason, content, audience, created_by, origin_key, starts_at, started_at,
      freeze_cursor, frozen_at, total, sent, series_id, run, recurrence, agreed_count)
    values
    (${BOT_ID}, 1, 'running', null, '${post("Half")}', ${to}, ${OWNER_ID}, 'a', now(), now(),
      ${FIRST + PEOPLE}, now(), ${PEOPLE}, 15, null, null, null, ${PEOPLE}),
    (${BOT_ID}, 2, 'paused', 'admin', '${post("Paused")}', ${to}, ${OWNER_ID}, 'b', now(), now(),
      ${FIRST + PEOPLE}, now(), ${PEOPLE}, 10, null, null, null, ${PEOPLE}),
    (${BOT_ID}, 3, 'scheduled', null, '${post("Later")}', ${to}, ${OWNER_ID}, 'c', now() + interval '8 seconds', null,
      null, null, 0, 0, null, null, null, ${PEOPLE}),
    (${BOT_ID}, 4, 'scheduled', null, '${post("Daily")}', ${to}, ${OWNER_ID}, 'd', now() + interval '1 day', null,
      null, null, 0, 0, 4, 1, '${DAILY}', ${PEOPLE}),
    (${BOT_ID}, 5, 'scheduled', null, '${photo(photoId)}', ${to}, ${OWNER_ID}, 'e', now() + interval '8 seconds', null,
      null, null, 0, 0, null, null, null, ${PEOPLE});
  insert into series (bot_id, id, content, audience, recurrence, created_by, agreed_count, made, last_at) values
    (${BOT_ID}, 4, '${post("Daily")}', ${to}, '${DAILY}', ${OWNER_ID}, ${PEOPLE}, 1, now() + interval '1 day');
  insert into deliveries (bot_id, campaign_id, seq, chat_id, state, claims, attempts, message_id, calls_done, settled_at)
    select ${BOT_ID}, id, i, ${FIRST - 1} + i,
      (case when i <= done then 'sent' when id = 1 and i <= done + 2 then 'sending' else 'pending' end)::delivery_state,
      (case when i <= done + 2 then 1 else 0 end), (case when i <= done then 1 else 0 end),
      case when i <= done then i end, (case when i <= done then 1 else 0 end), case when i <= done then now() end
    from (values (1, 15), (2, 10)) c(id, done), generate_series(1, ${PEOPLE}) i;`;

test(
  "a database of the first builds goes on in the middle of a campaign: the rest have it once, the pause and all settings hold",
  { timeout: 120_000 },
  async () => {
    const telegram = await localTelegram({ limits: "none" });
    const owner = ownerOf(telegram);
    telegram.people(PEOPLE, { firstId: FIRST });
    const fileId = (await owner.sends({ photo: true })).photo?.at(-1)?.file_id ?? "";
    const quietUntil = new Date(Date.now() + QUIET_MS);
    const location = await firstDatabase(midCampaign(quietUntil, fileId));
    const herald = await running(telegram, { database: location, messagesPerSecond: 200 }, { openDatabase });

    const once = (from: number) => range(FIRST + from, FIRST + PEOPLE - 1).map((chat) => [chat, 1]);
    await until(() => copiesAmongPeople(telegram, "Half").length >= PEOPLE - 17, 60_000);
    await until(() => copiesAmongPeople(telegram, "Later").length >= PEOPLE, 60_000);
    const photosOf = (chat: number) => telegram.received(chat).filter(({ caption }) => caption === "Photo");
    const photographed = range(FIRST, FIRST + PEOPLE - 1);
    await until(() => photographed.every((chat) => photosOf(chat).length > 0), 60_000);
    const first = telegram.calls.find(({ chatId }) => chatId !== undefined && chatId >= FIRST);
    expect(Date.now() - performance.now() + first!.at).toBeGreaterThanOrEqual(quietUntil.getTime() - 50);

    await owner.sends("/campaign 2");
    await shows(owner, inOrder(inState("paused"), en.like("card-sent", { count: 10 })), 2);
    expect(copiesAmongPeople(telegram, "Paused")).toEqual([]);
    await owner.taps(en("button-resume"));
    await until(() => copiesAmongPeople(telegram, "Paused").length >= PEOPLE - 10, 60_000);

    await owner.sends("/broadcast");
    await owner.sees(en("post-ask"));
    await owner.sends("A new one");
    await owner.sees(/[Cc]ampaign #8|who should receive it/);
    await herald.stop();

    expect(copiesAmongPeople(telegram, "Half").toSorted(([a], [b]) => a - b)).toEqual(once(17));
    expect(copiesAmongPeople(telegram, "Paused").toSorted(([a], [b]) => a - b)).toEqual(once(10));
    expect(copiesAmongPeople(telegram, "Later").toSorted(([a], [b]) => a - b)).toEqual(once(0));
    // Posts of that time name no file by its lasting id: they go by the file_id that they have.
    expect(photographed.map((chat) => photosOf(chat).map((one) => one.photo?.at(-1)?.file_id))).toEqual(
      photographed.map(() => [fileId]),
    );
    const database = await openDatabase(location);
    const scope = homeScope(database.db, BOT_ID);
    expect(await getCampaign(scope, 1)).toMatchObject({ state: "finished", sent: PEOPLE - 2, uncertain: 2 });
    expect(await getCampaign(scope, 2)).toMatchObject({ sent: PEOPLE });
    expect(await getCampaign(scope, 4)).toMatchObject({ state: "scheduled", seriesId: 4, run: 1 });
    expect(await getCampaign(scope, 8)).toMatchObject({ state: "draft" });
    expect(await database.db.$count(series)).toBe(1);
    // What was sent before carries no revision; what was sent since is of the first one.
    const revisions = (await deliveriesOf(scope, 1)).map(({ contentRevision }) => contentRevision);
    expect(new Set(revisions.slice(0, 17))).toEqual(new Set([null]));
    expect(new Set(revisions.slice(17))).toEqual(new Set([1]));
    expect(await loadPausedUntil(scope)).toEqual(quietUntil);
    expect(await getSettings(scope)).toMatchObject({ window: null, options: { silent: true } });
    expect(await listAdmins(scope)).toMatchObject([{ userId: 7, name: "Anna", addedBy: OWNER_ID }]);
    expect(await timezoneOf(scope, OWNER_ID)).toBe("Europe/Berlin");
    await database.close();
  },
);
