import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import { createKey } from "../../src/access/keys.ts";
import { noteEvents } from "../../src/webhooks/note-events.ts";
import { revokeKeyAndWebhooks } from "../../src/webhooks/webhook-actions.ts";
import { homeScope } from "../../src/db/scope.ts";
import { WEBHOOK_EVENTS } from "../../src/db/states.ts";
import { type ApiScene, apiScene } from "../support/api.ts";
import { until, within } from "../support/broadcast.ts";
import { movableClock } from "../support/clock.ts";
import { BOT_ID } from "../support/database.ts";
import { OWNER } from "../support/herald.ts";
import { type Received, type Receiver, isSignedWith, receiver } from "../support/receiver.ts";
import { en } from "../support/words.ts";

const POST = { content: { kind: "text", text: "A secret recipe" } };

/** Makes a webhook. Resolves with its id and its secret. */
async function hook({ call }: ApiScene, { url }: Receiver, events: readonly string[] = WEBHOOK_EVENTS) {
  const { status, body } = await call("POST", "/v1/webhooks", { url, events });
  expect(status).toBe(201);
  return body as { id: number; secret: string };
}

async function draft({ call }: ApiScene): Promise<number> {
  return (await call("POST", "/v1/campaigns", POST)).body.number;
}

const send = async (api: ApiScene, agreed_count: number) => {
  const number = await draft(api);
  expect((await api.call("POST", `/v1/campaigns/${number}/send`, { agreed_count })).status).toBe(200);
  return number;
};

/** Notes in one statement that so many people left. */
const noteLeft = ({ database }: ApiScene, count: number) =>
  within(database, ({ db }) =>
    noteEvents(
      homeScope(db, BOT_ID),
      "recipient.left",
      Array.from({ length: count }, (_, id) => ({ id, bot: BOT_ID })),
    ),
  );

/** Asks for a test event. */
const ping = ({ call }: ApiScene, id: number) => call("POST", `/v1/webhooks/${id}/test`);
const attemptsOf = async ({ call }: ApiScene, id: number) =>
  (await call("GET", `/v1/webhooks/${id}/attempts`)).body.items;

