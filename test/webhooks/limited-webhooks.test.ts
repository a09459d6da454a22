import { beforeEach, expect, test } from "vitest";
import { limitKey } from "../../src/access/bot-limits.ts";
import type { Actor } from "../../src/access/actor.ts";
import { createKey } from "../../src/access/keys.ts";
import { apiKeys, webhookMessages, webhooks } from "../../src/db/schema.ts";
import { limitedTo, scopeOf } from "../../src/db/scope.ts";
import { pause } from "../../src/campaign/actions/pause.ts";
import { senders } from "../../src/db/schema.ts";
import {
  changeWebhook,
  createWebhook,
  deleteWebhook,
  findWebhook,
  limitKeyAndWebhooks,
  listWebhooks,
  rotateSecret,
} from "../../src/webhooks/webhook-actions.ts";
import { refreshPerson } from "../../src/audience/recipients.ts";
import { freshScope } from "../support/database.ts";
import { ADMIN, NOW, emptied, seedCampaign } from "../support/seed.ts";
import { NEWS_ID, SHOP_ID } from "../support/senders.ts";

/* What webhooks are told that were made with a key of the shop alone, and what such a key sees of the others. */

const scope = await freshScope();
const shop = scopeOf(scope, { botId: SHOP_ID });
const news = scopeOf(scope, { botId: NEWS_ID });

beforeEach(async () => {
  await emptied(scope);
  for (const table of [webhookMessages, webhooks, apiKeys]) await scope.db.delete(table);
  await scope.db.insert(senders).values([
    { botId: SHOP_ID, homeId: scope.homeId },
    { botId: NEWS_ID, homeId: scope.homeId },
  ]);
});

async function keyOf(...bots: number[]): Promise<Extract<Actor, { type: "key" }>> {
  const { key } = await createKey(scope, ADMIN, { name: "Shop", role: "send", bots, expiresAt: null });
  return { type: "key", id: key.id, name: key.name };
}

const hook = async (actor: Actor) => {
  const wanted = { url: "https://shop.example/", events: ["campaign.paused", "recipient.joined"] } as const;
  return (await createWebhook(scope, actor, wanted)).webhook.id;
};

/** Of which bots each webhook is told. */
async function told(): Promise<Record<number, number[]>> {
  const rows = await scope.db.select().from(webhookMessages).orderBy(webhookMessages.id);
  const bots: Record<number, number[]> = {};
  for (const { webhookId, payload } of rows) {
    const { data } = JSON.parse(payload) as { data: { bot: number } };
    bots[webhookId] = [...(bots[webhookId] ?? []), data.bot];
  }
  return bots;
}

async function happen(): Promise<void> {
  for (const of of [shop, news]) {
    const { id } = await seedCampaign(of, { state: "running", startedAt: NOW });
    await pause(of, ADMIN, id);
    await refreshPerson(of, { id: 5, first_name: "Ada" });
  }
}

test("a webhook is told of the bots that its key may use when it happens; one of an owner, of all", async () => {
  const key = await keyOf(SHOP_ID);
  const [theirs, ours] = [await hook(key), await hook(ADMIN)];
  await happen();
  expect(await told()).toEqual({
    [theirs]: [SHOP_ID, SHOP_ID],
    [ours]: [SHOP_ID, SHOP_ID, NEWS_ID, NEWS_ID],
  });
  await limitKey(scope, ADMIN, key.id, "all");
  await scope.db.delete(webhookMessages);
  await pause(news, ADMIN, (await seedCampaign(news, { state: "running", startedAt: NOW })).id);
  expect(await told()).toEqual({ [theirs]: [NEWS_ID], [ours]: [NEWS_ID] });
});

test("queued events of a bot that the key of a webhook may no longer use are not delivered", async () => {
  const key = await keyOf(SHOP_ID, NEWS_ID);
  const [theirs, ours] = [await hook(key), await hook(ADMIN)];
  await happen();
  expect((await told())[theirs]).toHaveLength(4);
  await limitKeyAndWebhooks(scope, ADMIN, key.id, { botId: NEWS_ID, may: false });
  expect(await told()).toEqual({
    [theirs]: [SHOP_ID, SHOP_ID],
    [ours]: [SHOP_ID, SHOP_ID, NEWS_ID, NEWS_ID],
  });
});

test("a limited key sees and changes webhooks that are told of no bots but its own", async () => {
  const [narrow, wide] = [await keyOf(SHOP_ID), await keyOf(SHOP_ID, NEWS_ID)];
  const [first, second, ours] = [await hook(narrow), await hook(wide), await hook(ADMIN)];
  const seen = async (bots: number[] | null) =>
    (await listWebhooks(limitedTo(scope, bots))).map(({ id }) => id);
  expect(await seen(null)).toEqual([first, second, ours]);
  expect(await seen([SHOP_ID])).toEqual([first]);
  expect(await seen([SHOP_ID, NEWS_ID])).toEqual([first, second]);
  expect(await seen([])).toEqual([]);
  const limited = limitedTo(scope, [SHOP_ID]);
  for (const id of [second, ours]) {
    expect(await findWebhook(limited, id)).toBeNull();
    expect(await changeWebhook(limited, narrow, id, { enabled: false })).toBeNull();
    expect(await rotateSecret(limited, narrow, id, NOW)).toBeNull();
    expect(await deleteWebhook(limited, narrow, id)).toBe(false);
  }
  expect(await changeWebhook(limited, narrow, first, { enabled: false })).toMatchObject({ id: first });
});
