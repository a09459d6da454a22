import { execFile } from "node:child_process";
import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { promisify } from "node:util";
import type { Update } from "grammy/types";
import { describe, expect, test } from "vitest";
import { type RelayOptions, createRelay } from "../../src/relay/relay.ts";
import { until } from "../support/broadcast.ts";
import { atEnd } from "../support/herald.ts";

const KEY = `hk_${"a".repeat(40)}`;

interface Answered {
  status: number;
  detail?: string;
  headers?: Record<string, string>;
}

/** A stand-in for Herald: what it was sent, and what it answers. */
async function fakeHerald(
  answer: (updates: Update[], attempt: number) => Answered = () => ({ status: 202 }),
) {
  const taken: Update[] = [];
  const requests: { url: string; updates: Update[]; authorization: string | undefined }[] = [];
  let server: Server | undefined;
  let port = 0;
  const start = async () => {
    server = createServer((request, response) => {
      void (async () => {
        const updates = (await json(request)) as Update[];
        requests.push({ url: request.url ?? "", updates, authorization: request.headers.authorization });
        const { status, detail, headers = {} } = answer(updates, requests.length);
        if (status === 202) taken.push(...updates);
        const type = detail === undefined ? "text/html" : "application/problem+json";
        response.writeHead(status, { "content-type": type, ...headers });
        response.end(detail === undefined ? "" : JSON.stringify({ detail }));
      })();
    });
    await new Promise<void>((resolve) => server?.listen(port, "127.0.0.1", resolve));
    ({ port } = server.address() as AddressInfo);
  };
  const stop = async () => {
    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve));
  };
  await start();
  atEnd(stop);
  return { taken, requests, start, stop, url: `http://127.0.0.1:${port}` };
}

function relayTo(url: string, options: Partial<RelayOptions> = {}) {
  const said: string[] = [];
  const relay = createRelay({
    url,
    key: KEY,
    bot: "@shop_bot",
    onTrouble: (sentence) => said.push(sentence),
    ...options,
  });
  atEnd(() => relay.close(0));
  return { relay, said };
}

function message(updateId: number, text = "My phone is 555"): Update {
  const person = { id: 42, is_bot: false, first_name: "Ada" };
  return {
    update_id: updateId,
    message: {
      message_id: 1,
      date: 1,
      chat: { id: 42, type: "private", first_name: "Ada" },
      from: person,
      text,
    },
  };
}

const tapOn = (data: string) => ({
  update_id: 1,
  callback_query: { id: "1", data, message: { chat: { type: "private" } } },
});

