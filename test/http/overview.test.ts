import { parse } from "csv-parse/sync";
import { describe, expect, test } from "vitest";
import { noteChat, noteTopic } from "../../src/audience/chats.ts";
import { campaigns } from "../../src/db/schema.ts";
import { type ApiScene, apiScene } from "../support/api.ts";
import { until, within } from "../support/broadcast.ts";
import { BOT_ID } from "../support/database.ts";
import { FIRST } from "../support/scene.ts";
import { range, seedPeople } from "../support/seed.ts";

const READER = { as: "read" } as const;

/** A time so many days from now, as a parameter. */
const inDays = (count: number) => encodeURIComponent(new Date(Date.now() + count * 86_400_000).toISOString());

async function sent(api: ApiScene, count: number) {
  await api.call("POST", "/v1/campaigns", { content: { kind: "text", text: "Menu" } });
  const { number } = (await api.call("GET", "/v1/campaigns?limit=1")).body.items[0];
  await api.call("POST", `/v1/campaigns/${number}/send`, { agreed_count: count });
  const path = `/v1/campaigns/${number}`;
  await until(async () => (await api.call("GET", path)).body.state === "finished", 15_000);
  return `${path}/deliveries`;
}

describe("who got a campaign", () => {
  test("is said in pages and as a stream, with the messages that they have", async () => {
    // Telegram does not know the last of them.
    const api = await apiScene(29, { prepare: (scope) => seedPeople(scope, [FIRST + 500]) });
    const { call } = api;
    const path = await sent(api, 30);
    const first = (await call("GET", `${path}?limit=4`, undefined, READER)).body;
    expect(first.items.map(({ seq }: { seq: number }) => seq)).toEqual([1, 2, 3, 4]);
    expect(first.items[0]).toMatchObject({
      chat_id: FIRST,
      state: "sent",
      reason: null,
      message_ids: [expect.any(Number)],
      settled_at: expect.stringMatching(/Z$/),
    });
    const rest = (await call("GET", `${path}?limit=100&cursor=${first.next_cursor}`)).body;
    expect(rest.items).toHaveLength(26);
    expect(rest.next_cursor).toBeNull();
    const failed = (await call("GET", `${path}?state=failed&state=skipped`)).body;
    expect(failed.items).toMatchObject([{ chat_id: FIRST + 500, state: "failed", reason: "unreachable" }]);

    const ndjson = await call("GET", path, undefined, { headers: { accept: "application/x-ndjson" } });
    const lines = ndjson.body
      .trimEnd()
      .split("\n")
      .map((line: string) => JSON.parse(line));
    expect(lines).toEqual([...first.items, ...rest.items]);
    const csv = await call("GET", `${path}?state=sent`, undefined, { headers: { accept: "text/csv" } });
    expect(csv.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    const rows = parse<Record<string, string>>(csv.body, { columns: true });
    expect(rows.map(({ chat_id }) => Number(chat_id))).toEqual(range(FIRST, FIRST + 28));
    expect(Number(rows[0]?.["message_ids"])).toBe(first.items[0].message_ids[0]);

    const history = (await call("GET", `/v1/recipients/${FIRST}/history`, undefined, READER)).body;
    expect(history).toEqual({
      items: [{ campaign: 1, deliveries: [first.items[0]], vote: null, poll_answers: [] }],
      next_cursor: null,
    });
    expect((await call("GET", `/v1/recipients/${FIRST + 99}/history`)).status).toBe(404);
  });

  test("is gone after the time that details are kept, and refused for what there is not", async () => {
    const api = await apiScene(1);
    const { call, database } = api;
    const path = await sent(api, 1);
    await within(database, ({ db }) =>
      db.update(campaigns).set({ detailsDroppedAt: new Date(Date.now() + 90 * 86_400_000) }),
    );
    for (const accept of ["*/*", "text/csv"])
      expect((await call("GET", path, undefined, { headers: { accept } })).status).toBe(410);
    expect((await call("GET", "/v1/campaigns/9/deliveries")).status).toBe(404);
    expect((await call("GET", `${path}?state=lost`)).status).toBe(422);
    expect((await call("GET", `/v1/recipients/${FIRST}/history`)).body.items).toEqual([]);
  });
});

test("chats and topics are listed with what the bot may do there", async () => {
  const rights = { present: true, post: true, pin: false, delete: true, topics: false };
  const { call } = await apiScene(1, {
    async prepare(scope) {
      for (const [chatId, title] of [
        [-100_300, "News"],
        [-100_200, "Forum"],
      ] as const) {
        const isForum = title === "Forum";
        const kind = isForum ? "group" : "channel";
        await noteChat(scope, { chatId, kind, title, username: null, isForum }, rights);
      }
      const gone = {
        chatId: -100_100,
        kind: "group",
        title: "Left",
        username: null,
        isForum: false,
      } as const;
      await noteChat(scope, gone, { ...rights, present: false });
      await noteTopic(scope, -100_200, 4, { name: "Offers" });
    },
  });
  const first = (await call("GET", "/v1/chats?limit=1", undefined, READER)).body;
  expect(first.items).toEqual([
    {
      id: -100_300,
      kind: "channel",
      title: "News",
      username: null,
      forum: false,
      can_post: true,
      rights: { post: true, pin: false, delete: true, topics: false },
    },
  ]);
  const rest = (await call("GET", `/v1/chats?cursor=${first.next_cursor}`)).body;
  expect(rest).toMatchObject({ items: [{ id: -100_200, forum: true }], next_cursor: null });
  expect((await call("GET", "/v1/chats/-100200/topics")).body).toEqual({
    items: [{ id: 4, name: "Offers", closed: false }],
  });
  expect((await call("GET", "/v1/chats/-5/topics")).status).toBe(404);
});

test("statistics say what /stats says", async () => {
  const api = await apiScene([
    ["en", 3],
    ["de", 1],
  ]);
  const { call } = api;
  await sent(api, 4);
  const { body } = await call("GET", "/v1/statistics?zone=Europe/Berlin", undefined, READER);
  expect(body).toMatchObject({
    campaigns: { running: 0, scheduled: 0, finished: 1, finished_with_errors: 0 },
    people: {
      active: 4,
      opted_out: 1,
      languages: [
        { language: "en", count: 3 },
        { language: "de", count: 1 },
      ],
    },
    last_campaigns: [{ campaign: 1, total: 4, share: 1, cancelled: false }],
    last_polls: [],
    rate: { set: 100, now: 100 },
  });
  expect(body.days).toHaveLength(30);
  expect(body.days.at(-1)).toMatchObject({ people: 5, reached: 4, missed: 0 });
  const clock = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/Berlin", timeStyle: "short" });
  expect(clock.format(new Date(body.days[0].starts_at))).toBe("00:00");
  expect((await call("GET", "/v1/statistics?zone=Mars")).status).toBe(422);
});

test("the calendar has what is planned, with the runs of a series that do not exist yet", async () => {
  const { call } = await apiScene(1);
  for (const text of ["Once", "Daily"])
    await call("POST", "/v1/campaigns", { content: { kind: "text", text } });
  const soon = new Date(Date.now() + 3_600_000).toISOString();
  await call("POST", "/v1/campaigns/1/schedule", { agreed_count: 1, starts_at: soon });
  const repeat = { every: "day", at: "10:00", zone: "UTC", runs: 3 };
  await call("POST", "/v1/campaigns/2/schedule", { agreed_count: 1, repeat });
  const { items } = (await call("GET", "/v1/calendar", undefined, READER)).body;
  expect(items.filter(({ campaign }: { campaign: number }) => campaign === 1)).toEqual([
    { at: soon, type: "once", campaign: 1, bot: BOT_ID, kind: "text", opening: "Once" },
  ]);
  expect(
    items.flatMap(({ campaign, type }: { campaign: number; type: string }) => (campaign === 2 ? [type] : [])),
  ).toEqual(["repeats", "later", "later"]);
  expect((await call("GET", `/v1/calendar?from=${inDays(5)}`)).body.items).toEqual([]);
  expect((await call("GET", `/v1/calendar?to=${inDays(-1)}`)).body.errors).toMatchObject([
    { parameter: "to" },
  ]);
  expect((await call("GET", `/v1/calendar?to=${inDays(40)}`)).status).toBe(422);
  expect((await call("GET", "/v1/calendar?from=2026-12-01")).status).toBe(422);
});
