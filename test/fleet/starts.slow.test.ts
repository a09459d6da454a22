import { expect, test } from "vitest";
import { freshLocation } from "../support/database.ts";
import { until } from "../support/broadcast.ts";
import { registerSenders, sendersOf } from "../support/fleet.ts";
import { localTelegram, running } from "../support/herald.ts";

const BOTS = 60;
const ANSWER_MS = 500;

test("sixty bots that start together do so twenty at a time, and all of them ask Telegram who they are", async () => {
  const telegram = await localTelegram({ limits: "none" });
  const database = await freshLocation();
  const bots = sendersOf(telegram, BOTS, 0).map((bot) => ({ ...bot, handling: "beside" as const }));
  await registerSenders(database, bots);
  telegram.fault({ method: "getMe", times: Infinity }, { hang: ANSWER_MS });
  await running(telegram, { database }, { listSenders: async () => bots });
  const asked = () => telegram.calls.filter(({ method }) => method === "getMe");
  await until(() => asked().length > BOTS, 30_000); // and the home
  const times = asked().map(({ at }) => at);
  const most = Math.max(
    ...times.map((from) => times.filter((at) => at >= from && at < from + ANSWER_MS * 0.9).length),
  );
  expect(most).toBeLessThanOrEqual(20);
}, 60_000);
