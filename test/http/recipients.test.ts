import { and, eq } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { chooseLanguage, setOptedOut } from "../../src/audience/recipients.ts";
import { vote } from "../../src/campaign/votes/button-votes.ts";
import { homeScope } from "../../src/db/scope.ts";
import { audit, pollAnswers, taps, votes } from "../../src/db/schema.ts";
import { apiScene } from "../support/api.ts";
import { until, within } from "../support/broadcast.ts";
import { BOT_ID } from "../support/database.ts";
import { FIRST } from "../support/scene.ts";
import { seedPeople } from "../support/seed.ts";

const ADA = "/v1/recipients/700015";

describe("a person", () => {
  test("is added, read, changed and written to as a file would have it", async () => {
    const api = await apiScene(1);
    const { call } = api;
    const given = {
      language: "pt-BR",
      first_name: " Ada ",
      last_name: "Lovelace",
      username: "https://t.me/ada",
      phone: "+44 20 7946 0000",
      joined_at: "2024-03-25T10:00:00+01:00",
    };
    expect(await call("PUT", ADA, given, { as: "write" })).toMatchObject({
      status: 201,
      body: {
        id: 700_015,
        kind: "person",
        status: "active",
        language: "pt",
        language_chosen: false,
        first_name: "Ada",
        username: "ada",
        phone: "+442079460000",
        joined_at: "2024-03-25T09:00:00.000Z",
      },
    });
    // What is absent stays, null empties, and the earliest date counts.
    const again = { last_name: null, joined_at: "2025-01-01T00:00:00Z" };
    expect(await call("PUT", ADA, again)).toMatchObject({
      status: 200,
      body: { first_name: "Ada", last_name: null, joined_at: "2024-03-25T09:00:00.000Z" },
    });
    // A day is one of UTC, as in a file.
    expect((await call("PATCH", ADA, { joined_at: "2024-03-02" })).body.joined_at).toBe(
      "2024-03-02T00:00:00.000Z",
    );
    expect((await call("PATCH", ADA, { joined_at: "2024-03-01T23:30:00Z" })).body.joined_at).toBe(
      "2024-03-01T23:30:00.000Z",
    );
    expect((await call("PATCH", ADA, { joined_at: "2024-03-01T18:00:00" })).body.detail).toContain(
      "such as 2026-03-25, or a time with its offset",
    );
    expect((await call("PATCH", ADA, { first_name: "Augusta" })).body.first_name).toBe("Augusta");
    expect((await call("GET", ADA, undefined, { as: "read" })).body.first_name).toBe("Augusta");
  });

  test("gets tags and attributes, and so do many at once", async () => {
    const { call } = await apiScene(2);
    const added = await call("PUT", ADA, {
      tags: ["VIP", "vip", "Москва"],
      attributes: { "Дата рождения": "12.05.1990", Age: 34, code: "007", empty: "" },
    });
    expect(added).toMatchObject({
      status: 201,
      body: {
        tags: ["vip", "москва"],
        attributes: { дата_рождения: "1990-05-12", age: 34, code: "007" },
        source: null,
        last_seen_at: null,
      },
    });
    const patched = { tags_add: ["new"], tags_remove: ["VIP"], attributes: { age: null, city: "Kazan" } };
    expect((await call("PATCH", ADA, patched)).body).toMatchObject({
      tags: ["new", "москва"],
      attributes: { дата_рождения: "1990-05-12", code: "007", city: "Kazan" },
    });
    expect((await call("PATCH", ADA, patched)).body.attributes.age).toBeUndefined();
    const ids = [700_015, FIRST, 999];
    const many = { ids, tags_add: ["fair"], tags_remove: ["new"] };
    expect((await call("POST", "/v1/recipients/tags", many, { as: "write" })).body).toEqual({ changed: 2 });
    expect((await call("POST", "/v1/recipients/tags", many)).body).toEqual({ changed: 0 });
    expect((await call("POST", "/v1/recipients/tags", many, { as: "read" })).status).toBe(403);
    expect((await call("GET", ADA)).body.tags).toEqual(["fair", "москва"]);
    const { body: file } = await call("GET", "/v1/recipients/export");
    expect(file).toContain('700015,,,,,,,active,"fair, москва",Kazan,007,1990-05-12');
    const wrong = { tags: ["a,b"], attributes: { "!": 1, day: "03/04/1990" } };
    expect(
      (await call("PATCH", ADA, wrong)).body.errors.map((one: { pointer: string }) => one.pointer),
    ).toEqual(["/tags/0", "/attributes/!", "/attributes/day"]);
  });

  test("who opted out stays out, and a language that they chose stays", async () => {
    const { call, database } = await apiScene(2);
    const [one, other] = [`/v1/recipients/${FIRST}`, `/v1/recipients/${FIRST + 1}`];
    await within(database, async ({ db }) => {
      await chooseLanguage(homeScope(db, BOT_ID), FIRST, "it");
      await setOptedOut(homeScope(db, BOT_ID), FIRST + 1, true);
    });
    expect((await call("PATCH", one, { language: "de", opted_out: true })).body).toMatchObject({
      language: "it",
      status: "opted_out",
      opted_out_at: expect.any(String),
    });
    const left = (await call("GET", other)).body.opted_out_at;
    expect((await call("PATCH", other, { opted_out: true })).body.opted_out_at).toBe(left);
    expect((await call("PATCH", other, { opted_out: false })).status).toBe(422);
  });

  test.each([
    ["a phone number without its country", { phone: "020 7946 0000" }, "/phone"],
    ["a language that is none", { language: "Klingon!" }, "/language"],
    ["too long a name", { first_name: "x".repeat(65) }, "/first_name"],
    ["half a character", { first_name: "Ada \uD83D" }, "/first_name"],
    ["a username with spaces", { username: "ada l" }, "/username"],
    ["a date to come", { joined_at: "2100-01-01T00:00:00Z" }, "/joined_at"],
    ["a time without an offset", { joined_at: "2024-01-01T00:00:00" }, "/joined_at"],
    ["a day that there is not", { joined_at: "2024-02-30" }, "/joined_at"],
    ["an unknown field", { colour: "red" }, "/colour"],
  ])("with %s is refused and not added", async (_, body, pointer) => {
    const { call } = await apiScene(1);
    expect(await call("PUT", ADA, body)).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
    expect((await call("GET", ADA)).status).toBe(404);
  });

  test("has an id of Telegram's, and is on the list before it is changed", async () => {
    const { call } = await apiScene(1);
    for (const id of ["0", "-5", "1e3", "9007199254740993", "null"])
      expect((await call("PUT", `/v1/recipients/${id}`, {})).status).toBe(422);
    expect((await call("PATCH", ADA, { first_name: "Ada" })).status).toBe(404);
    expect((await call("PUT", ADA, {}, { as: "read" })).status).toBe(403);
    expect((await call("DELETE", ADA, undefined, { as: "read" })).status).toBe(403);
  });
});

