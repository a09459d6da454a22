import { eq, sql } from "drizzle-orm";
import { Readable } from "node:stream";
import { beforeEach, expect, test } from "vitest";
import { importRecipients } from "../../src/audience/import/import-people.ts";
import { insertList, insertMembers, listLists } from "../../src/audience/lists.ts";
import { putPerson } from "../../src/audience/person-change.ts";
import { refreshPerson } from "../../src/audience/recipients.ts";
import { forgetMe } from "../../src/campaign/actions/erase-recipient.ts";
import { vote } from "../../src/campaign/votes/button-votes.ts";
import { inTransaction, scopeOf } from "../../src/db/scope.ts";
import { forgotten, recipients, votes } from "../../src/db/schema.ts";
import { freshScope } from "../support/database.ts";
import { emptied, personOf, range, seedPeople, seedRunning } from "../support/seed.ts";
import { SHOP_ID } from "../support/senders.ts";

const scope = await freshScope();
beforeEach(() => emptied(scope));

const ada = { id: 7_000_000_001, first_name: "Ada", language_code: "en" };

test("who is forgotten leaves nothing with their id, and only /start brings them back", async () => {
  await refreshPerson(scope, ada, { source: "promo_vk0" });
  const campaign = await seedRunning(scope, [2]);
  const { id } = await insertList(scope, "fair", 7);
  await insertMembers(scope, id, [ada.id, 2]);
  await vote(scope, campaign, ada.id, "👍");
  await forgetMe(scope, ada.id);

  expect(await scope.db.select().from(votes)).toEqual([]);
  expect(await listLists(scope)).toMatchObject([{ members: 1 }]);
  const [kept] = await scope.db.select().from(forgotten);
  expect(kept?.hash).toMatch(/^[\da-f]{64}$/);
  expect(JSON.stringify(kept)).not.toContain(String(ada.id));

  // Whatever else they do, a file and a program leave them off.
  await refreshPerson(scope, ada);
  await expect(
    inTransaction(scope, (tx) => putPerson(tx, ada.id, { firstName: "Ada" })),
  ).rejects.toMatchObject({ code: "person-forgotten" });
  const file = `chat_id,first_name\n${ada.id},Ada\n3,Bob\n2,Eve\n`;
  const summary = await importRecipients(scope, Readable.from([Buffer.from(file)]));
  expect(summary).toMatchObject({ rows: 3, inserted: 1, updated: 1, unchanged: 0, forgotten: 1 });
  expect(await personOf(scope, ada.id)).toBeUndefined();

  await refreshPerson(scope, ada, { source: "second" });
  expect(await personOf(scope, ada.id)).toMatchObject({ source: "second", optedOutAt: null });
  expect(await scope.db.select().from(forgotten)).toEqual([]);
});

test("another bot has not forgotten them, and its hash would be another one", async () => {
  const shop = scopeOf(scope, { botId: SHOP_ID });
  for (const of of [scope, shop]) await refreshPerson(of, ada, { source: null });
  await forgetMe(scope, ada.id);
  expect(await personOf(shop, ada.id)).toMatchObject({ firstName: "Ada" });
  await forgetMe(shop, ada.id);
  const hashes = (await scope.db.select().from(forgotten)).map(({ hash }) => hash);
  expect(new Set(hashes).size).toBe(2);
});

test("of a file that is imported meanwhile, nobody comes back", async () => {
  await seedPeople(scope, range(1, 2_000));
  const file = `chat_id,first_name\n${range(1, 2_000)
    .map((id) => `${id},P\n`)
    .join("")}`;
  const reading = importRecipients(scope, Readable.from([Buffer.from(file)]));
  await Promise.all([reading, ...[5, 500, 1_500].map((id) => forgetMe(scope, id))]);
  const left = await scope.db.select({ count: sql<number>`count(*)::int` }).from(recipients);
  expect(left).toEqual([{ count: 1_997 }]);
  expect(await scope.db.select().from(recipients).where(eq(recipients.chatId, 5))).toEqual([]);
});
