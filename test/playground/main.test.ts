import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";

test("the command line prints what a bot needs, serves, and stops on SIGTERM", async () => {
  const child = spawn(
    process.execPath,
    ["--import", "tsx", "playground/main.ts", "--port", "0", "--people", "3"],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  try {
    let printed = "";
    for await (const part of child.stdout) {
      printed += String(part);
      if (printed.includes("Ctrl+C")) break;
    }
    const root =
      /TELEGRAM_API_ROOT=(\S+) BOT_TOKEN=1000001:PLAYGROUND OWNER_IDS=1$/m.exec(printed)?.[1] ?? "";
    const sent = await fetch(`${root}/bot1000001:PLAYGROUND/sendMessage?chat_id=100002&text=hello`);
    expect(await sent.json()).toMatchObject({ ok: true, result: { text: "hello", chat: { id: 100002 } } });
  } finally {
    child.kill("SIGTERM");
  }
  expect(await once(child, "exit")).toEqual([0, null]);
});
