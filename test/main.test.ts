import { expect, test } from "vitest";
import { broadcasts, ownerOf, register, until } from "./support/broadcast.ts";
import { freshLocation, onServer } from "./support/database.ts";
import { localTelegram } from "./support/herald.ts";
import { environment, isUp, spawnHerald } from "./support/process.ts";

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
  await owner.sees("sending");
  telegram.revoke(variables["BOT_TOKEN"] ?? "");
  expect(await herald.exited).toBe(1);
  expect(herald.output()).toContain("Telegram refuses BOT_TOKEN.");
  expect(herald.output()).not.toContain("    at ");

  telegram.restore(variables["BOT_TOKEN"] ?? "");
  await isUp(spawnHerald(variables));
  await owner.sends("/campaign 1");
  await owner.sees("Campaign #1 · paused");
  expect(owner.buttons()).toEqual([["Resume", "Cancel"]]);
});

test.runIf(!onServer)(
  "a second process on the same folder is refused with the pid of the first named",
  async () => {
    const telegram = await localTelegram();
    const variables = environment(telegram, await freshLocation());
    const first = spawnHerald(variables);
    await isUp(first);
    const second = spawnHerald(variables);
    expect(await second.exited).toBe(1);
    expect(second.output()).toMatch(/^Another Herald \(process \d+ on .+\) uses /);
    await first.kill9();
    const third = spawnHerald(variables);
    await isUp(third);
  },
);

test.runIf(onServer)(
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
    await owner.sees("You are an admin of this bot");
  },
);
