import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import type { Update } from "grammy/types";
import { describe, expect, test } from "vitest";
import { listTaps } from "../../src/campaign/votes/button-votes.ts";
import { listPollTotals } from "../../src/campaign/votes/poll-votes.ts";
import type { Db } from "../../src/db/connect.ts";
import { recipients } from "../../src/db/schema.ts";
import { type OpenApiDocument, operationsOf } from "../support/openapi.ts";
import { BESIDE_ID, UPDATES, besideScene } from "../support/beside.ts";
import { within } from "../support/broadcast.ts";
import { BOT_ID } from "../support/database.ts";

const VOTES = {
  kind: "text",
  text: "Tea or coffee?",
  buttons: [
    [
      { text: "👍", vote: true },
      { text: "👎", vote: true },
    ],
  ],
};

const scopeIn = (db: Db) => ({ db, homeId: BOT_ID, botId: BESIDE_ID });

const NOTHING = { taken: 0, known: 0, foreign: 0, ignored: 0 };

/** A message of a person, as Telegram reports it. */
function message(updateId: number, text = "Hello", id = 42): Update {
  return {
    update_id: updateId,
    message: {
      message_id: updateId,
      date: 1_796_000_000,
      chat: { id, type: "private", first_name: "Ada" },
      from: { id, is_bot: false, first_name: "Ada", language_code: "de" },
      text,
    },
  };
}

/** The same person blocks or unblocks the bot. */
function standing(updateId: number, status: "kicked" | "member", id = 42): object {
  const bot = { id: BESIDE_ID, is_bot: true, first_name: "Shop" };
  return {
    update_id: updateId,
    my_chat_member: {
      chat: { id, type: "private", first_name: "Ada" },
      from: { id, is_bot: false, first_name: "Ada" },
      date: 1_796_000_000,
      old_chat_member: { status: "member", user: bot },
      new_chat_member: { status, user: bot, until_date: 0 },
    },
  };
}

