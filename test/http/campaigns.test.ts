import { describe, expect, test } from "vitest";
import { until } from "../support/broadcast.ts";
import { copiesOf } from "../support/counts.ts";
import { type ApiScene, apiScene } from "../support/api.ts";
import { shows } from "../support/scene.ts";
import { en } from "../support/words.ts";

const POST = { content: { kind: "text", text: "Autumn menu" } };

async function draft({ call }: ApiScene, more: object = {}): Promise<number> {
  const { status, body } = await call("POST", "/v1/campaigns", { ...POST, ...more });
  expect(status).toBe(201);
  return body.number;
}

const audience = (more: object) => ({ audience: { languages: "all", ...more } });

const stateIs = ({ call }: ApiScene, number: number, state: string) =>
  until(async () => (await call("GET", `/v1/campaigns/${number}`)).body.state === state, 15_000);

describe("a campaign by API", () => {
  test("is created, tested, sent, and read to its end; everybody has it once, and the owner has the test", async () => {
    const api = await apiScene(12);
    const { call, telegram, owner } = api;
    const created = await call("POST", "/v1/campaigns", {
      content: {
        kind: "text",
        text: "<b>Autumn</b> menu",
        parse_mode: "HTML",
        buttons: [
          [
            { text: "Look", url: "example.com/menu" },
            { text: "👍", vote: true },
          ],
        ],
      },
    });
    expect(created).toMatchObject({
      status: 201,
      body: {
        number: 1,
        state: "draft",
        content: {
          kind: "text",
          text: "Autumn menu",
          entities: [{ type: "bold", offset: 0, length: 6 }],
          buttons: [
            [
              { text: "Look", url: "https://example.com/menu" },
              { text: "👍", vote: true },
            ],
          ],
        },
        audience: { languages: "all" },
        reach: { reachable: 12, opted_out: 1, unreachable: 0 },
        created_by: { type: "key", name: "A send key" },
        sendable: true,
        findings: [],
      },
    });
    expect((await call("POST", "/v1/campaigns/1/test", {})).status).toBe(200);
    expect(owner.holds.filter(({ text }) => text === "Autumn menu")).toHaveLength(1);
    expect(await call("POST", "/v1/campaigns/1/send", { agreed_count: 5 })).toMatchObject({
      status: 409,
      body: { type: "urn:herald:problem:count-moved", before: 5, after: 12 },
    });
    expect((await call("POST", "/v1/campaigns/1/send", { agreed_count: 12 })).status).toBe(200);
    await stateIs(api, 1, "finished");
    expect((await call("GET", "/v1/campaigns/1")).body).toMatchObject({
      counters: { total: 12, sent: 12, left: 0 },
      reach: null,
    });
    const copies = [...copiesOf(telegram, "Autumn menu")].filter(([chat]) => chat !== owner.id);
    expect(copies.map(([, count]) => count)).toEqual(Array.from({ length: 12 }, () => 1));
  });

  test("goes to a segment: the first five, then the others; a line that is not understood is refused", async () => {
    const api = await apiScene(12);
    const { call, telegram, owner } = api;
    const first = await draft(api, audience({ first: 5 }));
    await call("POST", `/v1/campaigns/${first}/send`, { agreed_count: 5 });
    await stateIs(api, first, "finished");
    const rest = await draft(api);
    const path = `/v1/campaigns/${rest}`;
    expect(await call("PATCH", path, audience({ segment: `не among:#${first}, -tag:vip` }))).toMatchObject({
      status: 200,
      body: { audience: { segment: `-among:${first} -tag:vip` }, reach: { reachable: 7 } },
    });
    await call("POST", `${path}/send`, { agreed_count: 7 });
    await stateIs(api, rest, "finished");
    const copies = [...copiesOf(telegram, "Autumn menu")].filter(([chat]) => chat !== owner.id);
    expect(copies.map(([, count]) => count)).toEqual(Array.from({ length: 12 }, () => 1));

    const refused = await call("POST", "/v1/campaigns", {
      ...POST,
      ...audience({ segment: "tag:vip tapped:1" }),
    });
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ pointer: "/audience/segment" }] } });
    expect(refused.body.errors[0].detail).toMatch(/^Not understood: tapped:1\. .* Understood: tag:vip$/);
    expect((await call("POST", "/v1/campaigns", { ...POST, ...audience({ segment: " " }) })).status).toBe(
      422,
    );
    const unknown = await call("POST", "/v1/campaigns", { ...POST, ...audience({ segment: "-got:99" }) });
    expect(unknown.body).toMatchObject({ sendable: false, findings: [{ type: "segment-campaign-unknown" }] });
  });

  test("repeated with its Idempotency-Key is the one that there is; with another body it is refused", async () => {
    const { call } = await apiScene(1);
    const headers = { "idempotency-key": "order-1" };
    const first = await call("POST", "/v1/campaigns", POST, { headers });
    expect((await call("POST", "/v1/campaigns", POST, { headers })).body).toEqual(first.body);
    const other = { content: { kind: "text", text: "Another" } };
    expect(await call("POST", "/v1/campaigns", other, { headers })).toMatchObject({
      status: 422,
      body: { type: "urn:herald:problem:origin-reused", id: 1 },
    });
    // Another key's is another one.
    expect((await call("POST", "/v1/campaigns", POST, { headers, as: "write" })).body.number).toBe(2);
  });

  test("is scheduled, changed, paused, resumed and cancelled with a reason that its card shows", async () => {
    const api = await apiScene(3);
    const { call, owner } = api;
    const number = await draft(api);
    const path = `/v1/campaigns/${number}`;
    const startsAt = new Date(Date.now() + 3_600_000).toISOString();
    expect(await call("POST", `${path}/schedule`, { agreed_count: 3, starts_at: startsAt })).toMatchObject({
      status: 200,
      body: { state: "scheduled", starts_at: startsAt },
    });
    const later = new Date(Date.now() + 7_200_000).toISOString();
    const change = { content: { kind: "text", text: "Winter menu" }, starts_at: later };
    expect(await call("PATCH", path, change)).toMatchObject({
      status: 409,
      body: { type: "urn:herald:problem:count-not-typed", count: 3 },
    });
    expect(await call("PATCH", path, { ...change, agreed_count: 3 })).toMatchObject({
      status: 200,
      body: { number, state: "scheduled", starts_at: later, content: { text: "Winter menu" } },
    });
    // Refused or done: no change draft is left over.
    expect((await call("GET", "/v1/campaigns?state=draft")).body.items).toEqual([]);
    expect((await call("POST", `${path}/pause`)).body).toMatchObject({ pause: { reason: "admin" } });
    expect((await call("POST", `${path}/resume`)).body).toMatchObject({ state: "scheduled", pause: null });
    await owner.sends(`/campaign ${number}`);
    await shows(owner, /Winter menu/, number);
    expect(await call("POST", `${path}/cancel`, { reason: "Out of stock" })).toMatchObject({
      status: 200,
      body: { state: "cancelled", cancel_reason: "Out of stock" },
    });
    await shows(owner, en.like("deed-cancelled-why", { reason: "Out of stock" }), number);
    expect(await call("POST", `${path}/resume`)).toMatchObject({
      status: 409,
      body: { type: "urn:herald:problem:conflict", state: "cancelled" },
    });
  });

  test("paused half-way, a new post goes to those who have not got the old one", async () => {
    const api = await apiScene(40, { rate: 20 });
    const { call, telegram, owner } = api;
    const number = await draft(api);
    const path = `/v1/campaigns/${number}`;
    await call("POST", `${path}/send`, { agreed_count: 40 });
    await until(async () => (await call("GET", path)).body.counters.sent > 3, 10_000);
    await call("POST", `${path}/pause`);
    const change = { content: { kind: "text", text: "Corrected" } };
    expect(await call("PATCH", path, { ...change, audience: { languages: ["en"] } })).toMatchObject({
      status: 409,
    });
    expect(await call("PATCH", path, change)).toMatchObject({
      status: 200,
      body: { state: "paused", content: { text: "Corrected" }, content_revision: 2 },
    });
    await call("POST", `${path}/resume`);
    await stateIs(api, number, "finished");
    const had = (text: string) =>
      [...copiesOf(telegram, text)].flatMap(([chat]) => (chat === owner.id ? [] : [chat]));
    const [old, fresh] = [had("Autumn menu"), had("Corrected")];
    expect(old.length).toBeGreaterThan(3);
    expect(new Set([...old, ...fresh]).size).toBe(40);
    expect(old.length + fresh.length).toBe(40);
  });

  test("that repeats is a series from its first run on, and is cancelled as a whole", async () => {
    const api = await apiScene(2);
    const { call } = api;
    const number = await draft(api);
    const path = `/v1/campaigns/${number}`;
    const repeat = { every: "week", days: [5, 1], at: "09:30", zone: "Europe/Berlin", runs: 4 };
    const { status, body } = await call("POST", `${path}/schedule`, { agreed_count: 2, repeat });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      state: "scheduled",
      repeat: { ...repeat, days: [1, 5] },
      series: { number, run: 1 },
    });
    const berlin = new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/Berlin", timeStyle: "short" });
    expect(berlin.format(new Date(body.starts_at))).toBe("09:30");
    const wrong = { ...repeat, zone: "Europe/Nowhere" };
    const other = await draft(api);
    expect(
      await call("POST", `/v1/campaigns/${other}/schedule`, { agreed_count: 2, repeat: wrong }),
    ).toMatchObject({ status: 422, body: { errors: [{ pointer: "/repeat/zone" }] } });
    expect((await call("POST", `${path}/cancel`, { series: true })).body.state).toBe("cancelled");
    expect((await call("GET", "/v1/campaigns?state=scheduled")).body.items).toEqual([]);
  });

  test("is duplicated and discarded as a draft; what was sent is kept", async () => {
    const api = await apiScene(1);
    const { call } = api;
    const number = await draft(api);
    const copy = await call("POST", `/v1/campaigns/${number}/duplicate`);
    expect(copy).toMatchObject({ status: 201, body: { number: 2, state: "draft", content: POST.content } });
    expect((await call("DELETE", "/v1/campaigns/2")).status).toBe(204);
    expect((await call("GET", "/v1/campaigns/2")).status).toBe(404);
    await call("POST", `/v1/campaigns/${number}/send`, { agreed_count: 1 });
    await stateIs(api, number, "finished");
    expect((await call("DELETE", `/v1/campaigns/${number}`)).status).toBe(409);
  });

  test("a list is filtered, and comes in pages", async () => {
    const api = await apiScene(1);
    const { call } = api;
    for (let made = 0; made < 5; made += 1)
      await draft(api, { content: { kind: "text", text: `Menu ${made}` } });
    await call("POST", "/v1/campaigns/2/send", { agreed_count: 1 });
    await stateIs(api, 2, "finished");
    const numbers = async (query: string) =>
      (await call("GET", `/v1/campaigns?${query}`)).body.items.map(
        ({ number }: { number: number }) => number,
      );
    expect(await numbers("state=finished")).toEqual([2]);
    expect(await numbers("state=finished&state=draft&text=menu+1")).toEqual([2]);
    expect(await numbers("author=1")).toEqual([]);
    expect(await numbers("with_errors=true")).toEqual([]);
    expect(await numbers(`from=${encodeURIComponent(new Date(Date.now() + 60_000).toISOString())}`)).toEqual(
      [],
    );
    const first = (await call("GET", "/v1/campaigns?limit=3")).body;
    expect(first.items.map(({ number }: { number: number }) => number)).toEqual([5, 4, 3]);
    const second = (await call("GET", `/v1/campaigns?limit=3&cursor=${first.next_cursor}`)).body;
    expect(second).toMatchObject({ items: [{ number: 2 }, { number: 1 }], next_cursor: null });
  });
});

