import { expect, test } from "vitest";
import { countSources } from "../../src/audience/source-counts.ts";
import { recipients } from "../../src/db/schema.ts";
import { scopeOf } from "../../src/db/scope.ts";
import { freshScope } from "../support/database.ts";
import { NOW } from "../support/seed.ts";
import { SHOP_ID } from "../support/senders.ts";

const days = (count: number) => new Date(NOW.getTime() - count * 86_400_000);

test("the sources of a bot's people, with who can be reached and who came lately", async () => {
  const scope = await freshScope();
  const { botId } = scope;
  await scope.db.insert(recipients).values([
    { botId, chatId: 1, source: "vk", joinedAt: days(1) },
    { botId, chatId: 2, source: "vk", joinedAt: days(8), optedOutAt: NOW },
    { botId, chatId: 3, source: "vk", joinedAt: days(31), status: "blocked" },
    { botId, chatId: 4, source: "vk" },
    { botId, chatId: 5, source: "ad", joinedAt: days(2) },
    { botId, chatId: 6 },
    { botId, chatId: -7, kind: "group", source: "vk" },
    { botId: SHOP_ID, chatId: 1, source: "vk" },
  ]);
  const vk = { source: "vk", people: 4, reachable: 2, last7Days: 1, last30Days: 2 };
  const ad = { source: "ad", people: 1, reachable: 1, last7Days: 1, last30Days: 1 };
  expect(await countSources(scope, NOW)).toEqual([vk, ad]);
  expect(await countSources(scope, NOW, { most: 1 })).toEqual([vk]);
  expect(await countSources(scope, NOW, { only: "ad" })).toEqual([ad]);
  expect(await countSources(scopeOf(scope, { botId: SHOP_ID }), NOW)).toMatchObject([{ people: 1 }]);
});