describe("relayed updates", () => {
  test("put people on the bot's list, and mark who blocks and who returns", async () => {
    const { call, relays } = await besideScene(0);
    const read = async () => (await call("GET", `/v1/recipients/42?bot=${BESIDE_ID}`)).body;
    expect(await relays([message(1)])).toEqual({ ...NOTHING, taken: 1 });
    expect(await read()).toMatchObject({ first_name: "Ada", language: "de", status: "active" });
    expect((await call("GET", "/v1/recipients/42")).status).toBe(404); // the home's own list
    await relays([standing(2, "kicked")]);
    expect((await read()).status).toBe("blocked");
    await relays([standing(3, "member")]);
    expect((await read()).status).toBe("active");
    // Also where they came from.
    await relays([message(4, "/start promo_vk0", 43)]);
    expect((await call("GET", `/v1/recipients/43?bot=${BESIDE_ID}`)).body).toMatchObject({
      source: "promo_vk0",
      last_seen_at: expect.any(String),
    });
  });

  test("change nothing when they come again, or after a newer one", async () => {
    const { call, relays } = await besideScene(0);
    const read = async () => (await call("GET", `/v1/recipients/42?bot=${BESIDE_ID}`)).body;
    await relays([message(10)]);
    expect(await relays([standing(12, "kicked"), message(11)])).toEqual({ ...NOTHING, taken: 2 });
    expect((await read()).status).toBe("blocked");
    expect(await relays([message(10), message(11), standing(12, "kicked")])).toEqual({
      ...NOTHING,
      known: 3,
    });
    await relays([standing(14, "member")]);
    expect(await relays([standing(13, "kicked")])).toEqual({ ...NOTHING, known: 1 });
    expect((await read()).status).toBe("active");
  });

  test("are heard again after a day, since ids may begin anew", async () => {
    const { relays, database } = await besideScene(0);
    await relays([message(10)]);
    await within(database, ({ db }) => db.execute("update heard_updates set at = at - interval '25 hours'"));
    expect(await relays([message(3)])).toEqual({ ...NOTHING, taken: 1 });
    expect(await relays([message(3)])).toEqual({ ...NOTHING, known: 1 });
  });

  test("mean by a command only what the request says that it means", async () => {
    const { call, relays } = await besideScene(0);
    const optedOut = async () =>
      (await call("GET", `/v1/recipients/42?bot=${BESIDE_ID}`)).body.opted_out_at !== null;
    await relays([message(1, "/start"), message(2, "/stop")]);
    expect(await optedOut()).toBe(false);
    const wishes = `${UPDATES}?leave=unsubscribe,off&join=subscribe`;
    const say = (updateId: number, text: string) =>
      call("POST", wishes, message(updateId, text), { as: "relay" });
    await say(4, "/Unsubscribe@shop_bot please");
    expect(await optedOut()).toBe(true);
    await say(5, "/start ref-7");
    expect(await optedOut()).toBe(true);
    await say(7, "/subscribe");
    await say(6, "/off"); // older than the last wish
    expect(await optedOut()).toBe(false);
  });

  test("of taps on Herald's buttons are counted once, and answered as the bot", async () => {
    const { telegram, people, database, sends, polls, relays } = await besideScene(2);
    const number = await sends(VOTES, 2);
    const ada = telegram.person({ id: people[0] ?? 0 });
    const tapped = ada.taps("👍");
    const updates = await polls();
    expect(updates.map((update) => Object.keys(update)[1])).toEqual(["callback_query"]);
    expect(await relays(updates)).toEqual({ ...NOTHING, taken: 1 });
    expect((await tapped).text).toContain("👍");
    expect(await relays(updates)).toEqual({ ...NOTHING, known: 1 });
    const votes = () =>
      within(database, async ({ db }) => Object.fromEntries((await listTaps(scopeIn(db), number)).votes));
    expect(await votes()).toEqual({ "👍": 1 });
    // The buttons below the post show it.
    await expect
      .poll(() => ada.holds.at(-1)?.reply_markup?.inline_keyboard[0]?.[0]?.text, { timeout: 5_000 })
      .toBe("👍 1");
    await new Promise((resolve) => setTimeout(resolve, 1_100)); // or it would count as one tap
    const again = ada.taps(/👍/);
    expect(await relays()).toEqual({ ...NOTHING, taken: 1 });
    await again;
    expect(await votes()).toEqual({ "👍": 0 });
  });

  test("of taps on other buttons are left to the other program", async () => {
    const { telegram, people, sends, relays } = await besideScene(1);
    await sends(VOTES, 1);
    const shown = telegram.person({ id: people[0] ?? 0 }).holds.at(-1);
    const tap = (data: string, updateId: number) => ({
      update_id: updateId,
      callback_query: {
        id: String(updateId),
        from: { id: 42, is_bot: false, first_name: "Ada" },
        chat_instance: "1",
        message: { ...shown, chat: { id: 42, type: "private" } },
        data,
      },
    });
    const data = JSON.stringify(shown?.reply_markup).match(/b:\d+:\d+:\w+/)?.[0] ?? "";
    // The last one is Herald's, but not of a post that went to this chat.
    const taps = [tap("buy:7", 1), tap("b:12:34:5", 2), tap("b:1", 3), tap(data, 4)];
    expect(await relays(taps)).toEqual({ ...NOTHING, foreign: 4 });
    expect(telegram.calls.filter(({ method }) => method === "answerCallbackQuery")).toEqual([]);
  });

  test("of polls are counted, whatever comes first", async () => {
    const { telegram, people, database, sends, polls, relays } = await besideScene(2);
    const number = await sends(
      {
        kind: "poll",
        poll: { question: "Tea?", options: [{ text: "Yes" }, { text: "No" }], is_anonymous: false },
      },
      2,
    );
    for (const [index, id] of people.entries()) {
      const person = telegram.person({ id });
      const poll = person.holds.at(-1);
      if (poll) await person.votes(poll, [index]);
    }
    const updates = await polls();
    expect(updates.length).toBeGreaterThanOrEqual(4);
    await relays(updates.toReversed());
    expect(await relays(updates)).toEqual({ ...NOTHING, known: updates.length });
    const totals = await within(database, ({ db }) => listPollTotals(scopeIn(db), number));
    const counted = totals.map(({ what, option, count }) => `${what} ${option} ${count}`);
    expect(counted.toSorted()).toEqual(["option No 1", "option Yes 1", "voters  2"]);
  });

  test("of groups say where the bot is and what it may do there", async () => {
    const { telegram, call, relays } = await besideScene(0);
    const group = telegram.group({ title: "Customers" });
    await relays();
    const titles = async () =>
      (await call("GET", `/v1/chats?bot=${BESIDE_ID}`)).body.items.map(
        ({ title }: { title: string }) => title,
      );
    expect(await titles()).toEqual(["Customers"]);
    await group.kicks();
    await relays();
    expect(await titles()).toEqual([]);
    expect((await call("GET", "/v1/chats")).body.items).toEqual([]);
  });

  test("may hold anything, and never fail", { timeout: 60_000 }, async () => {
    const { call, relays } = await besideScene(0);
    const kinds = ["message", "edited_message", "callback_query", "my_chat_member", "poll", "poll_answer"];
    const part = fc.oneof(
      fc.jsonValue(),
      fc.record(
        {
          id: fc.oneof(fc.integer(), fc.string(), fc.double()),
          chat: fc.record({
            id: fc.maxSafeInteger(),
            type: fc.constantFrom("private", "group", "channel", "x"),
          }),
          from: fc.record({
            id: fc.maxSafeInteger(),
            is_bot: fc.boolean(),
            first_name: fc.string({ unit: "binary" }),
          }),
          message_id: fc.maxSafeNat(),
          text: fc.string({ unit: "binary" }),
          data: fc.string(),
        },
        { requiredKeys: [] },
      ),
    );
    const update = fc
      .tuple(fc.maxSafeNat(), fc.constantFrom(...kinds, "channel_post", "new_kind"), part)
      .map(([update_id, kind, value]) => ({ update_id, [kind]: value }));
    for (const updates of fc.sample(fc.array(update, { maxLength: 20 }), { numRuns: 60, seed: 7 })) {
      const counts = (await relays(updates)) as Record<string, number>;
      const sum = Object.values(counts).reduce((total, count) => total + count, 0);
      expect({ sum, updates }).toEqual({ sum: updates.length, updates });
    }
    // Neither NUL nor half a character can be kept.
    const odd = message(1, "x", 77);
    const told = JSON.stringify(odd).replaceAll("Ada", "A\\u0000d\\ud800a");
    expect((await call("POST", UPDATES, told, jsonAs("relay"))).body).toEqual({ ...NOTHING, taken: 1 });
  });
});