describe("a webhook", () => {
  test("is told of a campaign from its confirmation to its end, signed, in numbers only", async () => {
    const api = await apiScene(3);
    const shop = await receiver();
    const { secret } = await hook(api, shop);
    await send(api, 3);
    await until(() => shop.types().includes("campaign.finished"));
    expect(shop.types()).toEqual(["campaign.scheduled", "campaign.started", "campaign.finished"]);
    for (const { id, timestamp, signature, body, payload } of shop.got) {
      const headers = {
        "webhook-id": id,
        "webhook-timestamp": String(timestamp),
        "webhook-signature": signature,
      };
      expect(new Webhook(secret).verify(body, headers)).toEqual(payload);
      expect(Date.parse(payload.timestamp)).toBeGreaterThan(Date.now() - 60_000);
      expect(body).not.toContain("recipe");
    }
    expect(shop.got.at(-1)?.payload).toMatchObject({
      type: "campaign.finished",
      data: {
        number: 1,
        state: "finished",
        finished_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
        counters: { total: 3, sent: 3, failed: 0 },
      },
    });
    expect(Object.keys(shop.got[0]?.payload)).toEqual(["type", "timestamp", "data"]);
  });

  test("is told who joined, left and blocked the bot, by their ids alone", async () => {
    const api = await apiScene(1);
    const shop = await receiver();
    await hook(api, shop, ["recipient.joined", "recipient.left", "recipient.blocked"]);
    const person = api.telegram.person({ id: 77, firstName: "Ada", languageCode: "en" });
    await person.sends("/start");
    await person.sees(en.like("start-person"));
    await person.sends("/help");
    await person.sees(en("help"));
    await person.sends("/stop");
    await person.sees(en("stop-done"));
    await person.sends("/start");
    await person.sees(en.like("start-again"));
    await person.blocks();
    await until(() => shop.got.length >= 4);
    const told = shop.got.toSorted((a, b) => a.payload.timestamp.localeCompare(b.payload.timestamp));
    expect(told.map(({ payload }) => [payload.type, payload.data])).toEqual([
      ["recipient.joined", { id: 77, bot: BOT_ID }],
      ["recipient.left", { id: 77, bot: BOT_ID }],
      ["recipient.joined", { id: 77, bot: BOT_ID }],
      ["recipient.blocked", { id: 77, bot: BOT_ID }],
    ]);
  });

  test("is told of those who turn out to have blocked the bot, each once", async () => {
    const api = await apiScene(6);
    const shop = await receiver();
    await hook(api, shop, ["recipient.blocked"]);
    // The bot is not told by an update, as after a day without Herald.
    for (const id of api.people.slice(0, 3)) api.telegram.person({ id }).place.blocked = true;
    await send(api, 6);
    await until(() => shop.got.length >= 3);
    const told = shop.got.map(({ payload }) => payload.data.id as number);
    expect(told.toSorted((a, b) => a - b)).toEqual(api.people.slice(0, 3));
  });

  test("gets what it did not take again, later and later, under the same id and signed anew", async () => {
    const clock = movableClock();
    const api = await apiScene(1, { clock });
    const shop = await receiver();
    const { id, secret } = await hook(api, shop, ["campaign.finished"]);
    shop.answers(500);
    await ping(api, id);
    await until(() => shop.got.length === 1);
    const waits = [5, 300, 1_800, 7_200];
    for (const [nth, seconds] of waits.entries()) {
      await until(async () => (await attemptsOf(api, id))[0]?.attempts === nth + 1);
      const [{ next_at, last_attempt }] = await attemptsOf(api, id);
      const wait = (Date.parse(next_at) - Date.parse(last_attempt.at)) / 1_000;
      expect(wait).toBeGreaterThanOrEqual(seconds);
      expect(wait).toBeLessThan(seconds * 1.1 + 5);
      clock.advance(seconds * 1_100);
      await until(() => shop.got.length === nth + 2);
    }
    shop.answers(200);
    clock.advance(6 * 3_600_000);
    await until(() => shop.got.length === waits.length + 2);
    await until(async () => (await attemptsOf(api, id))[0].state === "delivered");
    expect(new Set(shop.got.map((one) => one.id)).size).toBe(1);
    expect(new Set(shop.got.map((one) => one.timestamp)).size).toBe(shop.got.length);
    expect(shop.got.every((one) => isSignedWith(secret, one))).toBe(true);
    expect((await api.call("GET", `/v1/webhooks/${id}`)).body).toMatchObject({
      enabled: true,
      failing_since: null,
      last_attempt: { status: 200, fault: null },
    });
  });

  test("that fails for a day is disabled, the owners are told, and it can be enabled and told again", async () => {
    const clock = movableClock();
    const api = await apiScene(1, { clock });
    const shop = await receiver();
    const { id } = await hook(api, shop, ["campaign.finished"]);
    shop.answers(302, { location: `${shop.url}/elsewhere` });
    await ping(api, id);
    await until(() => shop.got.length === 1);
    clock.advance(25 * 3_600_000);
    await api.owner.sees(en.like("webhook-disabled-failing", { host: `${new URL(shop.url).host} (${id})` }));
    // A redirect is not followed: there was one request for each attempt.
    expect(shop.got).toHaveLength(2);
    expect((await api.call("GET", `/v1/webhooks/${id}`)).body).toMatchObject({
      enabled: false,
      disabled: { why: "failing" },
      last_attempt: { status: 302 },
    });
    expect((await ping(api, id)).status).toBe(409);
    const [{ event_id, state }] = await attemptsOf(api, id);
    expect(state).toBe("failed");
    shop.answers(204);
    expect((await api.call("PATCH", `/v1/webhooks/${id}`, { enabled: true })).body.enabled).toBe(true);
    expect((await api.call("POST", `/v1/webhooks/${id}/attempts/${event_id}/resend`)).status).toBe(202);
    await until(() => shop.got.length === 3);
    expect(shop.got[2]?.id).toBe(event_id);
  });

  test("that answers 410 is disabled at once", async () => {
    const api = await apiScene(1);
    const shop = await receiver();
    const { id } = await hook(api, shop, ["campaign.finished"]);
    shop.answers(410);
    await ping(api, id);
    await api.owner.sees(en.like("webhook-disabled-gone"));
    expect((await api.call("GET", `/v1/webhooks/${id}`)).body.disabled.why).toBe("gone");
    await send(api, 1);
    await until(async () => (await api.call("GET", "/v1/campaigns/1")).body.state === "finished");
    expect(shop.got).toHaveLength(1);
  });

  test("that does not answer holds up no other", async () => {
    const api = await apiScene(1);
    const [slow, quick] = [await receiver(), await receiver()];
    const { id } = await hook(api, slow, ["campaign.finished"]);
    slow.answers(null);
    for (let nth = 0; nth < 6; nth += 1) await ping(api, id);
    await until(() => slow.got.length === 4);
    await hook(api, quick, ["campaign.scheduled"]);
    await send(api, 1);
    await until(() => quick.types().includes("campaign.scheduled"), 5_000);
    // At most four at once.
    expect(slow.got).toHaveLength(4);
  });

  test("is signed by the old and the new secret for a day after a rotation", async () => {
    const clock = movableClock();
    const api = await apiScene(1, { clock });
    const shop = await receiver();
    const { id, secret } = await hook(api, shop, ["campaign.finished"]);
    const rotated = (await api.call("POST", `/v1/webhooks/${id}/rotate`)).body.secret as string;
    expect(rotated).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const signedBy = async () => {
      const before = shop.got.length;
      await ping(api, id);
      await until(() => shop.got.length > before);
      const one = shop.got.at(-1) as Received;
      return [isSignedWith(secret, one), isSignedWith(rotated, one)];
    };
    expect(await signedBy()).toEqual([true, true]);
    clock.advance(25 * 3_600_000);
    expect(await signedBy()).toEqual([false, true]);
  });

  test("that answers 410 is told nothing more of what is already waiting", async () => {
    const api = await apiScene(1);
    const shop = await receiver();
    const { id } = await hook(api, shop, ["recipient.left"]);
    shop.answers(410);
    await noteLeft(api, 40);
    await api.owner.sees(en.like("webhook-disabled-gone"));
    // At most four at once.
    expect(shop.got.length).toBeLessThanOrEqual(4);
    expect((await api.call("GET", `/v1/webhooks/${id}`)).body.disabled.why).toBe("gone");
  });

  test("that gets another address meanwhile is told the rest there, and a late 410 does not disable it", async () => {
    const api = await apiScene(1);
    const [old, next] = [await receiver(), await receiver()];
    const { id } = await hook(api, old, ["recipient.left"]);
    const release = old.answersLater(410);
    await noteLeft(api, 10);
    await until(() => old.got.length === 4);
    expect((await api.call("PATCH", `/v1/webhooks/${id}`, { url: next.url })).status).toBe(200);
    release();
    await until(() => next.got.length >= 6);
    expect(old.got).toHaveLength(4);
    expect((await api.call("GET", `/v1/webhooks/${id}`)).body.enabled).toBe(true);
  });

  test("that gets another address is not disabled for what the old one did", async () => {
    const clock = movableClock();
    const api = await apiScene(1, { clock });
    const [old, next] = [await receiver(), await receiver()];
    const { id } = await hook(api, old, ["campaign.finished"]);
    old.answers(500);
    next.answers(500);
    await ping(api, id);
    await until(async () => (await api.call("GET", `/v1/webhooks/${id}`)).body.failing_since !== null);
    // The same address again is no other one.
    await api.call("PATCH", `/v1/webhooks/${id}`, { url: old.url });
    expect((await api.call("GET", `/v1/webhooks/${id}`)).body.failing_since).not.toBeNull();
    await api.call("PATCH", `/v1/webhooks/${id}`, { url: next.url });
    expect((await api.call("GET", `/v1/webhooks/${id}`)).body.failing_since).toBeNull();
    clock.advance(25 * 3_600_000);
    await until(() => next.got.length > 0);
    await until(async () => (await api.call("GET", `/v1/webhooks/${id}`)).body.failing_since !== null);
    expect((await api.call("GET", `/v1/webhooks/${id}`)).body.enabled).toBe(true);
  });

  test("is told nothing more once its key has expired", async () => {
    const clock = movableClock();
    const expiresAt = new Date(clock.now().getTime() + 3_600_000);
    let key = "";
    const api = await apiScene(1, {
      clock,
      async prepare(scope) {
        key = (await createKey(scope, OWNER, { name: "Shop", role: "send", expiresAt })).secret;
      },
    });
    const shop = await receiver();
    const wish = { url: shop.url, events: ["recipient.left"] };
    const { id } = (await api.call("POST", "/v1/webhooks", wish, { as: { key } })).body;
    await ping(api, id);
    await until(() => shop.got.length === 1);
    clock.advance(2 * 3_600_000);
    await noteLeft(api, 1);
    await api.owner.sees(en.like("webhook-disabled-key-expired"));
    expect(shop.got).toHaveLength(1);
    expect((await api.call("GET", `/v1/webhooks/${id}`)).body).toMatchObject({
      enabled: false,
      disabled: { why: "key-expired" },
    });
  });

  test("ends with the key that it was made with", async () => {
    const api = await apiScene(1);
    const shop = await receiver();
    const { id } = await hook(api, shop, ["campaign.scheduled"]);
    const { created_by } = (await api.call("GET", `/v1/webhooks/${id}`)).body;
    await api.herald.stop();
    await within(api.database, async ({ db }) => {
      const scope = homeScope(db, BOT_ID);
      await revokeKeyAndWebhooks(scope, OWNER, created_by.id);
    });
    const { webhooks } = await import("../../src/db/schema.ts");
    const rows = await within(api.database, ({ db }) => db.select().from(webhooks));
    expect(rows).toMatchObject([{ disabledWhy: "key-revoked" }]);
  });
});

