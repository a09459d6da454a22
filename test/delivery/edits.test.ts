import { and, eq } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ERRORS, tooManyRequests } from "../../playground/server/faults.ts";
import type { Telegram } from "../../playground/telegram.ts";
import { editDraft } from "../../src/campaign/actions/edit-draft.ts";
import { editSent, pauseEdit, resumeEdit, stopEdit } from "../../src/campaign/actions/edit-sent.ts";
import { beginChange } from "../../src/campaign/actions/begin-change.ts";
import { getCampaign } from "../../src/campaign/queries.ts";
import { findSentEdit } from "../../src/campaign/sent-edits.ts";
import type { Content } from "../../src/content/content.ts";
import type { Scope } from "../../src/db/scope.ts";
import { recipients } from "../../src/db/schema.ts";
import { until } from "../support/broadcast.ts";
import { freshScope } from "../support/database.ts";
import { type TestEngine, engine } from "../support/engine.ts";
import { atEnd, localTelegram } from "../support/herald.ts";
import { ADMIN, deliveriesOf, emptied, range, seedCampaign, seedPeople } from "../support/seed.ts";

let scope: Scope;
beforeAll(async () => {
  scope = await freshScope();
});
beforeEach(() => emptied(scope));

const FIRST = 1_000;
const text = (words: string): Content => ({ kind: "text", text: words, buttons: [] });

/** An engine that sends and edits. */
async function works(telegram: Telegram, rate = 400): Promise<TestEngine> {
  const made = await engine(scope, telegram, { rate });
  const edits = made.services.find(({ name }) => name === "edits")?.service;
  if (!edits) throw new Error("the engine edits nothing");
  await edits.start();
  atEnd(async () => edits.stop());
  return made;
}

async function sentTo(count: number, content: Content) {
  const telegram = await localTelegram({ limits: "none" });
  const people = telegram.people(count, { firstId: FIRST });
  await seedPeople(scope, range(FIRST, FIRST + count - 1));
  const { id } = await seedCampaign(scope, { state: "running", startedAt: new Date(), content });
  const made = await works(telegram);
  await until(async () => (await getCampaign(scope, id)).state === "finished");
  return { telegram, people, id, made };
}

async function edits(id: number, content: Content, made: TestEngine) {
  const draft = await beginChange(scope, ADMIN, id, `change ${Math.random()}`);
  await editSent(scope, ADMIN, await editDraft(scope, ADMIN, draft, { content }));
  made.poke();
}

const lastEdit = async (id: number) => findSentEdit(scope, await getCampaign(scope, id));
const hasEnded = (id: number) => until(async () => (await lastEdit(id))?.state === "finished");
const textsOf = (telegram: Telegram, chatId: number) =>
  telegram.messages(chatId).map((message) => message.text);
const editCalls = (telegram: Telegram) => telegram.calls.filter(({ method }) => method === "editMessageText");

describe("an edit of what was sent", () => {
  test("reaches everyone, the newest first; those who deleted it or left are counted", async () => {
    const { telegram, people, id, made } = await sentTo(60, text("Old"));
    for (const person of people.slice(0, 3)) await person.deletes(telegram.messages(person.id)[0]!);
    telegram.fault({ method: "editMessageText", chat: FIRST + 10 }, { error: ERRORS.blocked });
    await edits(id, text("New"), made);
    await hasEnded(id);
    expect(await lastEdit(id)).toMatchObject({
      total: 60,
      edited: 56,
      unchanged: 0,
      gone: 3,
      refused: 1,
      waiting: [],
    });
    for (const { id: chat } of people.slice(3))
      expect(textsOf(telegram, chat)).toEqual([chat === FIRST + 10 ? "Old" : "New"]);
    const chats = editCalls(telegram).map(({ chatId }) => Number(chatId));
    expect(chats[0]).toBeGreaterThan(FIRST + 25);
    const [blocked] = await scope.db
      .select({ status: recipients.status })
      .from(recipients)
      .where(and(eq(recipients.botId, scope.botId), eq(recipients.chatId, FIRST + 10)));
    expect(blocked?.status).toBe("blocked");
    const revisions = (await deliveriesOf(scope, id)).map(({ contentRevision }) => contentRevision);
    expect(revisions.filter((revision) => revision === 2)).toHaveLength(56);
    // Nobody got a message for it.
    expect(telegram.calls.filter(({ method }) => method === "sendMessage")).toHaveLength(60);
  });

  test("says that nothing changed where the post reads the same, and goes on where it was stopped", async () => {
    const { telegram, id, made } = await sentTo(40, text("Old"));
    await edits(id, text("Old"), made);
    await hasEnded(id);
    // The content is the same, so its revision is as well, and nobody has an older one.
    expect(await lastEdit(id)).toMatchObject({ total: 0, edited: 0 });
    telegram.latency = 100;
    await edits(id, text("New"), made);
    await until(async () => editCalls(telegram).length > 3);
    await stopEdit(scope, ADMIN, id);
    await edits(id, text("Newer"), made);
    await hasEnded(id);
    const texts = new Set(range(FIRST, FIRST + 39).flatMap((chat) => textsOf(telegram, chat)));
    expect([...texts]).toEqual(["Newer"]);
    expect(await lastEdit(id)).toMatchObject({ number: 3, total: 40, edited: 40 });
  });

  test("a pause holds it, and Resume goes on", async () => {
    const { telegram, id, made } = await sentTo(30, text("Old"));
    await edits(id, text("New"), made);
    await pauseEdit(scope, ADMIN, id);
    const before = editCalls(telegram).length;
    await new Promise((resolve) => setTimeout(resolve, 800));
    const held = editCalls(telegram).length;
    expect(held - before).toBeLessThanOrEqual(30);
    await resumeEdit(scope, ADMIN, id);
    made.poke();
    await hasEnded(id);
    const { edited, unchanged } = (await lastEdit(id))!;
    expect(edited + unchanged).toBe(30);
  });

  test("a refused post pauses it at once, and touches nobody", async () => {
    const { telegram, id, made } = await sentTo(40, text("Old"));
    telegram.fault({ method: "editMessageText" }, { error: ERRORS.mediaEmpty });
    await edits(id, text("New"), made);
    await until(async () => (await lastEdit(id))?.state === "paused");
    expect(await lastEdit(id)).toMatchObject({ pauseReason: "content", refused: 0 });
  });

  test("429 and failing servers only delay it", async () => {
    const { telegram, id, made } = await sentTo(20, text("Old"));
    telegram.fault({ method: "editMessageText", chat: FIRST + 4 }, { error: tooManyRequests(1) });
    telegram.fault({ method: "editMessageText", chat: FIRST + 5 }, { cut: "after" });
    await edits(id, text("New"), made);
    await hasEnded(id);
    // The one whose answer was lost shows the new post already.
    expect(await lastEdit(id)).toMatchObject({ edited: 19, unchanged: 1, refused: 0 });
  });
});

