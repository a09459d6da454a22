import { describe, expect, test } from "vitest";
import { limitKey } from "../../src/access/bot-limits.ts";
import { createKey } from "../../src/access/keys.ts";
import { homeScope } from "../../src/db/scope.ts";
import type { KeyRole } from "../../src/db/states.ts";
import { type ApiScene, HTTP, callerOf } from "../support/api.ts";
import { until, within } from "../support/broadcast.ts";
import { BOT_ID } from "../support/database.ts";
import { OWNER } from "../support/herald.ts";
import { operationsOf } from "../support/openapi.ts";
import { NEWS_ID, SHOP_ID } from "../support/senders.ts";
import { HOME, NEWS, SHOP, nameOf, threeBots, traceOf } from "../support/three-bots.ts";

/* A home with three bots, and keys that may use the shop's alone, or several, or none. */

async function staged(role: KeyRole = "send", bots: readonly number[] = [SHOP_ID]) {
  const made = { secret: "", id: 0 };
  const world = await threeBots({
    config: { http: HTTP },
    async prepare(scope) {
      const { key, secret } = await createKey(scope, OWNER, { name: "Shop", role, bots, expiresAt: null });
      Object.assign(made, { id: key.id, secret });
    },
  });
  const address = world.herald.httpAddress ?? "";
  const caller = callerOf(address, {} as ApiScene["keys"]);
  const call = (method: string, path: string, body?: unknown) =>
    caller(method, path, body, { as: { key: made.secret } });
  const hidden = [traceOf(HOME, world.numbers.home), traceOf(NEWS, world.numbers.news)];
  return { ...world, address, key: made, call, hidden };
}

/** What each parameter of the reads can name, of the hidden bot and of the other. */
const fillings = (numbers: Record<string, number>, people: number, botId: number) => ({
  number: [numbers["finished"], numbers["draft"], numbers["scheduled"]],
  id: [people + 1, -people],
  bot: [botId, nameOf(botId)],
  list: [1],
  name: ["Regulars"],
});

type Filling = ReturnType<typeof fillings>;

/** The paths of an operation, filled. */
function pathsFor(path: string, filling: Filling, query: string): string[] {
  const name = /\{(\w+)\}/.exec(path)?.[1] as keyof Filling | undefined;
  if (name === undefined) return [path + query];
  return filling[name].flatMap((value) => pathsFor(path.replace(`{${name}}`, String(value)), filling, query));
}

/** What can be asked of a campaign. */
const tries = (number: number) =>
  [
    ["GET", `/v1/campaigns/${number}`],
    ["PATCH", `/v1/campaigns/${number}`, { late_policy: "send" }],
    ["DELETE", `/v1/campaigns/${number}`],
    ["POST", `/v1/campaigns/${number}/pause`],
    ["POST", `/v1/campaigns/${number}/resume`],
    ["POST", `/v1/campaigns/${number}/cancel`, {}],
    ["POST", `/v1/campaigns/${number}/retry`, { which: "failed" }],
    ["POST", `/v1/campaigns/${number}/duplicate`],
    ["POST", `/v1/campaigns/${number}/send`, { agreed_count: 3 }],
    ["POST", `/v1/campaigns/${number}/test`, {}],
    ["GET", `/v1/campaigns/${number}/deliveries`],
    ["GET", `/v1/campaigns/${number}/events`],
  ] as const;

