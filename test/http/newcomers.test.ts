import { and, asc, eq, like } from "drizzle-orm";
import { expect, test } from "vitest";
import { ERRORS } from "../../playground/server/faults.ts";
import { audit, campaigns, recipients } from "../../src/db/schema.ts";
import { apiScene } from "../support/api.ts";
import { until, within } from "../support/broadcast.ts";
import { BOT_ID } from "../support/database.ts";
import { OWNER_ID, running } from "../support/herald.ts";
import { ageStep } from "../support/newcomers.ts";

const AT = `/v1/bots/${BOT_ID}/newcomers`;
const saying = (text: string) => ({ kind: "text", text });

test("steps are added, listed in order, changed, paused and removed; what was done stands in the audit", async () => {
  const { call, telegram, database } = await apiScene(0);
  expect((await call("GET", AT)).body).toEqual({ items: [] });
  const late = await call("POST", AT, {
    after: { days: 3, at: "10:00", zone: "Europe/Berlin" },
    content: saying("How do you like it?"),
    source: "promo",
    tag: " VIP ",
    test_to: null,
  });
  expect(late).toMatchObject({
    status: 201,
    body: {
      number: 1,
      after: { days: 3, at: "10:00", zone: "Europe/Berlin" },
      source: "promo",
      tag: "vip",
      state: "waiting",
      pause: null,
      counters: { total: 0, sent: 0 },
    },
  });
  const early = await call("POST", AT, { after: { hours: 2 }, content: saying("Nice to meet you!") });
  expect(early).toMatchObject({ status: 201, body: { after: { hours: 2 }, source: null, tag: null } });
  const seen = telegram.received(OWNER_ID).map(({ text }) => text);
  expect(seen).toContain("Nice to meet you!");
  expect(seen).not.toContain("How do you like it?");
  const numbers = async () => (await call("GET", AT)).body.items.map((one: { number: number }) => one.number);
  expect(await numbers()).toEqual([early.body.number, 1]);

  const changed = await call("PATCH", `${AT}/1`, {
    after: { days: 1, at: "09:30" },
    source: null,
    content: saying("Well?"),
    test_to: null,
  });
  expect(changed).toMatchObject({
    status: 200,
    body: {
      after: { days: 1, at: "09:30", zone: "UTC" },
      source: null,
      tag: "vip",
      content: saying("Well?"),
    },
  });
  expect((await call("PATCH", `${AT}/1`, { tag: "new" })).body).toMatchObject({
    after: { days: 1, at: "09:30", zone: "UTC" },
    tag: "new",
    content: saying("Well?"),
  });
  expect((await call("POST", "/v1/campaigns/1/pause")).status).toBe(200);
  expect((await call("GET", `${AT}/1`)).body).toMatchObject({ state: "paused", pause: { reason: "admin" } });
  expect((await call("POST", "/v1/campaigns/1/resume")).status).toBe(200);
  expect((await call("DELETE", `${AT}/1`)).status).toBe(204);
  for (const method of ["GET", "DELETE"]) expect((await call(method, `${AT}/1`)).status).toBe(404);
  expect(await numbers()).toEqual([early.body.number]);
  const deeds = await within(database, ({ db }) =>
    db
      .select({ action: audit.action, subject: audit.subject })
      .from(audit)
      .where(and(eq(audit.homeId, BOT_ID), like(audit.action, "step.%")))
      .orderBy(asc(audit.id)),
  );
  expect(deeds.map(({ action, subject }) => `${action} ${subject}`)).toEqual([
    "step.added 1",
    `step.added ${early.body.number}`,
    "step.changed 1",
    "step.changed 1",
    "step.changed 1",
    "step.removed 1",
  ]);
});

test("newcomers get a step, with codes that the request made; without more it pauses, and goes on with them", async () => {
  const { call, telegram, herald, database } = await apiScene(0);
  const step = { after: { hours: 1 }, content: saying("Your code: {code}"), codes: ["A-1"], test_to: null };
  expect((await call("POST", AT, { ...step, codes: undefined })).body.findings).toMatchObject([
    { type: "no-codes" },
  ]);
  const added = await call("POST", AT, step, { headers: { "idempotency-key": "hello" } });
  expect(added.status).toBe(201);
  // The request that is repeated adds nothing, and another one is refused.
  const again = await call("POST", AT, step, { headers: { "idempotency-key": "hello" } });
  expect(again).toMatchObject({ status: 201, body: added.body });
  const other = { ...step, after: { hours: 2 } };
  expect((await call("POST", AT, other, { headers: { "idempotency-key": "hello" } })).status).toBe(422);
  const { number } = added.body;
  expect((await call("PATCH", `${AT}/${number}`, { codes: { pattern: "B-####", count: 1 } })).status).toBe(
    200,
  );
  expect((await call("GET", `/v1/campaigns/${number}/codes`)).body).toEqual({ all: 2, free: 2, withheld: 0 });
  const people = [50, 51, 52].map((id) => telegram.person({ id, firstName: `N${id}`, languageCode: "en" }));
  for (const one of people) {
    await one.sends("/start");
    await until(() => one.holds.some(({ from }) => from?.is_bot));
  }
  await herald.stop();
  await ageStep(database, number, 3);
  const joinedAt = new Date(Date.now() - 2 * 3_600_000);
  await within(database, ({ db }) => db.update(recipients).set({ joinedAt, createdAt: joinedAt }));
  await running(telegram, { database, messagesPerSecond: 100 });
  const codes = () =>
    people
      .flatMap(({ holds }) => holds.map(({ text = "" }) => text))
      .filter((text) => text.startsWith("Your code"));
  await until(() => codes().length === 2);
  expect(new Set(codes()).size).toBe(2);
  expect(codes()).toContain("Your code: A-1");
});

test("what cannot be sent, or is not valid, adds and changes nothing", async () => {
  const { call, telegram, database } = await apiScene(0);
  const step = { after: { hours: 1 }, content: saying("Hello"), test_to: null };
  const { body } = await call("POST", AT, step);
  const at = `${AT}/${body.number}`;
  for (const as of ["read", "write"] as const) {
    expect((await call("POST", AT, step, { as })).status).toBe(403);
    expect((await call("PATCH", at, { tag: "x" }, { as })).status).toBe(403);
    expect((await call("DELETE", at, undefined, { as })).status).toBe(403);
  }
  for (const wrong of [
    { after: { hours: 0 } },
    { after: { hours: 1.5 } },
    { after: { hours: 9_000 } },
    { after: { days: 1 } },
    { after: { days: 1, at: "25:00" } },
    { after: { days: 1, at: "10:00", zone: "Mars/Olympus" } },
    { source: "a b" },
    { tag: "a,b" },
    { codes: [] },
  ])
    expect([wrong, (await call("PATCH", at, wrong)).status]).toEqual([wrong, 422]);
  telegram.fault({ method: "sendMessage", times: 1 }, { error: ERRORS.cantParse });
  const refused = await call("PATCH", at, { content: saying("Broken"), tag: "x" });
  expect(refused).toMatchObject({ status: 409, body: { faults: [{ language: null }] } });
  expect((await call("PATCH", at, { codes: ["A"] })).body.type).toBe("urn:herald:problem:no-code-pool");
  expect((await call("POST", "/v1/bots/5/newcomers", step)).status).toBe(404);
  expect((await call("GET", at)).body).toEqual(body);
  const drafts = await within(database, ({ db }) =>
    db.select({ id: campaigns.id }).from(campaigns).where(eq(campaigns.state, "draft")),
  );
  expect(drafts).toEqual([]);
});
