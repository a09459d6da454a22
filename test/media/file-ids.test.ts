import { eq } from "drizzle-orm";
import { Api, InputFile } from "grammy";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Telegram } from "../../playground/telegram.ts";
import { createDraft } from "../../src/campaign/actions/create-draft.ts";
import { duplicate } from "../../src/campaign/actions/duplicate.ts";
import { editDraft } from "../../src/campaign/actions/edit-draft.ts";
import { getCampaign } from "../../src/campaign/queries.ts";
import { EVERYONE } from "../../src/audience/segment/audience.ts";
import type { Content, FileRef } from "../../src/content/content.ts";
import { media } from "../../src/db/schema.ts";
import type { Scope } from "../../src/db/scope.ts";
import { findFileIds, rememberFiles } from "../../src/media/file-ids.ts";
import { composes, until, within } from "../support/broadcast.ts";
import { BOT_ID, freshScope } from "../support/database.ts";
import { engine, isFinished } from "../support/engine.ts";
import { TOKEN, localTelegram } from "../support/herald.ts";
import { FIRST, scene, shows } from "../support/scene.ts";
import { ADMIN, emptied, range, seedCampaign, seedPeople } from "../support/seed.ts";
import { statementLog } from "../support/statements.ts";

const OTHER_ID = 1_000_002;
const OTHER_TOKEN = `${OTHER_ID}:OTHER`;

let scope: Scope;
beforeAll(async () => {
  scope = await freshScope();
});
beforeEach(() => emptied(scope));

/** A photo as this bot knows it: an upload belongs to the bot that made it. */
async function uploaded(telegram: Telegram, token: string): Promise<string> {
  const api = new Api(token, { apiRoot: telegram.apiRoot });
  const { photo } = await api.sendPhoto(FIRST, new InputFile(Buffer.from("a picture"), "a.jpg"));
  return photo.at(-1)?.file_id ?? "";
}

const fileIdOf = (telegram: Telegram, chatId: number) =>
  telegram.received(chatId).map(({ photo }) => photo?.at(-1)?.file_id);

const photo = (fileId: string, uniqueId: string | null, caption = "Our menu"): Content => ({
  kind: "photo",
  fileId,
  caption,
  ...(uniqueId !== null && { files: [{ fileId, uniqueId, kind: "photo" as const }] }),
  buttons: [],
});

describe("a post whose file another bot received", () => {
  const PEOPLE = range(FIRST, FIRST + 39);

  async function stage() {
    const telegram = await localTelegram({ limits: "none" });
    telegram.people(PEOPLE.length, { firstId: FIRST });
    await seedPeople(scope, PEOPLE);
    const other = await uploaded(telegram, OTHER_TOKEN);
    await rememberFiles(scope.db, OTHER_ID, [{ fileId: other, uniqueId: "unique", kind: "photo" }]);
    const { dispatcher } = await engine(scope, telegram, { rate: 400 });
    const runs = () =>
      seedCampaign(scope, { state: "running", startedAt: new Date(), content: photo(other, "unique") });
    return { telegram, other, dispatcher, runs };
  }

  test("is sent to everyone by the sender's own file_id, which is looked up once a look, not once a message", async () => {
    const { telegram, other, dispatcher, runs } = await stage();
    const own = await uploaded(telegram, TOKEN);
    await rememberFiles(scope.db, BOT_ID, [{ fileId: own, uniqueId: "unique", kind: "photo" }]);
    const log = statementLog();
    const campaign = await runs();
    dispatcher.poke();
    await isFinished(scope, campaign);

    const [first, ...others] = PEOPLE.map((id) => fileIdOf(telegram, id));
    expect(first).toEqual([other, own, own]); // the uploads went to the first one, too
    expect(others).toEqual(others.map(() => [own]));
    expect((await getCampaign(scope, campaign.id)).content).toMatchObject({ fileId: other });
    const lists = log.filter(({ text }) => /from "campaigns" .*"state" = \$2\)/s.test(text)).length;
    const lookUps = log.filter(({ text }) => /from "media"/.test(text)).length;
    expect(lookUps).toBeGreaterThan(0);
    expect(lookUps).toBeLessThanOrEqual(lists);
  });

  test("is sent by the file_id that it has when the sender has none, and pauses if that is of no use to it", async () => {
    const { dispatcher, runs } = await stage();
    const campaign = await runs();
    dispatcher.poke();
    await until(async () => (await getCampaign(scope, campaign.id)).state === "paused");
    expect((await getCampaign(scope, campaign.id)).pauseDetail).toContain("wrong file identifier");
  });
});

