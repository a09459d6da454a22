import { sql } from "drizzle-orm";
import { afterEach, describe, expect, test } from "vitest";
import { createEvents } from "../../src/events.ts";
import { createCampaignFeed } from "../../src/http/live/campaign-feed.ts";
import { createEventStream } from "../../src/http/live/event-stream.ts";
import { createLiveEvents } from "../../src/http/live/live-events.ts";
import type { Standing } from "../../src/campaign/campaign-standing.ts";
import { systemClock } from "../../src/clock.ts";
import { createLog } from "../../src/log.ts";
import { listKeys, revokeKey } from "../../src/access/keys.ts";
import { homeScope } from "../../src/db/scope.ts";
import { type ApiScene, HTTP, apiScene } from "../support/api.ts";
import { until, within } from "../support/broadcast.ts";
import { manualClock } from "../support/clock.ts";
import { BOT_ID } from "../support/database.ts";
import { running } from "../support/herald.ts";
import { ADMIN } from "../support/seed.ts";

interface Heard {
  id?: string;
  event: string;
  data: { number: number; state: string; counters: { sent: number; total: number; left: number } };
}

interface Listener {
  status: number;
  headers: Headers;
  heard: Heard[];
  /** Everything as it came, comments included. */
  raw: () => string;
  /** Set once the server has ended the stream. */
  ended: () => boolean;
  leave(): void;
}

const leaving: (() => void)[] = [];
afterEach(() => {
  for (const leave of leaving.splice(0)) leave();
});

async function listen(
  { address, keys }: Pick<ApiScene, "address" | "keys">,
  path = "/v1/events",
  headers: Record<string, string> = {},
): Promise<Listener> {
  const abort = new AbortController();
  leaving.push(() => abort.abort());
  const response = await fetch(address + path, {
    headers: { authorization: `Bearer ${keys.read}`, ...headers },
    signal: abort.signal,
  });
  const heard: Heard[] = [];
  let [raw, rest, ended] = ["", "", false];
  const decoder = new TextDecoder();
  const read = async () => {
    for await (const part of response.body ?? []) {
      const text = decoder.decode(part, { stream: true });
      raw += text;
      const blocks = (rest + text).split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        const fields = Object.fromEntries(block.split("\n").map((line) => line.split(/: (.*)/s)));
        if (fields.event) heard.push({ ...fields, data: JSON.parse(fields.data) } as Heard);
      }
    }
  };
  read().then(
    () => (ended = true),
    () => (ended = true),
  );
  const { status, headers: given } = response;
  return { status, headers: given, heard, raw: () => raw, ended: () => ended, leave: () => abort.abort() };
}

async function draft({ call }: ApiScene): Promise<number> {
  return (await call("POST", "/v1/campaigns", { content: { kind: "text", text: "Hello" } })).body.number;
}

async function scheduled(api: ApiScene, count: number): Promise<number> {
  const number = await draft(api);
  const starts_at = new Date(Date.now() + 3_600_000).toISOString();
  const path = `/v1/campaigns/${number}/schedule`;
  expect((await api.call("POST", path, { agreed_count: count, starts_at })).status).toBe(200);
  return number;
}

const send = (api: ApiScene, number: number, count: number) =>
  api.call("POST", `/v1/campaigns/${number}/send`, { agreed_count: count });

const names = ({ heard }: Listener) => heard.map(({ event, data }) => `${data.number} ${event}`);

