import { eq } from "drizzle-orm";
import type { Message } from "grammy/types";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { launch } from "../../src/campaign/actions/launch.ts";
import { review } from "../../src/campaign/actions/review.ts";
import { sendTest } from "../../src/campaign/actions/send-test.ts";
import { findingsOf } from "../../src/campaign/findings.ts";
import { SenderUnreachable } from "../../src/campaign/post-preview.ts";
import { getDraft } from "../../src/campaign/queries.ts";
import { noteRelay } from "../../src/db/heard-updates.ts";
import { media, senders } from "../../src/db/schema.ts";
import type { Scope } from "../../src/db/scope.ts";
import { NEWS, SHOP, VIEWER, bytes, carryingScene, composed, tokenOf } from "../support/carrying.ts";
import { freshScope } from "../support/database.ts";
import { engine, isFinished } from "../support/engine.ts";
import { FIRST } from "../support/scene.ts";
import { ADMIN, ADMIN_ID, NOW, emptied, range, seedCampaign, seedPeople } from "../support/seed.ts";

let scope: Scope;
beforeAll(async () => {
  scope = await freshScope();
});
beforeEach(async () => {
  await emptied(scope);
  await scope.db.insert(senders).values([SHOP, NEWS].map((botId) => ({ botId, homeId: scope.homeId })));
});

type Stage = Awaited<ReturnType<typeof carryingScene>>;

/** What an admin sends to the home, how many files it has, and what arrives. */
const POSTS: Record<
  string,
  { send: (stage: Stage) => Promise<Message[]>; files: number; arrives: string[] }
> = {
  photo: {
    send: async ({ home }) => [await home.sendPhoto(ADMIN_ID, bytes("menu.jpg"), { caption: "Our menu" })],
    files: 1,
    arrives: ["photo"],
  },
  album: {
    send: ({ home }) =>
      home.sendMediaGroup(ADMIN_ID, [
        { type: "photo", media: bytes("one.jpg"), caption: "Three of them" },
        { type: "video", media: bytes("two.mp4"), cover: bytes("cover.jpg") },
        { type: "photo", media: bytes("three.jpg") },
      ]),
    files: 4,
    arrives: ["photo", "video", "photo"],
  },
  "live photo": {
    send: async ({ home }) => [await home.sendLivePhoto(ADMIN_ID, bytes("live.mp4"), bytes("still.jpg"))],
    files: 2,
    arrives: ["live_photo"],
  },
  sticker: {
    send: async ({ home }) => [await home.sendSticker(ADMIN_ID, bytes("sticker.webp"))],
    files: 1,
    arrives: ["sticker"],
  },
  animation: {
    send: async ({ home }) => [await home.sendAnimation(ADMIN_ID, bytes("dance.mp4"))],
    files: 1,
    arrives: ["animation"],
  },
  document: {
    send: async ({ home }) => [await home.sendDocument(ADMIN_ID, bytes("price list.pdf"))],
    files: 1,
    arrives: ["document"],
  },
  audio: {
    send: async ({ home }) => [
      await home.sendAudio(ADMIN_ID, bytes("air.mp3"), { title: "Air", performer: "Bach", duration: 60 }),
    ],
    files: 1,
    arrives: ["audio"],
  },
  voice: {
    send: async ({ home }) => [await home.sendVoice(ADMIN_ID, bytes("a.ogg"), { duration: 9 })],
    files: 1,
    arrives: ["voice"],
  },
  "video note": {
    send: async ({ home }) => [await home.sendVideoNote(ADMIN_ID, bytes("a.mp4"))],
    files: 1,
    arrives: ["video_note"],
  },
  poll: {
    send: async ({ home }) => [
      await home.sendPoll(ADMIN_ID, "Which?", [{ text: "This" }, { text: "That" }], {
        media: { type: "photo", media: bytes("poll.jpg") },
      }),
    ],
    files: 1,
    arrives: ["poll"],
  },
  rich: {
    send: async ({ home }) => [
      await home.sendRichMessage(ADMIN_ID, {
        blocks: [
          { type: "paragraph", text: "Look" },
          { type: "photo", photo: { type: "photo", media: bytes("rich.jpg") } },
        ],
      }),
    ],
    files: 1,
    arrives: ["rich_message"],
  },
};

