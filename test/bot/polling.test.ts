import { EventEmitter, once } from "node:events";
import { setImmediate as macrotask } from "node:timers/promises";
import { Bot } from "grammy";
import { expect, test } from "vitest";
import { createPolling } from "../../src/bot/polling/polling.ts";
import type { HeraldContext } from "../../src/bot/ui/bot-context.ts";
import { systemClock as clock } from "../../src/clock.ts";
import { createLog } from "../../src/log.ts";

test("a stop that comes while it starts is the end of it: nothing is asked for, and nothing goes round", async () => {
  const called: string[] = [];
  const bot = new Bot<HeraldContext>("1:A");
  const telegram = new EventEmitter();
  const answered = once(telegram, "answers");
  bot.api.config.use(async (_, method) => {
    called.push(method);
    await answered;
    return { ok: true, result: { url: "", has_custom_certificate: false, pending_update_count: 0 } } as never;
  });
  const polling = createPolling({
    bot,
    clock,
    log: createLog("silent"),
    lease: { held: () => true },
    alarm: { note: () => undefined, over: () => undefined },
    onRefused: () => undefined,
  });
  const started = polling.start();
  await polling.stop();
  telegram.emit("answers");
  await started;
  await macrotask();
  expect(called).toEqual(["getWebhookInfo"]);
});
