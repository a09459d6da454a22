import { expect, test } from "vitest";
import type { Config } from "../src/config.ts";
import { localTelegram, running } from "./support/herald.ts";

test.each<[string, Partial<Config>, number]>([
  ["above the free limit and not paid is warned of once", { messagesPerSecond: 31 }, 1],
  ["above the free limit that is paid is not warned of", { messagesPerSecond: 1000, paidBroadcast: true }, 0],
  ["at the free limit is not warned of", { messagesPerSecond: 30 }, 0],
])("a rate %s", async (_, change, warnings) => {
  const telegram = await localTelegram({ limits: "none" });
  const { logged } = await running(telegram, change);
  const said = logged.filter((line) => line.includes("PAID_BROADCAST=on"));
  expect(said).toHaveLength(warnings);
  for (const line of said) expect(JSON.parse(line)).toMatchObject({ level: "warn", rate: 31 });
});