/** The kinds of the messages that a bot has sent to a person. */
const kindsFrom = ({ telegram }: Stage, botId: number, chatId: number) =>
  telegram
    .received(chatId)
    .filter(({ from }) => from?.id === botId)
    .map((message) =>
      ["live_photo", ...Object.keys(message)].find((field) => field in message && KINDS.has(field)),
    );
const KINDS = new Set(Object.values(POSTS).flatMap(({ arrives }) => arrives));

describe("a post composed in the home", () => {
  test.each(Object.keys(POSTS))(
    "%s: arrives by two other bots, each file fetched once, uploaded once per bot",
    async (name) => {
      const stage = await carryingScene(scope);
      const { telegram, by, of, uploads, fetches } = stage;
      const people = range(FIRST, FIRST + 2);
      telegram.people(people.length, { firstId: FIRST });
      const { send, files, arrives } = POSTS[name]!;
      const messages = await send(stage);
      const before = uploads();
      for (const botId of [SHOP, NEWS]) {
        await seedPeople(of(botId), people);
        const draft = await composed(of(botId), messages);
        expect(await findingsOf(of(botId), draft)).toContainEqual(
          expect.objectContaining({ level: "error", type: "files-missing" }),
        );
        expect(await sendTest(of(botId), ADMIN, draft.id, by, VIEWER)).toMatchObject([{ fault: null }]);
        // A second preview uploads nothing.
        await sendTest(of(botId), ADMIN, draft.id, by, VIEWER);
        expect(kindsFrom(stage, botId, ADMIN_ID)).toEqual([...arrives, ...arrives]);
        const launched = await launch(
          of(botId),
          ADMIN,
          await getDraft(of(botId), draft.id),
          { count: people.length, typedCount: people.length, startsAt: null },
          { now: NOW, typedFrom: 1_000, mostScheduled: 10 },
        );
        // As the launcher makes of it.
        const { content } = launched;
        const running = await seedCampaign(of(botId), { state: "running", startedAt: new Date(), content });
        const { dispatcher } = await engine(of(botId), telegram, { token: tokenOf(botId), rate: 400 });
        dispatcher.poke();
        await isFinished(of(botId), running);
        for (const id of people) expect(kindsFrom(stage, botId, id)).toEqual(arrives);
      }
      expect(uploads() - before).toBe(2 * files);
      expect(fetches()).toBe(files);
    },
  );

  test("keeps what only Telegram's answer says of it: the name of a document, the length and title of a piece", async () => {
    const stage = await carryingScene(scope);
    const { by, of, telegram } = stage;
    for (const name of ["document", "audio"]) {
      const draft = await composed(of(SHOP), await POSTS[name]!.send(stage));
      await sendTest(of(SHOP), ADMIN, draft.id, by, VIEWER);
    }
    const [document, audio] = telegram.received(ADMIN_ID).filter(({ from }) => from?.id === SHOP);
    expect(document?.document).toMatchObject({ file_name: "price list.pdf", mime_type: "application/pdf" });
    expect(audio?.audio).toMatchObject({ title: "Air", performer: "Bach", duration: 60 });
  });

  test("in several languages: a file that several versions share is uploaded once", async () => {
    const stage = await carryingScene(scope);
    const { by, of, uploads } = stage;
    const messages = await POSTS["photo"]!.send(stage);
    const shared = await composed(of(SHOP), messages);
    const { buttons: _, ...version } = shared.content;
    const draft = await composed(of(SHOP), messages, { versions: { ru: version } });
    const before = uploads();
    expect(await sendTest(of(SHOP), ADMIN, draft.id, by, VIEWER)).toHaveLength(2);
    expect(uploads() - before).toBe(1);
  });

  test("two campaigns that need the same file at the same time upload it once", async () => {
    const stage = await carryingScene(scope);
    const { by, of, uploads } = stage;
    const messages = await POSTS["album"]!.send(stage);
    const drafts = [await composed(of(SHOP), messages), await composed(of(SHOP), messages)];
    const before = uploads();
    await Promise.all(drafts.map(({ id }) => sendTest(of(SHOP), ADMIN, id, by, VIEWER)));
    expect(uploads() - before).toBe(4);
  });

  test("by the home itself is shown as ever: nothing is fetched or uploaded", async () => {
    const stage = await carryingScene(scope);
    const { by, uploads, fetches, telegram } = stage;
    const draft = await composed(scope, await POSTS["album"]!.send(stage));
    const before = uploads();
    await sendTest(scope, ADMIN, draft.id, by, VIEWER);
    expect([uploads() - before, fetches()]).toEqual([0, 0]);
    expect(telegram.received(ADMIN_ID)).toHaveLength(6);
  });
});