describe("the API of webhooks", () => {
  test("refuses addresses that are not public, without https, or with a password", async () => {
    const { call } = await apiScene(1, { config: { webhookAllow: "" } });
    for (const url of [
      "http://127.0.0.1:8080/",
      "https://127.0.0.1/",
      "https://[::1]/",
      "https://169.254.169.254/latest/meta-data",
      "https://10.1.2.3/",
      "https://[::ffff:10.0.0.1]/",
      "https://0x7f.1/",
      "http://shop.example/",
      "https://user:pass@shop.example/",
      "ftp://shop.example/",
      "shop.example",
    ]) {
      const answer = await call("POST", "/v1/webhooks", { url, events: ["campaign.finished"] });
      expect([url, answer.status, answer.body.errors?.[0]?.pointer]).toEqual([url, 422, "/url"]);
    }
    expect((await call("GET", "/v1/webhooks")).body.items).toEqual([]);
  });

  test("does not call a name that resolves to a private address", async () => {
    const api = await apiScene(1, { config: { webhookAllow: "" } });
    const shop = await receiver();
    const url = shop.url.replace("http://127.0.0.1", "https://localhost");
    const { id } = await hook(api, { ...shop, url }, ["campaign.finished"]);
    await ping(api, id);
    await until(async () => (await attemptsOf(api, id))[0]?.attempts === 1);
    expect((await attemptsOf(api, id))[0].last_attempt).toMatchObject({
      status: null,
      fault: "private-address",
    });
    expect(shop.got).toEqual([]);
  });

  test("wants a key that may send, and shows a secret only when it is made", async () => {
    const api = await apiScene(1);
    const { call } = api;
    const shop = await receiver();
    const { id, secret } = await hook(api, shop, ["campaign.finished", "campaign.finished"]);
    for (const as of ["read", "write"] as const)
      for (const [method, path, body] of [
        ["POST", "/v1/webhooks", { url: shop.url, events: ["campaign.finished"] }],
        ["GET", "/v1/webhooks", undefined],
        ["GET", `/v1/webhooks/${id}`, undefined],
        ["PATCH", `/v1/webhooks/${id}`, { enabled: false }],
        ["DELETE", `/v1/webhooks/${id}`, undefined],
        ["POST", `/v1/webhooks/${id}/rotate`, undefined],
        ["POST", `/v1/webhooks/${id}/test`, undefined],
        ["GET", `/v1/webhooks/${id}/attempts`, undefined],
      ] as const)
        expect([path, (await call(method, path, body, { as })).status]).toEqual([path, 403]);
    const listed = await call("GET", "/v1/webhooks");
    expect(listed.body.items).toMatchObject([{ id, events: ["campaign.finished"], enabled: true }]);
    expect(JSON.stringify(listed.body)).not.toContain(secret.slice(6));
    expect(api.herald.logged.join("")).not.toContain(secret.slice(6));
    const changed = await call("PATCH", `/v1/webhooks/${id}`, { events: ["recipient.left"], enabled: false });
    expect(changed.body).toMatchObject({ events: ["recipient.left"], disabled: { why: "turned-off" } });
    expect((await call("DELETE", `/v1/webhooks/${id}`)).status).toBe(204);
    for (const [method, path] of [
      ["GET", ""],
      ["PATCH", ""],
      ["DELETE", ""],
      ["POST", "/rotate"],
      ["POST", "/test"],
      ["GET", "/attempts"],
      ["POST", `/attempts/evt_${"0".repeat(32)}/resend`],
    ] as const)
      expect(
        (await call(method, `/v1/webhooks/${id}${path}`, method === "PATCH" ? {} : undefined)).status,
      ).toBe(404);
  });

  test("has room for twenty", async () => {
    const { call } = await apiScene(1);
    const make = () =>
      call("POST", "/v1/webhooks", { url: "https://shop.example", events: ["campaign.expired"] });
    const made = await Promise.all(Array.from({ length: 30 }, make));
    expect(made.filter(({ status }) => status === 201)).toHaveLength(20);
    expect(await make()).toMatchObject({
      status: 409,
      body: { type: "urn:herald:problem:too-many-webhooks" },
    });
  });
});
