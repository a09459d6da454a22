import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { broadcasts, ownerOf, register, until } from "./support/broadcast.ts";
import { freshFolder, freshLocation } from "./support/database.ts";
import { atEnd, localTelegram } from "./support/herald.ts";
import { environment, isUp, spawnHerald } from "./support/process.ts";
import { LOGIN, httpProxy } from "./support/proxies.ts";
import { en, inState } from "./support/words.ts";

test("without a configuration it names every fault at once and ends", async () => {
  const herald = spawnHerald({ MESSAGES_PER_SECOND: "fast", TIMEZONE: "Mars/Olympus" });
  expect(await herald.exited).toBe(1);
  for (const name of ["BOT_TOKEN", "OWNER_IDS", "MESSAGES_PER_SECOND", "TIMEZONE"])
    expect(herald.output()).toContain(`- ${name}`);
  expect(herald.output()).not.toContain("    at ");
});

test("a token that Telegram refuses ends the start with a sentence, not a stack", async () => {
  const telegram = await localTelegram();
  const variables = environment(telegram, await freshLocation());
  telegram.revoke(variables["BOT_TOKEN"] ?? "");
  const herald = spawnHerald(variables);
  expect(await herald.exited).toBe(1);
  expect(herald.output()).toMatch(/^Telegram refuses BOT_TOKEN\./);
  expect(herald.output()).not.toContain("    at ");
});