const reviewed = async (stage: Stage, id: number) =>
  review(stage.of(SHOP), ADMIN, id, {
    now: NOW,
    rateOf: () => ({ set: 28, now: 28, paid: "off" }),
    typedFrom: 1_000,
  });

describe("what goes wrong on the way", () => {
  test("a file above 20 MB: said in the preview, with the post still there, and launching is refused", async () => {
    const stage = await carryingScene(scope);
    const { home, by, of } = stage;
    const film = await home.sendDocument(ADMIN_ID, bytes("film.mp4", 20 * 1_048_576 + 1));
    const draft = await composed(of(SHOP), [film]);
    const [result] = await sendTest(of(SHOP), ADMIN, draft.id, by, VIEWER);
    expect(result?.fault).toEqual({
      type: "file",
      why: "too-large",
      kind: "document",
      name: "film.mp4",
      detail: "",
    });
    const { sendable, faults, findings } = await reviewed(stage, draft.id);
    expect(sendable).toBe(false);
    expect(faults).toMatchObject([{ fault: { why: "too-large" } }]);
    expect(findings).toMatchObject([{ type: "files-missing", count: 1 }]);
    await seedPeople(of(SHOP), [FIRST]);
    const agreed = { count: 1, typedCount: null, startsAt: null };
    await expect(
      launch(of(SHOP), ADMIN, await getDraft(of(SHOP), draft.id), agreed, {
        now: NOW,
        typedFrom: 1_000,
        mostScheduled: 10,
      }),
    ).rejects.toMatchObject({ code: "unsendable" });
  });

  test("an admin who never started that bot is told so; once they have, it works", async () => {
    const stage = await carryingScene(scope);
    const { telegram, by, of } = stage;
    const draft = await composed(of(SHOP), await POSTS["photo"]!.send(stage));
    for (const error of [
      { error_code: 403, description: "Forbidden: bot can't initiate conversation with a user" },
      { error_code: 400, description: "Bad Request: chat not found" },
    ]) {
      telegram.fault({ method: "sendPhoto", token: tokenOf(SHOP) }, { error });
      const refused = await sendTest(of(SHOP), ADMIN, draft.id, by, VIEWER).catch(
        (thrown: unknown) => thrown,
      );
      expect(refused).toBeInstanceOf(SenderUnreachable);
      expect(refused).toMatchObject({
        username: "shop_bot",
        message: expect.stringContaining(error.description),
      });
    }
    expect(await sendTest(of(SHOP), ADMIN, draft.id, by, VIEWER)).toMatchObject([{ fault: null }]);
    const text = await composed(of(SHOP), [await stage.home.sendMessage(ADMIN_ID, "Hello")]);
    telegram.fault(
      { method: "sendMessage", token: tokenOf(SHOP) },
      { error: { error_code: 400, description: "Bad Request: chat not found" } },
    );
    await expect(sendTest(of(SHOP), ADMIN, text.id, by, VIEWER)).rejects.toThrow(SenderUnreachable);
    // It is not the post's fault.
    expect((await getDraft(of(SHOP), text.id)).previewFaults).toBeNull();
  });

  test("a download that breaks off is tried once more", async () => {
    const stage = await carryingScene(scope);
    const { telegram, by, of } = stage;
    const draft = await composed(of(SHOP), await POSTS["photo"]!.send(stage));
    telegram.fault({ method: "download" }, { cut: "after" });
    expect(await sendTest(of(SHOP), ADMIN, draft.id, by, VIEWER)).toMatchObject([{ fault: null }]);
  });

  test("one that always breaks off is said, nothing half is uploaded, and the next preview starts anew", async () => {
    const stage = await carryingScene(scope);
    const { telegram, by, of, uploads } = stage;
    const draft = await composed(of(SHOP), await POSTS["album"]!.send(stage));
    const before = uploads();
    const fault = telegram.fault({ method: "download", times: Infinity, after: 2 }, { cut: "after" });
    expect(await sendTest(of(SHOP), ADMIN, draft.id, by, VIEWER)).toMatchObject([
      { fault: { type: "file", why: "not-fetched" } },
    ]);
    expect(uploads() - before).toBe(2);
    expect(await scope.db.select().from(media)).toHaveLength(4 + 2);
    fault.remove();
    expect(await sendTest(of(SHOP), ADMIN, draft.id, by, VIEWER)).toMatchObject([{ fault: null }]);
    // What was there already is not uploaded again.
    expect(uploads() - before).toBe(4);
    expect((await getDraft(of(SHOP), draft.id)).previewFaults).toBeNull();
  });

  test("an upload that Telegram refuses or cuts off is said; a short wait is waited out", async () => {
    const stage = await carryingScene(scope);
    const { telegram, by, of } = stage;
    const draft = await composed(of(SHOP), await POSTS["photo"]!.send(stage));
    const whyNot = async () => (await sendTest(of(SHOP), ADMIN, draft.id, by, VIEWER))[0]?.fault;
    const calls = { method: "sendPhoto", token: tokenOf(SHOP) };
    telegram.fault(calls, {
      error: { error_code: 400, description: "Bad Request: PHOTO_INVALID_DIMENSIONS" },
    });
    expect(await whyNot()).toMatchObject({
      why: "not-uploaded",
      detail: expect.stringContaining("PHOTO_INVALID"),
    });
    telegram.fault(calls, { cut: "before" });
    expect(await whyNot()).toMatchObject({ why: "not-uploaded" });
    telegram.fault(calls, {
      error: {
        error_code: 429,
        description: "Too Many Requests: retry after 90",
        parameters: { retry_after: 90 },
      },
    });
    expect(await whyNot()).toMatchObject({ why: "busy", detail: "90" });
    telegram.fault(calls, {
      error: {
        error_code: 429,
        description: "Too Many Requests: retry after 1",
        parameters: { retry_after: 1 },
      },
    });
    expect(await whyNot()).toBeNull();
  });
});