const ids = (updates: readonly Update[]) => updates.map(({ update_id }) => update_id);
const range = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe("a relay", () => {
  test("hands updates on in order, many at once, with its key", async () => {
    const herald = await fakeHerald();
    const { relay, said } = relayTo(`${herald.url}/base/`, { leave: ["/Stop"], join: ["on"] });
    for (const id of range(1_000)) relay.relay(message(id));
    expect(await relay.flush()).toBe(true);
    expect(ids(herald.taken)).toEqual(range(1_000));
    expect(herald.requests.length).toBeLessThan(15);
    expect(herald.requests[0]?.url).toBe("/base/v1/bots/@shop_bot/updates?leave=stop&join=on");
    expect(herald.requests[0]?.authorization).toBe(`Bearer ${KEY}`);
    expect([relay.held, relay.lost, said]).toEqual([0, 0, []]);
  });

  test("sends who did what, and not what people write", async () => {
    const herald = await fakeHerald();
    const { relay } = relayTo(herald.url, { leave: ["stop"] });
    const photo = { ...message(2).message, photo: [{ file_id: "secret" }], caption: "secret" };
    const tap = (data: string, updateId: number, type = "private") => ({
      update_id: updateId,
      callback_query: { id: "1", from: photo.from, data, message: { ...photo, chat: { id: 42, type } } },
    });
    for (const update of [
      message(1, "/start secret"),
      { update_id: 2, message: photo },
      message(3, "/stop secret"),
      tap("secret:1", 4),
      tap("b:12:345:1", 5),
      // Herald has no use for these.
      tap("secret:1", 6, "group"),
      {
        update_id: 7,
        message: { message_id: 1, chat: { id: -1, type: "group", title: "G" }, text: "secret" },
      },
      { update_id: 8, channel_post: { text: "secret" } },
      { update_id: 9, inline_query: { query: "secret" } },
    ])
      relay.relay(update);
    await relay.flush();
    expect(ids(herald.taken)).toEqual([1, 2, 3, 4, 5]);
    expect(JSON.stringify(herald.taken)).not.toMatch(/secret/);
    expect(herald.taken[2]?.message?.text).toBe("/stop");
    expect(herald.taken[4]?.callback_query?.data).toBe("b:12:345:1");
  });

  test("loses nothing and says so once while Herald is away", async () => {
    const herald = await fakeHerald();
    await herald.stop();
    const { relay, said } = relayTo(herald.url);
    for (const id of range(300)) relay.relay(message(id));
    expect(await relay.flush(1_500)).toBe(false);
    await relay.flush(0);
    expect([relay.held, relay.lost]).toEqual([300, 0]);
    expect(said).toHaveLength(1);
    await herald.start();
    expect(await relay.flush(10_000)).toBe(true);
    expect(ids(herald.taken)).toEqual(range(300));
    expect(said.at(-1)).toContain("again");
    expect(relay.held).toBe(0);
  });

  test.each([
    [401, "Put a key of the role relay"],
    [403, "role relay (/keys)"],
    [404, "check url and bot"],
    [409, "Why it is so"],
  ])("says once what to do on %i, and holds on", async (status, remedy) => {
    let mended = false;
    const herald = await fakeHerald(() => (mended ? { status: 202 } : { status, detail: "Why it is so." }));
    const { relay, said } = relayTo(herald.url);
    relay.relay(message(1));
    await until(() => said.length > 0);
    for (let tries = 0; tries < 3; tries += 1) await relay.flush(50);
    relay.relay(message(2));
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(remedy);
    expect(said[0]).not.toContain(KEY);
    mended = true;
    expect(await relay.flush()).toBe(true);
    expect(ids(herald.taken)).toEqual([1, 2]);
  });

  test("waits for as long as it is told", async () => {
    const herald = await fakeHerald((_, attempt) =>
      attempt === 1 ? { status: 503, headers: { "retry-after": "2" } } : { status: 202 },
    );
    const { relay } = relayTo(herald.url);
    const began = performance.now();
    relay.relay(message(1));
    await until(() => herald.taken.length > 0);
    expect(performance.now() - began).toBeGreaterThan(1_900);
  });

  test("loses the one update that Herald refuses, and no other", async () => {
    const herald = await fakeHerald((updates) =>
      ids(updates).includes(77) ? { status: 422, detail: "Not valid at /0." } : { status: 202 },
    );
    const { relay, said } = relayTo(herald.url);
    for (const id of range(200)) relay.relay(message(id));
    expect(await relay.flush()).toBe(true);
    expect(ids(herald.taken)).toEqual(range(200).filter((id) => id !== 77));
    expect([relay.lost, said.length]).toEqual([1, 1]);
  });

  test("holds so much and no more: the oldest go, and it says so", async () => {
    const herald = await fakeHerald();
    await herald.stop();
    const { relay, said } = relayTo(herald.url, { holdAtMost: 20_000 });
    for (const id of range(1_000)) relay.relay(message(id));
    expect(relay.held).toBeLessThan(200);
    expect(relay.held + relay.lost).toBe(1_000);
    expect(said.filter((sentence) => sentence.includes("too much"))).toHaveLength(1);
    await herald.start();
    await relay.flush(10_000);
    expect(ids(herald.taken).at(-1)).toBe(1_000);
  });

  test("never throws and never waits, whatever it is given", async () => {
    const herald = await fakeHerald();
    const circle: Record<string, unknown> = { update_id: 1, poll: {} };
    circle["poll"] = circle;
    const { relay } = relayTo(herald.url, {
      onTrouble: () => {
        throw new Error("a log that fails");
      },
    });
    for (const update of [circle, {}, { message: null }, { callback_query: 7 }, { update_id: 1n, poll: 1n }])
      expect(relay.middleware({ update }, () => "handled")).toBe("handled");
    expect(relay.middleware({ update: undefined as never }, () => "handled")).toBe("handled");
  });

  test.each<[Partial<RelayOptions>, RegExp]>([
    [{ url: "localhost" }, /url/],
    [{ key: undefined as never }, /key/],
    [{ bot: "" }, /bot/],
    [{ leave: ["stop it"] }, /command/],
  ])("with wrong options is off, and says why: %o", async (wrong, why) => {
    const { relay, said } = relayTo("http://127.0.0.1:9", wrong);
    relay.relay(message(1));
    expect(await relay.flush()).toBe(true);
    expect(said).toEqual([expect.stringMatching(why)]);
    expect(relay.held).toBe(0);
  });

  test("that is closed hands on what it holds, and nothing after that", async () => {
    const herald = await fakeHerald();
    const { relay } = relayTo(herald.url);
    for (const id of range(250)) relay.relay(message(id));
    expect(await relay.close()).toBe(true);
    relay.relay(message(251));
    expect(ids(herald.taken)).toEqual(range(250));
    expect(relay.lost).toBe(1);
  });

  test("keeps Herald's taps from a bot that answers all, if asked to", async () => {
    const herald = await fakeHerald();
    for (const keepTaps of [false, true]) {
      const { relay } = relayTo(herald.url, { keepTaps });
      const isHandled = (data: string) => relay.middleware({ update: tapOn(data) }, () => true) ?? false;
      expect(["b:12:345:1", "b:1:2:de3", "b:1:2::0", "b:1:2:de:0"].map(isHandled)).toEqual(
        Array(4).fill(!keepTaps),
      );
      expect(["b:12", "b:1:2:x", "buy:1:2:3", "b:1:2:3:4:5"].map(isHandled)).toEqual(Array(4).fill(true));
    }
  });
});

