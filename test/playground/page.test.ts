import { type IncomingHttpHeaders, request } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTelegram, type Telegram } from "../../playground/telegram.ts";

let telegram: Telegram;

beforeAll(async () => {
  telegram = await startTelegram();
  telegram.person({ id: 1, started: true });
  await telegram.opensPage({ owner: 1 });
});
afterAll(() => telegram.stop());

const POLICY = "default-src 'self'; img-src 'self' data:; media-src 'self' blob:; frame-ancestors 'none'";

test("the page is served with all that it loads, and a policy that lets nothing in from elsewhere", async () => {
  const page = await fetch(`${telegram.apiRoot}/`);
  expect(page.status).toBe(200);
  expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
  const html = await page.text();
  const loaded = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url ?? "");
  expect(loaded.filter((url) => !url.startsWith("/"))).toEqual([]);
  expect(new Set(loaded.map((url) => url.split(".").at(-1)))).toEqual(new Set(["css", "js", "svg"]));
  for (const url of ["/", ...loaded.filter((path) => path.startsWith("/"))]) {
    const { status, headers } = await fetch(`${telegram.apiRoot}${url}`);
    expect([url, status]).toEqual([url, 200]);
    expect(headers.get("content-security-policy")).toBe(POLICY);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  }
});

test.each([
  "/nothing",
  "//",
  "//a:b",
  "/index.htm",
  "/../package.json",
  "/playground/page/main.tsx",
  "/playground/nothing",
])("there is no %s", async (path) => {
  expect((await asked(path)).status).toBe(404);
});

test("HEAD is answered as GET, without the body", async () => {
  const [head, get] = [await asked("/", { method: "HEAD" }), await asked("/")];
  expect([head.status, head.body]).toEqual([200, ""]);
  for (const name of ["content-type", "content-length", "content-security-policy"])
    expect(head.headers[name]).toBe(get.headers[name]);
  expect(get.body).toHaveLength(Number(get.headers["content-length"]));
});

test("whoever comes before the page is built is asked to come again", async () => {
  const early = await startTelegram();
  const opening = early.opensPage({ owner: 1 });
  const page = await fetch(`${early.apiRoot}/`);
  expect([page.status, page.headers.get("retry-after"), await page.text()]).toEqual([
    503,
    "1",
    "The page is being built. Reload in a moment.\n",
  ]);
  expect((await fetch(`${early.apiRoot}/bot1:X/getMe`)).status).toBe(200);
  await opening;
  expect((await fetch(`${early.apiRoot}/`)).status).toBe(200);
  await early.stop();
});

test("a playground without its page serves the Bot API all the same", async () => {
  const bare = await startTelegram();
  expect((await fetch(`${bare.apiRoot}/`)).status).toBe(404);
  expect((await fetch(`${bare.apiRoot}/bot1:X/getMe`)).status).toBe(200);
  await bare.stop();
});

const HOSTS: [host: string, status: number][] = [
  ["127.0.0.1:9", 200],
  ["localhost", 200],
  ["LOCALHOST:8081", 200],
  ["[::1]:8081", 200],
  ["evil.example", 403],
  ["127.0.0.1.evil.example:8081", 403],
  ["localhost.evil.example", 403],
  ["127.0.0.1@evil.example", 403],
];

test.each(HOSTS)("a request for the host %j is answered %i", async (host, status) => {
  for (const path of ["/", "/playground/chats/1", "/playground/people?query="])
    expect((await asked(path, { host })).status).toBe(status);
});

test("bots may call it by any name", async () => {
  expect((await asked("/bot1:X/getMe", { host: "telegram.internal" })).status).toBe(200);
  expect((await asked("/file/bot1:X/nothing", { host: "telegram.internal" })).status).toBe(404);
});

const ORIGINS: [origin: string | undefined, status: number][] = [
  [undefined, 200],
  ["own", 200],
  ["https://own", 403],
  ["http://127.0.0.1:1", 403],
  ["http://evil.example", 403],
  ["null", 403],
];

test.each(ORIGINS)("what a page from %s posts is answered %i", async (given, status) => {
  const own = `127.0.0.1:${telegram.port}`;
  const origin = given === "own" ? `http://${own}` : given?.replace("own", own);
  const before = telegram.messages(1).length;
  const { status: answered } = await asked("/playground/sends", {
    method: "POST",
    body: '{"from":1,"text":"hi"}',
    ...(origin !== undefined && { origin }),
  });
  expect(answered).toBe(status);
  expect(telegram.messages(1).length - before).toBe(status === 200 ? 1 : 0);
});

test("another origin may not read, but is not refused either: the browser sees to that", async () => {
  const { status, headers } = await asked("/playground/chats/1", { origin: "http://evil.example" });
  expect(status).toBe(200);
  expect(headers["access-control-allow-origin"]).toBeUndefined();
});

test.each(ORIGINS)("a bot's call from %s is answered %i", async (given, status) => {
  const own = `127.0.0.1:${telegram.port}`;
  const origin = given === "own" ? `http://${own}` : given?.replace("own", own);
  const from = origin === undefined ? {} : { origin };
  for (const method of ["GET", "POST"])
    expect((await asked("/bot1:X/getMe", { method, ...from })).status).toBe(status);
  expect((await asked("/file/bot1:X/nothing", from)).status).toBe(status === 200 ? 404 : status);
});

test("a page whose domain was made to point here has another origin, whatever host it names", async () => {
  const there = { host: "evil.example", origin: "http://evil.example" };
  for (const method of ["GET", "POST"])
    expect((await asked("/bot1:X/getMe", { method, ...there })).status).toBe(403);
});

interface Asked {
  method?: string;
  host?: string;
  origin?: string;
  body?: string;
}

/** Asks as no browser would: with any host and origin, and a path that is not made simpler. */
function asked(path: string, { method = "GET", host, origin, body }: Asked = {}) {
  return new Promise<{ status: number | undefined; headers: IncomingHttpHeaders; body: string }>(
    (resolve, reject) => {
      const headers = { ...(host !== undefined && { host }), ...(origin !== undefined && { origin }) };
      request({ host: "127.0.0.1", port: telegram.port, path, method, headers }, (response) => {
        text(response).then(
          (body) => resolve({ status: response.statusCode, headers: response.headers, body }),
          reject,
        );
      })
        .once("error", reject)
        .end(body);
    },
  );
}