describe("a request that is wrong", () => {
  test.each([
    ["no body", undefined, 422],
    ["an unknown field", { ...POST, colour: "red" }, 422],
    ["a time without a zone", { ...POST, content: POST.content, starts_at: "2026-12-01T10:00:00" }, 422],
    ["an unknown kind", { content: { kind: "song", text: "x" } }, 422],
    ["too long a text", { content: { kind: "text", text: "x".repeat(4_097) } }, 422],
    ["wrong HTML", { content: { kind: "text", text: "<b>x", parse_mode: "HTML" } }, 422],
    ["an unknown medium", { content: { kind: "photo", media: "AQAD" } }, 422],
    [
      "a NUL",
      { content: { kind: "text", text: "x", buttons: [[{ text: "a", url: "http://a.b/\u0000" }]] } },
      422,
    ],
    ["half a surrogate pair", { content: { kind: "text", text: "\ud800" } }, 422],
    [
      "400,000 characters of HTML",
      { content: { kind: "text", text: "<b>".repeat(133_000), parse_mode: "HTML" } },
      422,
    ],
    ["a copied message", { content: { kind: "copy", what: "checklist" } }, 422],
  ])("with %s is refused with its place and changes nothing", async (_, body, status) => {
    const { call } = await apiScene(1);
    const answer = await call("POST", "/v1/campaigns", body);
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(answer.body).toMatchObject({ status, title: expect.any(String), detail: expect.any(String) });
    expect((await call("GET", "/v1/campaigns")).body.items).toEqual([]);
  });

  test("names the fields", async () => {
    const { call } = await apiScene(1);
    const content = {
      kind: "text",
      text: "x",
      buttons: [
        [
          { text: "a", url: "no address" },
          { text: "b", vote: true },
        ],
      ],
    };
    expect((await call("POST", "/v1/campaigns", { content })).body.errors).toEqual([
      { pointer: "/content/buttons/0/0", detail: expect.stringContaining("address") },
      { pointer: "/content/buttons/0/1", detail: expect.stringContaining("emoji") },
    ]);
    expect((await call("POST", "/v1/campaigns", { ...POST, colour: 1 })).body.errors).toEqual([
      { pointer: "/colour", detail: expect.stringContaining("no such field") },
    ]);
    expect((await call("GET", "/v1/campaigns?limit=1000")).body.errors).toEqual([
      { parameter: "limit", detail: expect.any(String) },
    ]);
  });

  test("by a method that its path does not take is answered with those that it takes", async () => {
    const { call } = await apiScene(1);
    for (const [method, path, allow] of [
      ["PUT", "/v1/campaigns", "GET, HEAD, POST"],
      ["POST", "/v1/campaigns/7", "DELETE, GET, HEAD, PATCH"],
      ["GET", "/v1/campaigns/7/pause", "POST"],
      ["POST", "/healthz", "GET, HEAD"],
    ] as const) {
      const answer = await call(method, path);
      expect(answer).toMatchObject({ status: 405, body: { type: "urn:herald:problem:no-such-method" } });
      expect(answer.headers.get("allow")).toBe(allow);
    }
    const list = { headers: { "content-type": "text/csv" } };
    expect((await call("PUT", "/v1/recipients/7/history", "chat_id\n5\n", list)).status).toBe(405);
    // It could be the id of a recipient, too.
    const answer = await call("GET", "/v1/recipients/import");
    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "POST"]);
    expect((await call("PUT", "/v1/nowhere", "chat_id\n5\n", list)).status).toBe(404);
    expect((await call("PUT", "/v1/campaigns", undefined, { as: null })).status).toBe(401);
  });

  test("is answered by its kind: too large, not JSON, broken JSON, no such path, a foreign number", async () => {
    const { call } = await apiScene(1);
    const json = { "content-type": "application/json" };
    const status = async (path: string, body?: unknown, headers = {}) =>
      (await call("POST", path, body, { headers })).status;
    expect(await status("/v1/campaigns", { content: { kind: "text", text: "x".repeat(1_100_000) } })).toBe(
      413,
    );
    expect(await status("/v1/campaigns", "content=x", { "content-type": "text/plain" })).toBe(415);
    expect(await status("/v1/campaigns", "{", json)).toBe(400);
    expect(await status("/v1/nowhere")).toBe(404);
    expect(await status("/v1/campaigns/7/pause")).toBe(404);
    expect(await status("/v1/campaigns/null/pause")).toBe(422);
    expect(await status("/v1/campaigns/1e1/pause")).toBe(422);
    const query = async (words: string) => (await call("GET", `/v1/campaigns?${words}`)).status;
    expect(await query("text=%00")).toBe(422);
    for (const at of ["0000-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59"])
      expect(await query(`from=${encodeURIComponent(at)}`)).toBe(422);
  });
});
