import { eq } from "drizzle-orm";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { NO_RIGHTS, storedRights } from "../../src/audience/chats.ts";
import { followSupergroup } from "../../src/campaign/supergroup.ts";
import type { ChatTarget } from "../../src/audience/chats.ts";
import { getCampaign } from "../../src/campaign/queries.ts";
import { type Scope, homeScope } from "../../src/db/scope.ts";
import { chats, deliveries, recipients, topics } from "../../src/db/schema.ts";
import { findSeries } from "../../src/campaign/series.ts";
import { freezeChunk } from "../../src/delivery/freeze/freeze-chunk.ts";
import { freshScope } from "../support/database.ts";
import {
  NOW,
  deliveriesOf,
  emptied,
  personOf,
  seedCampaign,
  seedPeople,
  seedSeries,
} from "../support/seed.ts";

let scope: Scope;
beforeAll(async () => {
  scope = await freshScope();
});
beforeEach(() => emptied(scope));

const [OLD, NEW, OTHER] = [-10, -1_001_000_000_010, -1_001_000_000_020];
const to = (...targets: ChatTarget[]) => ({ chats: targets });

async function knownAs(chatId: number, title: string): Promise<void> {
  await seedPeople(scope, [chatId], { kind: "group" });
  const rights = storedRights.store(NO_RIGHTS);
  await scope.db.insert(chats).values({ botId: scope.botId, chatId, title, rights, pinnedMessageId: 5 });
}

const chatsKnown = () =>
  scope.db
    .select({ chatId: chats.chatId, title: chats.title, pinned: chats.pinnedMessageId })
    .from(chats)
    .where(eq(chats.botId, scope.botId));

test("the chat, its topics and all that names it follow, and its pinned post is forgotten", async () => {
  const { db, botId } = scope;
  await knownAs(OLD, "Group");
  await db.insert(topics).values({ botId, chatId: OLD, threadId: 3, name: "T" });
  const audience = to({ chatId: OTHER }, { chatId: OLD }, { chatId: OLD, threadId: 3 });
  const draft = await seedCampaign(scope, { audience });
  const scheduled = await seedCampaign(scope, { state: "scheduled", startsAt: NOW, audience });
  const others = await seedCampaign(scope, { audience: to({ chatId: OTHER }) });
  const people = await seedCampaign(scope, { audience: { languages: ["en"] } });
  const recurrence = { zone: "UTC", rule: { every: "day", hour: 10, minute: 0 } } as const;
  await seedSeries(scope, { id: 1, audience, recurrence, lastAt: NOW });

  await followSupergroup(scope, OLD, NEW);
  await followSupergroup(scope, OLD, NEW);

  expect(await personOf(scope, OLD)).toBeUndefined();
  expect(await personOf(scope, NEW)).toMatchObject({ kind: "group", status: "active" });
  expect(await chatsKnown()).toEqual([{ chatId: NEW, title: "Group", pinned: null }]);
  expect(await db.select().from(topics)).toMatchObject([{ chatId: NEW, threadId: 3 }]);
  const moved = to({ chatId: OTHER }, { chatId: NEW }, { chatId: NEW, threadId: 3 });
  for (const { id, revision } of [draft, scheduled])
    expect(await getCampaign(scope, id)).toMatchObject({ audience: moved, revision });
  expect((await getCampaign(scope, others.id)).audience).toEqual(to({ chatId: OTHER }));
  expect((await getCampaign(scope, people.id)).audience).toEqual({ languages: ["en"] });
  expect((await findSeries(scope, 1))?.audience).toEqual(moved);
});

test("what is known of the new id stays, and nobody is named twice", async () => {
  await knownAs(OLD, "Old title");
  await knownAs(NEW, "New title");
  const { id } = await seedCampaign(scope, { audience: to({ chatId: OLD }, { chatId: NEW }) });
  await followSupergroup(scope, OLD, NEW);
  expect(await chatsKnown()).toEqual([{ chatId: NEW, title: "New title", pinned: 5 }]);
  expect(await scope.db.select({ chatId: recipients.chatId }).from(recipients)).toEqual([{ chatId: NEW }]);
  expect((await getCampaign(scope, id)).audience).toEqual(to({ chatId: NEW }));
});

test("deliveries that are not sent follow, those that were keep the id that they were sent to", async () => {
  await seedPeople(scope, [OLD], { kind: "group" });
  const states = ["pending", "sending", "failed", "uncertain", "sent", "skipped"] as const;
  const ids: number[] = [];
  for (const state of states) {
    const { id } = await seedCampaign(scope, {
      state: "running",
      startedAt: NOW,
      audience: to({ chatId: OLD }),
    });
    await freezeChunk(scope, id, 10);
    await scope.db.update(deliveries).set({ state }).where(eq(deliveries.campaignId, id));
    ids.push(id);
  }
  await followSupergroup(scope, OLD, NEW);
  const now = await Promise.all(ids.map(async (id) => (await deliveriesOf(scope, id))[0]?.chatId));
  expect(now).toEqual([NEW, NEW, NEW, NEW, OLD, OLD]);
});

test("another bot's rows stay as they are", async () => {
  const other = homeScope(scope.db, scope.botId + 1);
  await seedPeople(other, [OLD], { kind: "group" });
  const { id } = await seedCampaign(other, { audience: to({ chatId: OLD }) });
  await followSupergroup(scope, OLD, NEW);
  expect(await personOf(other, OLD)).toBeDefined();
  expect((await getCampaign(other, id)).audience).toEqual(to({ chatId: OLD }));
});
