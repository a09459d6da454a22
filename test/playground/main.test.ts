import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, onTestFinished, test, vi } from "vitest";
import { whole } from "../../playground/options.ts";
import { taken } from "../../playground/wire/port.ts";
import { telegramFor } from "./harness.ts";

/** Starts the playground on the command line; what it prints is collected. */
function run(...args: string[]) {
  const child = spawn(process.execPath, ["--import", "tsx", "playground/main.ts", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const printed = { out: "", err: "" };
  child.stdout.on("data", (part) => (printed.out += String(part)));
  child.stderr.on("data", (part) => (printed.err += String(part)));
  onTestFinished(() => void child.kill("SIGKILL"));
  return { child, printed, closed: once(child, "close") };
}

test("the command line names the page first, prints what a bot needs, serves, and stops on SIGTERM", async () => {
  const { child, printed, closed } = run("--port", "0", "--people", "3");
  await vi.waitUntil(() => printed.out.includes("Ctrl+C"), 30_000);
  const root =
    /TELEGRAM_API_ROOT=(\S+) BOT_TOKEN=1000001:PLAYGROUND OWNER_IDS=1$/m.exec(printed.out)?.[1] ?? "";
  expect(printed.out.split("\n")[0]).toBe(`Open ${root} in a browser.`);
  const sent = await fetch(`${root}/bot1000001:PLAYGROUND/sendMessage?chat_id=100002&text=hello`);
  expect(await sent.json()).toMatchObject({ ok: true, result: { text: "hello", chat: { id: 100002 } } });
  child.kill("SIGTERM");
  expect(await closed).toEqual([0, null]);
});

test("a port that is taken, and an option that is wrong, are told in a sentence", async () => {
  const telegram = await telegramFor();
  const taken = run("--port", String(telegram.port));
  const wrong = run("--people", "many");
  expect(await taken.closed).toEqual([1, null]);
  expect(taken.printed.err).toBe(
    `Port ${telegram.port} is taken by another program. Stop it, or choose another port, for example --port ${telegram.port + 1}.\n`,
  );
  expect(await wrong.closed).toEqual([1, null]);
  expect(wrong.printed.err).toMatch(
    /^--people takes a whole number up to 1000000, not many\n\nA local Telegram/,
  );
});

test.each(["-1", "1.5", "9", "", " ", "Infinity"])("no number up to 8: %j", (value) => {
  expect(() => whole("port", value, 8)).toThrow("--port takes a whole number up to 8, not");
  expect(whole("port", "8", 8)).toBe(8);
});

test("behind the last port there is none to recommend", () => {
  expect(taken(65_534)).toContain("for example --port 65535.");
  expect(taken(65_535)).toContain("for example --port 65534.");
});