function jsonAs(as: "relay" | "send") {
  return { as, headers: { "content-type": "application/json" } };
}

describe("the relay's route", () => {
  test("says what is wrong", async () => {
    const { call } = await besideScene(0);
    const at = async (bot: string, body: unknown = []) => {
      const answer = await call("POST", `/v1/bots/${bot}/updates`, body, { as: "relay" });
      return { status: answer.status, detail: String(answer.body.detail ?? "") };
    };
    expect(await at(String(BESIDE_ID))).toMatchObject({ status: 202 });
    expect(await at("@SHOP_bot")).toMatchObject({ status: 202 });
    expect(await at("@nobody_bot")).toMatchObject({ status: 404, detail: expect.stringContaining("/bots") });
    expect(await at(String(BOT_ID))).toMatchObject({
      status: 409,
      detail: expect.stringContaining("docs/beside.md"),
    });
    expect(await at("a b")).toMatchObject({ status: 422 });
    expect(await at(String(BESIDE_ID), [{ message: {} }])).toMatchObject({
      status: 422,
      detail: expect.stringContaining("/0/update_id"),
    });
    const huge = JSON.stringify([message(1, "x".repeat(1_100_000))]);
    expect((await call("POST", UPDATES, huge, jsonAs("relay"))).status).toBe(413);
    expect((await call("POST", UPDATES, "{", jsonAs("relay"))).status).toBe(400);
  });

  test("is all that a key of the role relay can do, and no other role can", async () => {
    const { call } = await besideScene(0);
    const document = JSON.parse(readFileSync("docs/openapi.json", "utf8")) as OpenApiDocument;
    const answered: Record<string, number> = {};
    const others = [{ method: "GET", path: "/metrics", id: "metrics", isOpen: false }];
    for (const { method, path, id, isOpen } of [...operationsOf(document), ...others]) {
      if (isOpen || id === "relayUpdates") continue;
      const body = method === "GET" || method === "DELETE" ? undefined : {};
      const at = path.replaceAll(/\{\w+\}/g, "1");
      answered[id] = (await call(method, at, body, { as: "relay" })).status;
    }
    expect(Object.keys(answered).length).toBeGreaterThan(25);
    expect(Object.entries(answered).filter(([, status]) => status !== 403)).toEqual([]);
    for (const as of ["read", "write", "send"] as const)
      expect((await call("POST", UPDATES, [message(1)], { as })).status).toBe(403);
    expect((await call("GET", UPDATES, undefined, { as: "relay" })).status).toBe(403);
  });

  test("keeps what is counted apart from the list of the home", async () => {
    const { relays, database } = await besideScene(0);
    await relays([message(1)]);
    const rows = await within(database, ({ db }) => db.select({ botId: recipients.botId }).from(recipients));
    expect(rows).toEqual([{ botId: BESIDE_ID }]);
  });
});