describe("what another bot cannot send", () => {
  test("a forward, a copy, and files of which no lasting id is known are refused with the reason", async () => {
    const stage = await carryingScene(scope);
    const { home, by, of, telegram } = stage;
    const message = await home.sendMessage(ADMIN_ID, "Hello");
    const forward = await composed(of(SHOP), [message], { options: { forward: true } });
    expect(await findingsOf(of(SHOP), forward)).toContainEqual({
      level: "error",
      type: "forward-elsewhere",
      language: null,
    });
    const copy = await composed(of(SHOP), [{ ...message, text: undefined, checklist: {} } as never]);
    expect(await findingsOf(of(SHOP), copy)).toContainEqual({
      level: "error",
      type: "copy-elsewhere",
      language: null,
    });
    const [photo] = await POSTS["photo"]!.send(stage);
    const old = await composed(of(SHOP), [photo!], { files: [] });
    expect(await findingsOf(of(SHOP), old)).toContainEqual({
      level: "error",
      type: "files-unknown",
      language: null,
    });
    // Their message ids would name other messages in the chat with that bot.
    telegram.clearRecords();
    for (const { id } of [forward, copy]) expect(await sendTest(of(SHOP), ADMIN, id, by, VIEWER)).toEqual([]);
    expect(telegram.calls).toEqual([]);
    for (const draft of [forward, copy, old])
      expect(await findingsOf(scope, draft)).not.toContainEqual(
        expect.objectContaining({ type: /elsewhere|files/ }),
      );
  });

  test("taps that come to a program which relays nothing are noted, until it relays", async () => {
    const { home, of } = await carryingScene(scope);
    const shop = of(SHOP);
    await scope.db.update(senders).set({ handling: "beside" }).where(eq(senders.botId, SHOP));
    const message = await home.sendMessage(ADMIN_ID, "Do you like it?");
    const buttons = [[{ text: "👍", vote: true as const }]];
    const voted = await composed(shop, [message], { buttons });
    const note = { level: "note", type: "taps-unheard", language: null };
    expect(await findingsOf(shop, voted)).toEqual([note]);
    expect(await findingsOf(of(NEWS), { ...voted, botId: NEWS })).toEqual([]);
    expect(await findingsOf(shop, await composed(shop, [message]))).toEqual([]);
    await noteRelay(shop);
    expect(await findingsOf(shop, voted)).toEqual([]);
  });
});