test("erasing leaves the counters, and no vote, answer or name", async () => {
  const api = await apiScene(2);
  const { call, database } = api;
  const content = { kind: "text", text: "Yes?", buttons: [[{ text: "👍", vote: true }]] };
  await call("POST", "/v1/campaigns", { content });
  await call("POST", "/v1/campaigns/1/send", { agreed_count: 2 });
  await until(async () => (await call("GET", "/v1/campaigns/1")).body.state === "finished", 15_000);
  const left = await within(database, async ({ db }) => {
    const scope = homeScope(db, BOT_ID);
    for (const person of [FIRST, FIRST + 1]) {
      await vote(scope, 1, person, "👍");
      const answer = { botId: BOT_ID, campaignId: 1, pollId: `p${person}`, choices: ["0"] };
      await db.insert(pollAnswers).values({ ...answer, voterId: person, name: `Person ${person}` });
    }
    const path = `/v1/recipients/${FIRST}`;
    expect((await call("GET", `${path}/export`)).body).toMatchObject({
      recipient: { id: FIRST },
      lists: [],
      campaigns: [
        {
          campaign: 1,
          deliveries: [{ state: "sent" }],
          vote: { choice: "👍" },
          poll_answers: [{ choices: ["#0"] }],
        },
      ],
    });
    expect((await call("GET", "/v1/recipients/5/export")).status).toBe(404);
    expect((await call("DELETE", path, undefined, { as: "write" })).status).toBe(204);
    expect((await call("GET", path)).status).toBe(404);
    expect((await call("DELETE", path)).status).toBe(404);
    return {
      votes: await db.select({ id: votes.userId }).from(votes),
      answers: await db.select({ id: pollAnswers.voterId }).from(pollAnswers),
      counts: await db.select({ count: taps.count }).from(taps),
      noted: await db
        .select({ subject: audit.subject })
        .from(audit)
        .where(and(eq(audit.homeId, BOT_ID), eq(audit.action, "recipient.erased"))),
    };
  });
  expect(left).toEqual({
    votes: [{ id: FIRST + 1 }],
    answers: [{ id: FIRST + 1 }],
    counts: [{ count: 2 }],
    noted: [{ subject: FIRST }],
  });
  expect((await call("GET", "/v1/campaigns/1")).body.counters).toMatchObject({ total: 2, sent: 2 });
});

test("a list is filtered, and comes in pages by id", async () => {
  const { call } = await apiScene([["de", 3]], {
    async prepare(scope) {
      await seedPeople(scope, [7], { status: "blocked", language: null });
      await seedPeople(scope, [8], { optedOutAt: new Date(), status: "blocked" });
      await seedPeople(scope, [-100_500], { kind: "channel", language: null });
    },
  });
  const ids = async (query: string) =>
    (await call("GET", `/v1/recipients?${query}`, undefined, { as: "read" })).body.items.map(
      ({ id }: { id: number }) => id,
    );
  expect(await ids("status=blocked")).toEqual([7]);
  // The owner of the scene has opted out as well.
  expect(await ids("status=opted_out")).toEqual([1, 8]);
  expect(await ids("status=active&language=de")).toEqual([FIRST, FIRST + 1, FIRST + 2]);
  expect(await ids("language=unknown&kind=person")).toContain(7);
  expect(await ids("kind=channel")).toEqual([-100_500]);
  const first = (await call("GET", "/v1/recipients?limit=2")).body;
  expect(first.items.map(({ id }: { id: number }) => id)).toEqual([-100_500, 1]);
  const rest = (await call("GET", `/v1/recipients?limit=5&cursor=${first.next_cursor}`)).body;
  expect(rest.items.map(({ id }: { id: number }) => id)).toEqual([7, 8, FIRST, FIRST + 1, FIRST + 2]);
  expect(rest.next_cursor).toBeNull();
  expect((await call("GET", "/v1/recipients?cursor=first")).status).toBe(422);
});