describe("what each person sees", () => {
  test("their name, in the version that they got, in both messages of the post", async () => {
    const telegram = await localTelegram({ limits: "none" });
    telegram.people(3, { firstId: FIRST });
    await seedPeople(scope, [FIRST], { language: "en", firstName: "Ann" });
    await seedPeople(scope, [FIRST + 1], { language: "ru", firstName: "Оля" });
    await seedPeople(scope, [FIRST + 2], { language: "de", firstName: "Max" });
    const admin = telegram.person({ id: 7, started: true });
    const [own] = await admin.sendsAlbum([{ photo: true }, { photo: true }]);
    const fileId = own?.photo?.at(-1)?.file_id ?? "";
    const version = (caption: string, words: string) => ({
      kind: "photo" as const,
      fileId,
      caption,
      below: { text: words },
    });
    const post = (mark: string): Content => ({
      ...version(`Hello, {first_name}${mark}`, `Below${mark}`),
      buttons: [[{ text: "Go", url: "https://a.example/" }]],
      versions: { ru: version(`Привет, {first_name}${mark}`, `Внизу${mark}`) },
    });
    const { id } = await seedCampaign(scope, {
      state: "running",
      startedAt: new Date(),
      content: post("?"),
    });
    const made = await works(telegram);
    await until(async () => (await getCampaign(scope, id)).state === "finished");
    // Who has chosen another language since keeps the version that they got.
    await scope.db
      .update(recipients)
      .set({ language: "en" })
      .where(eq(recipients.chatId, FIRST + 1));
    await edits(
      id,
      { ...post("!"), versions: { ...post("!").versions, de: version("Hallo", "Unten") } },
      made,
    );
    await hasEnded(id);
    expect(await lastEdit(id)).toMatchObject({ edited: 3, refused: 0, gone: 0 });
    const seen = (chat: number) =>
      telegram
        .messages(chat)
        .map(({ text, caption, reply_markup: markup }) => [text ?? caption, Boolean(markup)]);
    expect([FIRST, FIRST + 1, FIRST + 2].map(seen)).toEqual([
      [
        ["Hello, Ann!", false],
        ["Below!", true],
      ],
      [
        ["Привет, Оля!", false],
        ["Внизу!", true],
      ],
      [
        ["Hello, Max!", false],
        ["Below!", true],
      ],
    ]);
  });
});

describe("an edit while the campaign is sent", () => {
  test("reaches those who have the post; those who are left get the new one, each once", async () => {
    const count = 300;
    const telegram = await localTelegram({ limits: "none" });
    telegram.latency = 20;
    telegram.people(count, { firstId: FIRST });
    await seedPeople(scope, range(FIRST, FIRST + count - 1));
    const { id } = await seedCampaign(scope, {
      state: "running",
      startedAt: new Date(),
      content: text("Old"),
    });
    const made = await works(telegram, 200);
    await until(async () => (await getCampaign(scope, id)).sent > 80);
    await edits(id, text("New"), made);
    await until(async () => (await getCampaign(scope, id)).state === "finished");
    await hasEnded(id);
    for (const chat of range(FIRST, FIRST + count - 1)) expect(textsOf(telegram, chat)).toEqual(["New"]);
    expect((await deliveriesOf(scope, id)).every(({ contentRevision }) => contentRevision === 2)).toBe(true);
  });
});