describe("/v1/events", () => {
  test("tells what there is, and then what happens, with progress at most once a second", async () => {
    const api = await apiScene(60, { rate: 20 });
    const waiting = await scheduled(api, 60);
    const number = await draft(api);
    const listener = await listen(api);
    expect(listener.status).toBe(200);
    expect(listener.headers.get("content-type")).toBe("text/event-stream");
    expect(listener.headers.get("cache-control")).toBe("no-cache, no-transform");
    expect(listener.headers.get("x-accel-buffering")).toBe("no");
    await until(() => listener.heard.length === 1);
    expect(names(listener)).toEqual([`${waiting} scheduled`]);
    await send(api, number, 60);
    await until(() => names(listener).includes(`${number} finished`), 15_000);
    const own = listener.heard.filter(({ data }) => data.number === number);
    // It is scheduled for now, and may be told to be.
    expect(
      own.map(({ event }) => event).filter((event) => event !== "scheduled" && event !== "progress"),
    ).toEqual(["running", "finished"]);
    expect(own.at(-1)).toMatchObject({
      event: "finished",
      data: { counters: { sent: 60, total: 60, left: 0 } },
    });
    const progress = own.filter(({ event }) => event === "progress");
    expect(progress.length).toBeGreaterThanOrEqual(2);
    expect(progress.length).toBeLessThanOrEqual(5);
    const sent = own.map(({ data }) => data.counters.sent);
    expect(sent).toEqual(sent.toSorted((a, b) => a - b));
  });

  test("with Last-Event-ID tells what has changed since, and nothing that has not", async () => {
    const api = await apiScene(2);
    const [first, second] = [await scheduled(api, 2), await scheduled(api, 2)];
    const before = await listen(api);
    await until(() => before.heard.length === 2);
    expect(before.heard[0]?.id).toBeUndefined(); // another was waiting behind it
    const id = before.heard[1]?.id ?? "";
    before.leave();
    await api.call("POST", `/v1/campaigns/${second}/pause`);
    await within(api.database, ({ db }) =>
      db.execute(sql`update campaigns set updated_at = now() - interval '1 hour' where id = ${first}`),
    );
    const after = await listen(api, "/v1/events", { "last-event-id": id });
    await until(() => after.heard.length > 0);
    expect(names(after)).toEqual([`${second} paused`]);
    // What is newer than the id comes as well: nobody saw it happen.
    await api.call("POST", `/v1/campaigns/${first}/cancel`, {});
    await until(() => after.heard.length > 1);
    expect(names(after)).toEqual([`${second} paused`, `${first} cancelled`]);
  });

  test("with an id of the future, as of another database, tells what there is", async () => {
    const api = await apiScene(2);
    const number = await scheduled(api, 2);
    await within(api.database, ({ db }) =>
      db.execute(sql`update campaigns set updated_at = now() - interval '1 hour' where id = ${number}`),
    );
    const id = String(Date.now() + 3_600_000);
    const listener = await listen(api, "/v1/events", { "last-event-id": id });
    await until(() => listener.heard.length > 0);
    expect(names(listener)).toEqual([`${number} scheduled`]);
  });

  test("of a campaign begins with how it stands and ends when it is over; who knows that is answered 204", async () => {
    const api = await apiScene(3);
    const number = await draft(api);
    const path = `/v1/campaigns/${number}/events`;
    const listener = await listen(api, path);
    await scheduled(api, 3); // is not told to this one
    await send(api, number, 3);
    await until(listener.ended, 15_000);
    expect(names(listener).at(-1)).toBe(`${number} finished`);
    expect(new Set(listener.heard.map(({ data }) => data.number))).toEqual(new Set([number]));
    const id = listener.heard.at(-1)?.id ?? "";
    expect((await listen(api, path, { "last-event-id": id })).status).toBe(204);
    const late = await listen(api, path, { "last-event-id": String(Number(id) - 1) });
    await until(late.ended);
    expect(names(late)).toEqual([`${number} finished`]);
  });

  test("refuses what it must", async () => {
    const api = await apiScene(1);
    const status = async (path: string, headers = {}, as: "read" | null = "read") =>
      (await api.call("GET", path, undefined, { as, headers })).status;
    expect(await status("/v1/events", {}, null)).toBe(401);
    expect(await status("/v1/events", { "last-event-id": "yesterday" })).toBe(422);
    expect(await status("/v1/campaigns/7/events")).toBe(404);
    expect(await status("/v1/campaigns/x/events")).toBe(422);
  });

  test("answers HEAD without watching, and ends with Herald", async () => {
    const api = await apiScene(1);
    const { status, body } = await api.call("HEAD", "/v1/events", undefined, { as: "read" });
    expect([status, body]).toEqual([200, ""]);
    const listener = await listen(api);
    const begun = performance.now();
    await api.herald.stop();
    await until(listener.ended);
    expect(performance.now() - begun).toBeLessThan(2_000);
  });

  test("a stand-by process tells what the other does", async () => {
    const api = await apiScene(5);
    const standby = await running(api.telegram, { database: api.database, http: HTTP });
    const listener = await listen({ address: standby.httpAddress ?? "", keys: api.keys });
    const number = await draft(api);
    await send(api, number, 5);
    await until(() => names(listener).includes(`${number} finished`), 15_000);
    expect(listener.heard.at(-1)).toMatchObject({ data: { counters: { sent: 5 } } });
  });
});

const log = createLog("silent");
const QUIET = { clock: systemClock, log };