describe("a key of the shop alone", () => {
  test("finds nothing of the other bots by any read, whether it names them or not", async () => {
    const { address, call, numbers, hidden } = await staged("send");
    const document = await (await fetch(`${address}/v1/openapi.json`)).json();
    const reads = operationsOf(document).filter(
      ({ method, path, isOpen }) =>
        method === "GET" && !isOpen && !path.endsWith("/events") && path !== "/metrics",
    );
    expect(reads.length).toBeGreaterThan(12);
    const shop = traceOf(SHOP, numbers.shop);
    const found: string[] = [];
    let own = 0;
    for (const { path, parameters } of reads) {
      const takesBot = parameters.some(({ name, in: place }) => name === "bot" && place === "query");
      const asked = [
        ...pathsFor(path, fillings(numbers.shop, SHOP.people, SHOP_ID), ""),
        ...[HOME, NEWS].flatMap(({ botId, people }) => {
          const theirs = fillings(botId === NEWS_ID ? numbers.news : numbers.home, people, botId);
          return [
            ...pathsFor(path, theirs, ""),
            ...(takesBot
              ? [botId, nameOf(botId)].flatMap((bot) => pathsFor(path, theirs, `?bot=${bot}`))
              : []),
          ];
        }),
      ];
      for (const one of new Set(asked)) {
        const { status, body } = await call("GET", one);
        const text = typeof body === "string" ? body : JSON.stringify(body);
        // An answer may repeat words of the request.
        const said = one
          .split(/[/?=]/)
          .toSorted((a, b) => b.length - a.length)
          .reduce((rest, word) => (word ? rest.replaceAll(decodeURI(word), "") : rest), text);
        if (hidden.some((trace) => trace.test(said))) found.push(`${one}: ${text}`);
        if (status === 200 && shop.test(text)) own += 1;
        expect([one, status < 500]).toEqual([one, true]);
      }
    }
    expect(found).toEqual([]);
    expect(own).toBeGreaterThan(8);
  });

  test("is answered 404 for a campaign of another bot, whatever it would do, and changes nothing", async () => {
    const { call, numbers } = await staged();
    const { news } = numbers;
    const unknown = 999_999;
    for (const number of [news.draft, news.scheduled, news.paused, news.finished])
      for (const [index, [method, path, body]] of tries(number).entries()) {
        const answer = await call(method, path, body);
        const [, , other] = tries(unknown)[index] ?? [];
        const absent = await call(method, tries(unknown)[index]?.[1] ?? "", other);
        expect([path, answer.status]).toEqual([path, 404]);
        const forgotten = JSON.stringify(answer.body).replaceAll(String(number), String(unknown));
        expect(JSON.parse(forgotten)).toEqual(absent.body);
      }
    const own = await call("POST", `/v1/campaigns/${numbers.shop.scheduled}/pause`);
    expect(own).toMatchObject({ status: 200, body: { state: "paused" } });
  });

  test("makes campaigns for the shop without naming it, and for no other bot", async () => {
    const { call } = await staged("write");
    const content = { kind: "text", text: "Menu" };
    expect((await call("POST", "/v1/campaigns", { content })).body).toMatchObject({ bot: SHOP_ID });
    for (const bot of [BOT_ID, NEWS_ID, nameOf(NEWS_ID)]) {
      const refused = await call("POST", "/v1/campaigns", { content, bot });
      expect(refused).toMatchObject({ status: 422, body: { errors: [{ pointer: "/bot" }] } });
      expect(await call("PUT", `/v1/recipients/5?bot=${bot}`, {})).toMatchObject({ status: 422 });
    }
    expect((await call("PUT", "/v1/recipients/5", {})).status).toBe(201);
    expect((await call("GET", `/v1/recipients/5?bot=${SHOP_ID}`)).status).toBe(200);
  });

  test("reads no metrics, which add up all bots", async () => {
    const { call } = await staged("read");
    expect(await call("GET", "/metrics")).toMatchObject({ status: 403 });
  });
});

test("a key of several bots without the home has to name one, and one of none is told so", async () => {
  const { call } = await staged("write", [SHOP_ID, NEWS_ID]);
  const content = { kind: "text", text: "Menu" };
  const refused = await call("POST", "/v1/campaigns", { content });
  expect(refused).toMatchObject({ status: 422, body: { errors: [{ pointer: "/bot" }] } });
  expect(refused.body.detail).toContain(nameOf(NEWS_ID));
  expect(refused.body.detail).not.toContain(nameOf(BOT_ID));
  expect((await call("POST", "/v1/campaigns", { content, bot: NEWS_ID })).status).toBe(201);
  const none = await staged("write", []);
  expect((await none.call("GET", "/v1/campaigns")).body).toMatchObject({ items: [] });
  const { detail } = (await none.call("POST", "/v1/campaigns", { content })).body;
  expect(detail).toContain("may use no bot");
  expect(detail).not.toContain("Name a bot");
});

test("a relay's key speaks for its own bot, and does not learn of the others", async () => {
  const { call } = await staged("relay");
  const absent = await call("POST", "/v1/bots/4242/updates", []);
  for (const bot of [NEWS_ID, nameOf(NEWS_ID), BOT_ID, nameOf(BOT_ID)]) {
    const answer = await call("POST", `/v1/bots/${bot}/updates`, []);
    expect([bot, answer.status]).toEqual([bot, 404]);
    expect(JSON.stringify(answer.body).replaceAll(String(bot), "4242")).toBe(JSON.stringify(absent.body));
  }
  expect((await call("POST", `/v1/bots/${SHOP_ID}/updates`, [])).status).toBe(202);
});

/** What has come of a stream so far, and whether the server has ended it. */
function reading(address: string, secret: string) {
  const abort = new AbortController();
  let [raw, ended] = ["", false];
  const read = async () => {
    const headers = { authorization: `Bearer ${secret}` };
    const { body } = await fetch(`${address}/v1/events`, { headers, signal: abort.signal });
    const decoder = new TextDecoder();
    for await (const part of body ?? []) raw += decoder.decode(part, { stream: true });
    ended = true;
  };
  read().catch(() => undefined);
  return { raw: () => raw, ended: () => ended, leave: () => abort.abort() };
}

test("a stream tells a key of its bots only, and ends within moments when these change", async () => {
  const { address, key, database, owner, numbers, hidden } = await staged("read");
  const stream = reading(address, key.secret);
  await until(() => stream.raw().includes(`"number":${numbers.shop.scheduled}`));
  await owner.sends(`/pause ${numbers.news.scheduled}`);
  await owner.sends(`/pause ${numbers.shop.scheduled}`);
  await until(() => stream.raw().match(/event: paused/g)?.length === 2);
  for (const trace of hidden) expect(stream.raw()).not.toMatch(trace);
  const change = { botId: NEWS_ID, may: true };
  await within(database, ({ db }) => limitKey(homeScope(db, BOT_ID), OWNER, key.id, change));
  await until(() => stream.ended(), 5_000);
  const next = reading(address, key.secret);
  await until(() => next.raw().includes(`"number":${numbers.news.scheduled}`));
  next.leave();
});