describe("herald/relay", () => {
  test.each([
    ["an ES module", "bot.mjs", 'import { createRelay } from "herald/relay";'],
    ["CommonJS", "bot.cjs", 'const { createRelay } = require("herald/relay");'],
  ])("is imported by %s", async (_, name, line) => {
    const herald = await fakeHerald();
    const folder = mkdtempSync(join(tmpdir(), "herald-relay-"));
    atEnd(async () => rmSync(folder, { recursive: true }));
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(process.cwd(), join(folder, "node_modules/herald"));
    const rest = `
      const herald = createRelay({ url: "${herald.url}", key: "${KEY}", bot: 7 });
      herald.relay(${JSON.stringify(message(1))});
      herald.close().then((done) => process.stdout.write(String(done)));`;
    writeFileSync(join(folder, name), line + rest);
    const { stdout } = await promisify(execFile)(process.execPath, [name], { cwd: folder });
    expect(stdout).toBe("true");
    expect(ids(herald.taken)).toEqual([1]);
  });

  test.each([
    ["an ES module", "module", 'import { createRelay } from "./herald-relay/relay.js";'],
    ["CommonJS", "commonjs", 'const { createRelay } = require("./herald-relay/relay.js");'],
  ])("is copied into a program that is %s, as it was built", async (_, type, line) => {
    const folder = mkdtempSync(join(tmpdir(), "herald-relay-"));
    atEnd(async () => rmSync(folder, { recursive: true }));
    cpSync("dist/relay", join(folder, "herald-relay"), { recursive: true });
    writeFileSync(join(folder, "package.json"), JSON.stringify({ type }));
    writeFileSync(join(folder, "bot.js"), `${line} process.stdout.write(typeof createRelay);`);
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ["bot.js"], { cwd: folder });
    expect([stdout, stderr]).toEqual(["function", ""]);
  });
});
