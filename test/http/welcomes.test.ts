import { and, asc, eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { ERRORS } from "../../playground/server/faults.ts";
import { createKey } from "../../src/access/keys.ts";
import { audit, campaigns, senders, welcomes } from "../../src/db/schema.ts";
import { apiScene } from "../support/api.ts";
import { within } from "../support/broadcast.ts";
import { SENDERS, SHOP, tokenOf } from "../support/carrying.ts";
import { BOT_ID } from "../support/database.ts";
import { OWNER, OWNER_ID } from "../support/herald.ts";

const AT = `/v1/bots/${BOT_ID}/welcome`;
const saying = (text: string) => ({ content: { kind: "text", text } });

test("a welcome is set, read, replaced and removed, for everyone and for a source; people get it", async () => {
  const { call, telegram, database } = await apiScene(0);
  expect((await call("GET", `/v1/bots/${BOT_ID}/welcomes`)).body).toEqual({ items: [] });
  expect((await call("GET", AT)).status).toBe(404);

  const content = {
    kind: "text",
    text: "Hello, {first_name|friend}!",
    versions: { ru: { kind: "text", text: "Привет!" } },
  };
  const set = await call("PUT", AT, { content });
  expect(set).toMatchObject({ status: 200, body: { source: null, revision: 1, refused: null, content } });
  // The owner who made the key has seen it first, and no draft is left.
  expect(telegram.received(OWNER_ID).map(({ text }) => text)).toContain("Привет!");
  expect((await call("GET", "/v1/campaigns")).body.items).toEqual([]);
  const promo = await call("PUT", `${AT}?source=promo`, { ...saying("Hello from promo"), test_to: null });
  expect(promo).toMatchObject({ status: 200, body: { source: "promo" } });
  expect(telegram.received(OWNER_ID).map(({ text }) => text)).not.toContain("Hello from promo");
  // What is read can be sent back.
  const again = await call("PUT", AT, { content: set.body.content, test_to: null });
  expect(again.body).toEqual({ ...set.body, revision: 2 });
  expect((await call("GET", `/v1/bots/${BOT_ID}/welcomes`, undefined, { as: "read" })).body.items).toEqual([
    again.body,
    promo.body,
  ]);

  const ann = telegram.person({ id: 50, firstName: "Ann", languageCode: "en" });
  await ann.sends("/start");
  await ann.sees("Hello, Ann!");
  const bob = telegram.person({ id: 51, firstName: "Bob", languageCode: "en" });
  await bob.sends("/start promo");
  await bob.sees("Hello from promo");

  expect((await call("DELETE", `${AT}?source=promo`)).status).toBe(204);
  expect((await call("DELETE", `${AT}?source=promo`)).status).toBe(404);
  expect((await call("GET", `${AT}?source=promo`)).status).toBe(404);
  const deeds = await within(database, ({ db }) =>
    db
      .select({ action: audit.action })
      .from(audit)
      .where(and(eq(audit.homeId, BOT_ID), eq(audit.subject, BOT_ID)))
      .orderBy(asc(audit.id)),
  );
  expect(deeds.map(({ action }) => action)).toEqual([
    "welcome.set",
    "welcome.set",
    "welcome.set",
    "welcome.removed",
  ]);
});

test("a welcome that cannot be sent, or that Telegram refuses, changes nothing and says why", async () => {
  const { call, telegram, database } = await apiScene(0);
  await call("PUT", AT, saying("Hello"));
  const voting = { ...saying("Well?").content, buttons: [[{ text: "👍", vote: true }]] };
  const refused = await call("PUT", AT, { content: voting });
  expect(refused).toMatchObject({ status: 409, body: { type: "urn:herald:problem:unsendable" } });
  expect(refused.body.findings).toMatchObject([{ level: "error", type: "welcome-button" }]);
  const fault = telegram.fault({ method: "sendMessage", times: 1 }, { error: ERRORS.cantParse });
  const byTelegram = await call("PUT", AT, saying("Broken"));
  expect(byTelegram.status).toBe(409);
  expect(byTelegram.body.faults).toMatchObject([
    { language: null, detail: expect.stringContaining("parse") },
  ]);
  fault.remove();
  expect(await call("PUT", AT, { ...saying("Hi"), test_to: 4711 })).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: "/test_to" }] },
  });
  for (const source of ["a b", "herald", ""])
    expect((await call("PUT", `${AT}?source=${source}`, saying("Hi"))).status).toBe(422);
  expect((await call("PUT", AT, { content: { kind: "text", text: "" } })).status).toBe(422);
  expect((await call("PUT", "/v1/bots/5/welcome", saying("Hi"))).status).toBe(404);
  expect((await call("GET", AT)).body.content).toMatchObject({ text: "Hello" });
  expect(await within(database, ({ db }) => db.select().from(campaigns))).toEqual([]);
});

test("a key needs the role send and the bot; another program's bot has no welcome here", async () => {
  const made = { secret: "" };
  const api = await apiScene(0, {
    listSenders: async () => SENDERS.filter(({ botId }) => botId === SHOP),
    async prepare(scope) {
      await scope.db.insert(senders).values({ botId: SHOP, homeId: scope.homeId, username: "shop_bot" });
      const key = { name: "Shop", role: "send", bots: [SHOP], expiresAt: null } as const;
      made.secret = (await createKey(scope, OWNER, key)).secret;
    },
  });
  const { call, telegram, database } = api;
  telegram.bot(tokenOf(SHOP), { username: "shop_bot" });
  for (const as of ["read", "write", "relay"] as const)
    expect([as, (await call("PUT", AT, saying("Hi"), { as })).status]).toEqual([as, 403]);
  expect((await call("DELETE", AT, undefined, { as: "write" })).status).toBe(403);
  expect(await within(database, ({ db }) => db.select().from(campaigns))).toEqual([]);
  const limited = { as: { key: made.secret } };
  for (const method of ["GET", "PUT", "DELETE"])
    expect((await call(method, AT, method === "PUT" ? saying("Hi") : undefined, limited)).status).toBe(404);
  // The owner has not started the shop's bot: nothing is tested, and nothing set.
  telegram.fault(
    { method: "sendMessage", token: tokenOf(SHOP) },
    { error: { error_code: 403, description: "Forbidden: bot can't initiate conversation with a user" } },
  );
  const set = await call("PUT", `/v1/bots/${SHOP}/welcome`, saying("Hi"), limited);
  expect(set).toMatchObject({ status: 409, body: { type: "urn:herald:problem:unreachable" } });
  expect(
    (await call("PUT", `/v1/bots/${SHOP}/welcome`, { ...saying("Hi"), test_to: null }, limited)).status,
  ).toBe(200);
  await within(database, ({ db }) =>
    db.update(senders).set({ handling: "beside" }).where(eq(senders.botId, SHOP)),
  );
  expect(await call("PUT", `/v1/bots/${SHOP}/welcome`, saying("Hi"))).toMatchObject({
    status: 409,
    body: { type: "urn:herald:problem:bot-beside" },
  });
  const rows = await within(database, ({ db }) => db.select({ botId: welcomes.botId }).from(welcomes));
  expect(rows).toEqual([{ botId: SHOP }]);
});