test("a post of an older version, without lasting ids, is sent by its file_id and asks the table nothing", async () => {
  const telegram = await localTelegram({ limits: "none" });
  telegram.people(2, { firstId: FIRST });
  await seedPeople(scope, [FIRST + 1]);
  const own = await uploaded(telegram, TOKEN);
  const log = statementLog();
  const { dispatcher } = await engine(scope, telegram, { rate: 400 });
  const campaign = await seedCampaign(scope, {
    state: "running",
    startedAt: new Date(),
    content: photo(own, null),
  });
  dispatcher.poke();
  await isFinished(scope, campaign);
  expect(fileIdOf(telegram, FIRST + 1)).toEqual([own]);
  expect(log.filter(({ text }) => text.includes('"media"'))).toEqual([]);
});

const rows = () => scope.db.select().from(media).orderBy(media.fileUniqueId);
const draft = (content: Content, originKey = "a") =>
  createDraft(scope, ADMIN, { content, audience: EVERYONE, originKey });

describe("what an admin sends", () => {
  test("is remembered for the home bot, once a file, with the draft that it is in", async () => {
    const files: FileRef[] = [
      { fileId: "film", uniqueId: "b", kind: "video" },
      { fileId: "cover", uniqueId: "a", kind: "photo" },
    ];
    await draft({ kind: "video", fileId: "film", coverId: "cover", files, buttons: [] });
    expect(await rows()).toMatchObject([
      { botId: BOT_ID, fileUniqueId: "a", fileId: "cover", kind: "photo" },
      { botId: BOT_ID, fileUniqueId: "b", fileId: "film", kind: "video" },
    ]);
  });

  test("takes the place of an older file_id; an edit that brings no file changes nothing", async () => {
    const first = await draft(photo("old", "u"));
    const second = await draft(photo("new", "u"), "b");
    expect(await rows()).toMatchObject([{ fileId: "new" }]);
    const [before] = await rows();
    await editDraft(scope, ADMIN, first, { content: photo("old", "u", "Hello") });
    await duplicate(scope, ADMIN, first.id, "c");
    expect(await rows()).toEqual([before]);
    await editDraft(scope, ADMIN, second, { content: photo("newest", "u") });
    expect(await rows()).toMatchObject([{ fileId: "newest" }]);
  });

  test("is nothing to the files of another bot", async () => {
    const file = { uniqueId: "u", kind: "photo" as const };
    await rememberFiles(scope.db, OTHER_ID, [{ ...file, fileId: "theirs" }]);
    await draft(photo("ours", "u"));
    expect(await findFileIds(scope.db, OTHER_ID, [file])).toEqual(new Map([["u", "theirs"]]));
    expect(await findFileIds(scope.db, BOT_ID, [file])).toEqual(new Map([["u", "ours"]]));
    expect(await findFileIds(scope.db, BOT_ID, [])).toEqual(new Map());
  });
});

test("from the admin's message to the people: preview, test send and campaign go by the bot's row", async () => {
  const { telegram, owner, database } = await scene(3, { rate: 400 });
  await composes(owner, { photo: true, text: "Our menu" });
  const received = await within(database, ({ db }) => db.select().from(media));
  expect(received).toMatchObject([{ botId: BOT_ID, kind: "photo" }]);
  const captured = owner.holds.find(({ photo: own }) => own)?.photo?.at(-1);
  expect(received[0]).toMatchObject({
    fileUniqueId: captured?.file_unique_id,
    fileId: captured?.file_id,
  });

  const newer = await uploaded(telegram, TOKEN);
  await within(database, async ({ db }) => {
    await db.update(media).set({ fileId: newer }).where(eq(media.botId, BOT_ID));
  });
  const shown = () => owner.holds.findLast(({ photo: own }) => own)?.photo?.at(-1)?.file_id;
  expect(shown()).toBe(captured?.file_id);
  await owner.taps("Send test to me");
  await until(() => shown() === newer);
  await owner.taps("Send now");
  await owner.taps(/^Yes, send to/);
  await shows(owner, /finished/);
  expect(fileIdOf(telegram, FIRST + 1)).toEqual([newer]);
  await owner.sends("/post 1");
  await until(() => shown() === newer);
});