test("watchers leave nothing behind, and who watches costs no statement", async () => {
  const api = await apiScene(1);
  await within(api.database, async ({ db }) => {
    const scope = homeScope(db, BOT_ID);
    const events = createEvents(() => undefined);
    let listening = 0;
    const counted: typeof events = {
      ...events,
      on(name, listener) {
        listening += 1;
        const end = events.on(name, listener);
        return () => {
          listening -= 1;
          end();
        };
      },
    };
    const live = createLiveEvents({ ...QUIET, scope, events: counted });
    await live.start();
    const keys = await listKeys(scope);
    const keyId = keys[0]?.id ?? 0;
    const readers = Array.from({ length: 100 }, () =>
      live.open({ keyId, bots: null, number: null, since: null }).getReader(),
    );
    expect(() => live.open({ keyId, bots: null, number: null, since: null })).toThrow("100 streams");
    for (const reader of readers) expect((await reader.read()).done).toBe(false);
    await Promise.all(readers.slice(1).map((reader) => reader.cancel()));
    expect(live.count).toBe(1);
    await live.stop();
    expect((await readers[0]?.read())?.done).toBe(true);
    expect([live.count, listening]).toEqual([0, 0]);
  });
});

test("whose key is revoked sees nothing more", async () => {
  const api = await apiScene(1);
  await within(api.database, async ({ db }) => {
    const scope = homeScope(db, BOT_ID);
    const clock = manualClock();
    const live = createLiveEvents({ clock, log, scope, events: createEvents(() => undefined) });
    await live.start();
    const [key] = await listKeys(scope);
    const reader = live.open({ keyId: key?.id ?? 0, bots: null, number: null, since: null }).getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe("retry: 3000\n\n");
    const beat = reader.read();
    await clock.advance(15_000);
    expect(new TextDecoder().decode((await beat).value)).toBe(": still here\n\n");
    await revokeKey(scope, ADMIN, key?.id ?? 0);
    const rest = (async () => {
      while (!(await reader.read()).done) continue;
    })();
    await clock.advance(15_000);
    await rest;
    expect(live.count).toBe(0);
    await live.stop();
  });
});

const standing = (id: number, sent: number) => ({ id, sent, updatedAt: new Date(sent) }) as Standing;
const at = new Date(1_000);

function opened() {
  const clock = manualClock();
  let closed = 0;
  const stream = createEventStream({
    clock,
    idOf: (event) => String(event.at.getTime()),
    dataOf: (event) => ({ number: event.standing.id, sent: event.standing.sent }),
    onClose: () => (closed += 1),
  });
  const reader = stream.body.getReader();
  const take = async () => new TextDecoder().decode((await reader.read()).value);
  return { clock, stream, reader, take, closed: () => closed };
}

describe("a client that is slow", () => {
  test("skips progress, misses no state, and gets an id only with the last that waits", async () => {
    const { stream, take } = opened();
    expect(await take()).toBe("retry: 3000\n\n");
    stream.push({ name: "running", standing: standing(1, 0), at });
    stream.push({ name: "progress", standing: standing(2, 5), at });
    for (let sent = 1; sent <= 1_000; sent += 1)
      stream.push({ name: "progress", standing: standing(1, sent), at });
    expect(await take()).toBe('event: running\ndata: {"number":1,"sent":1000}\n\n');
    expect(await take()).toBe('id: 1000\nevent: progress\ndata: {"number":2,"sent":5}\n\n');
  });

  test("is cut off when it takes nothing for a minute, and not while there is nothing to take", async () => {
    const { clock, stream, reader, take, closed } = opened();
    await take();
    const next = reader.read();
    for (let beats = 0; beats < 10; beats += 1) await clock.advance(15_000);
    stream.push({ name: "running", standing: standing(1, 0), at });
    expect((await next).done).toBe(false);
    for (let beats = 0; beats < 4; beats += 1) {
      await clock.advance(15_000);
      stream.beat();
    }
    expect(closed()).toBe(0);
    await clock.advance(1_000);
    stream.beat();
    expect(closed()).toBe(1);
    await expect(reader.read()).rejects.toThrow("takes nothing");
  });
});

test("a feed reads nothing while nobody watches", async () => {
  const api = await apiScene(1);
  await within(api.database, async ({ db }) => {
    let statements = 0;
    const counting = new Proxy(db, {
      get(target, name, self) {
        if (name === "select" || name === "execute") statements += 1;
        return Reflect.get(target, name, self);
      },
    });
    const clock = manualClock();
    const events = createEvents(() => undefined);
    const feed = createCampaignFeed({
      clock,
      log,
      events,
      scope: homeScope(counting, BOT_ID),
      beforeRound: async () => undefined,
    });
    await feed.start();
    await clock.advance(10_000);
    events.emit("steered", { campaignId: 1 });
    expect(statements).toBe(0);
    const ends = Array.from({ length: 20 }, () =>
      feed.watch({ bots: null, number: null, since: null, hear: () => undefined }),
    );
    await until(() => statements === 2);
    for (const end of ends) end();
    await clock.advance(1_000);
    await clock.advance(10_000);
    expect(statements).toBe(2);
    await feed.stop();
  });
});