test("a DATA_DIR that cannot be a folder ends the start with a sentence, not a stack", async () => {
  const telegram = await localTelegram();
  const folder = await mkdtemp(join(tmpdir(), "herald-start-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, "file");
  await writeFile(file, "");
  for (const dataDir of [file, join(file, "data")]) {
    const herald = spawnHerald(environment(telegram, { type: "embedded", dataDir }));
    expect(await herald.exited).toBe(1);
    expect(herald.output()).toContain(`The folder ${dataDir} cannot be used for the embedded database: E`);
    expect(herald.output()).toContain("set DATA_DIR to another folder");
    expect(herald.output()).not.toContain("    at ");
  }
});

test("a Telegram out of reach ends the start with a sentence that holds no token", async () => {
  const telegram = await localTelegram();
  const variables = {
    ...environment(telegram, await freshLocation()),
    TELEGRAM_API_ROOT: "http://127.0.0.1:1",
  };
  const herald = spawnHerald(variables);
  expect(await herald.exited).toBe(1);
  expect(herald.output()).toContain("Telegram cannot be reached at http://127.0.0.1:1");
  expect(herald.output()).not.toContain("TEST-token");
});

test("through a proxy of the environment it starts, and says so without the password", async () => {
  const telegram = await localTelegram();
  const proxy = await httpProxy(LOGIN);
  const herald = spawnHerald({
    ...environment(telegram, await freshLocation()),
    HTTP_PROXY: `http://${LOGIN.name}:${encodeURIComponent(LOGIN.password)}@127.0.0.1:${proxy.port}`,
  });
  await isUp(herald);
  expect(herald.output()).toContain(`"proxy":"http://127.0.0.1:${proxy.port}"`);
  expect(new Set(proxy.asked)).toEqual(new Set([new URL(telegram.apiRoot).host]));
  await ownerOf(telegram).sends("/start");
  await ownerOf(telegram).sees(en.like("start-admin"));
  herald.signal("SIGTERM");
  expect(await herald.exited).toBe(0);
  expect(herald.output()).not.toMatch(/s3cret/);
});

test("a proxy that NO_PROXY leaves out is not asked", async () => {
  const telegram = await localTelegram();
  const proxy = await httpProxy();
  const herald = spawnHerald({
    ...environment(telegram, await freshLocation()),
    http_proxy: `127.0.0.1:${proxy.port}`,
    NO_PROXY: "localhost,127.0.0.0/8",
  });
  await isUp(herald);
  expect(proxy.connections).toBe(0);
});

test.each([
  [407, "refuses the user name or password"],
  [403, "refuses to connect to 127.0.0.1:1 (HTTP 403)"],
])(
  "a proxy that answers %s ends the start with a sentence that names it and NO_PROXY",
  async (status, words) => {
    const telegram = await localTelegram();
    const proxy = await httpProxy();
    proxy.refusal = status;
    const herald = spawnHerald({
      ...environment(telegram, await freshLocation()),
      TELEGRAM_API_ROOT: "https://127.0.0.1:1",
      ALL_PROXY: `http://me:s3cret@127.0.0.1:${proxy.port}`,
    });
    expect(await herald.exited).toBe(1);
    expect(herald.output()).toContain(
      `Telegram cannot be reached at https://127.0.0.1:1: the proxy http://127.0.0.1:${proxy.port} ${words}\n` +
        "Check the proxy and HTTPS_PROXY (or ALL_PROXY). To reach 127.0.0.1 without it: NO_PROXY=127.0.0.1",
    );
    expect(herald.output()).not.toMatch(/s3cret|    at /);
  },
);

test("a proxy of a kind that it does not speak is refused at the start, without the password", async () => {
  const telegram = await localTelegram();
  const herald = spawnHerald({
    ...environment(telegram, await freshLocation()),
    HTTP_PROXY: "socks4://me:s3cret@127.0.0.1:1080",
  });
  expect(await herald.exited).toBe(1);
  expect(herald.output()).toContain(
    "- HTTP_PROXY cannot be read. Write it as http://host:port, https://, socks5://",
  );
  expect(herald.output()).not.toMatch(/s3cret|    at /);
});

test("a Telegram that has moved ends the start with the address to use, and no token", async () => {
  const telegram = await localTelegram();
  const server = createServer((call, answer) => {
    answer.writeHead(301, { location: `https://api.example.com${call.url}` }).end("<html>Moved");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  atEnd(async () => void server.close());
  const { port } = server.address() as AddressInfo;
  const herald = spawnHerald({
    ...environment(telegram, await freshLocation()),
    TELEGRAM_API_ROOT: `http://127.0.0.1:${port}`,
  });
  expect(await herald.exited).toBe(1);
  expect(herald.output()).toContain(
    "a proxy answered 301 in Telegram's place, use the address that it points to: https://api.example.com\n",
  );
  expect(herald.output()).not.toContain("TEST-token");
});

test("with socks5:// and no name service of its own it says that socks5h:// lets the proxy look the name up", async () => {
  const telegram = await localTelegram();
  const herald = spawnHerald({
    ...environment(telegram, await freshLocation()),
    TELEGRAM_API_ROOT: "https://telegram.invalid",
    HTTPS_PROXY: "socks5://127.0.0.1:1",
  });
  expect(await herald.exited).toBe(1);
  expect(herald.output()).toContain(
    "This machine cannot look up telegram.invalid. Write HTTPS_PROXY (or ALL_PROXY) with socks5h://",
  );
});

test("SIGTERM ends it with 0, SIGINT too, and a second signal at once", async () => {
  const telegram = await localTelegram();
  const variables = environment(telegram, await freshLocation());
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    const herald = spawnHerald(variables);
    await isUp(herald);
    herald.signal(signal);
    expect(await herald.exited).toBe(0);
    expect(herald.output()).toContain("stopped");
  }
  const herald = spawnHerald(variables);
  await isUp(herald);
  telegram.fault({ method: "sendMessage" }, { hang: 20_000 });
  await ownerOf(telegram).sends("/start");
  await new Promise((resolve) => setTimeout(resolve, 300));
  herald.signal("SIGTERM");
  await new Promise((resolve) => setTimeout(resolve, 100));
  herald.signal("SIGTERM");
  // An orderly end, which would wait for the call, is 0.
  expect(await herald.exited).toBe(143);
});

test("a token that is revoked while it sends: campaigns pause, and it ends with a sentence", async () => {
  const telegram = await localTelegram({ limits: "none" });
  const owner = ownerOf(telegram);
  telegram.people(300, { firstId: 100_000 });
  const database = await freshLocation();
  await register(
    database,
    Array.from({ length: 300 }, (_, index) => 100_000 + index),
  );
  const variables = environment(telegram, database);
  const herald = spawnHerald(variables);
  await isUp(herald);
  await broadcasts(owner, "Revoked in the middle.");
  await owner.sees(inState("running"));
  telegram.revoke(variables["BOT_TOKEN"] ?? "");
  expect(await herald.exited).toBe(1);
  expect(herald.output()).toContain("Telegram refuses BOT_TOKEN.");
  expect(herald.output()).not.toContain("    at ");

  telegram.restore(variables["BOT_TOKEN"] ?? "");
  await isUp(spawnHerald(variables));
  await owner.sees(en.like("trouble-unauthorized-over"));
  await owner.sends("/campaign 1");
  await owner.sees(en("card-title", { id: 1, state: en("state-paused") }));
  // The card of before may be the one that was seen, and the new one a moment away.
  await expect
    .poll(() => owner.buttons(), { timeout: 10_000 })
    .toEqual([[en("button-resume"), en("button-edit"), en("button-cancel")], [en("button-show-post")]]);
});

test("a second process on the same folder is refused with the pid of the first named", async () => {
  const telegram = await localTelegram();
  const variables = environment(telegram, await freshFolder());
  const first = spawnHerald(variables);
  await isUp(first);
  const second = spawnHerald(variables);
  expect(await second.exited).toBe(1);
  expect(second.output()).toMatch(/^Another Herald \(process \d+ on .+\) uses /);
  await first.kill9();
  const third = spawnHerald(variables);
  await isUp(third);
});

test(
  "a second process on the same server stands by, and takes over when the first is killed",
  { timeout: 40_000 },
  async () => {
    const telegram = await localTelegram();
    const variables = environment(telegram, await freshLocation());
    const first = spawnHerald(variables);
    await isUp(first);
    const second = spawnHerald(variables);
    await until(() => second.output().includes("standing by"));
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(second.output()).not.toContain("Herald is up");
    await first.kill9();
    const killed = performance.now();
    await isUp(second);
    expect(performance.now() - killed).toBeLessThan(15_000);
    const owner = ownerOf(telegram);
    await owner.sends("/start");
    await owner.sees(en.like("start-admin"));
  },
);
