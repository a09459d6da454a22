import { and, eq } from "drizzle-orm";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { setWantsCategory } from "../../src/audience/recipients.ts";
import { EVERYONE } from "../../src/audience/segment/audience.ts";
import { beginChange } from "../../src/campaign/actions/begin-change.ts";
import {
  addCategory,
  removeCategory,
  renameCategory,
  switchCategory,
} from "../../src/campaign/actions/change-categories.ts";
import { createDraft } from "../../src/campaign/actions/create-draft.ts";
import { duplicate } from "../../src/campaign/actions/duplicate.ts";
import { editDraft } from "../../src/campaign/actions/edit-draft.ts";
import { eraseRecipient } from "../../src/campaign/actions/erase-recipient.ts";
import { launch } from "../../src/campaign/actions/launch.ts";
import { saveChange } from "../../src/campaign/actions/save-change.ts";
import { listBundle } from "../../src/campaign/bundle.ts";
import { categoryName } from "../../src/campaign/category.ts";
import { startDue } from "../../src/campaign/engine-moves.ts";
import { withLeaveButtons } from "../../src/campaign/leave-button.ts";
import { leaveByPost } from "../../src/campaign/left-by-post.ts";
import { countRetryable, getCampaign } from "../../src/campaign/queries.ts";
import { countRecipients } from "../../src/campaign/recipients-of.ts";
import { getSettings } from "../../src/campaign/settings.ts";
import { countUnfrozen } from "../../src/campaign/unfrozen.ts";
import { type Scope, scopeOf } from "../../src/db/scope.ts";
import { campaigns, deliveries, departures, senders } from "../../src/db/schema.ts";
import { claim } from "../../src/delivery/claim/claim.ts";
import { freezeChunk } from "../../src/delivery/freeze/freeze-chunk.ts";
import type { Recurrence } from "../../src/schedule/recurrence.ts";
import { BOT_ID, freshScope } from "../support/database.ts";
import { ADMIN, NOW, POST, deliveriesOf, emptied, seedCampaign, seedPeople } from "../support/seed.ts";

const SHOP = BOT_ID + 1;
const [NEWS, OFFERS] = [1, 2];
const limits = { now: NOW, typedFrom: 1_000, mostScheduled: 10 };

let home: Scope;
beforeAll(async () => {
  home = await freshScope();
});
beforeEach(async () => {
  await emptied(home);
  await home.db.insert(senders).values({ botId: SHOP, homeId: BOT_ID });
  await addCategory(home, ADMIN, { name: "News", names: {} });
  await addCategory(home, ADMIN, { name: "Offers", names: { ru: "Акции" } });
});

const leave = (chatId: number, category: number, botId = BOT_ID) =>
  setWantsCategory(scopeOf(home, { botId }), chatId, category, false);
const draftOf = (category: number | null, bots: number | number[] = BOT_ID) =>
  createDraft(
    home,
    ADMIN,
    { content: POST, audience: EVERYONE, category, originKey: `${Math.random()}` },
    bots,
  );
async function frozen(id: number, botId = BOT_ID): Promise<number[]> {
  const scope = scopeOf(home, { botId });
  while (!(await freezeChunk(scope, id, 2))) continue;
  return (await deliveriesOf(scope, id)).map(({ chatId }) => chatId);
}

test("who left a category is not counted, not frozen and, if they left since, skipped; others get it", async () => {
  await seedPeople(home, [1, 2, 3, 4, 5]);
  await seedPeople(home, [6], { optedOutAt: NOW });
  await leave(2, OFFERS);
  await leave(3, NEWS);
  await leave(6, OFFERS);
  const draft = await draftOf(OFFERS);
  const count = { reachable: 4, optedOut: 1, unreachable: 0 };
  expect(await countRecipients(home, draft, NOW)).toEqual({ ...count, leftCategory: 1 });
  expect(await countRecipients(home, await draftOf(null), NOW)).toEqual({ ...count, reachable: 5 });

  const { id } = await seedCampaign(home, { category: OFFERS, state: "running", startedAt: NOW });
  expect(await countUnfrozen(home, await getCampaign(home, id))).toBe(4);
  expect(await frozen(id)).toEqual([1, 3, 4, 5]);
  await leave(4, OFFERS);
  await leave(5, NEWS);
  expect((await claim(home, id, 10, NOW)).batch.map(({ chatId }) => chatId)).toEqual([1, 3, 5]);
  expect((await deliveriesOf(home, id))[2]).toMatchObject({ state: "skipped", reason: "left-category" });
  expect(await getCampaign(home, id)).toMatchObject({ total: 4, skipped: 1 });

  // A retry sends only to those who still want it.
  await home.db
    .update(deliveries)
    .set({ state: "failed", reason: "other" })
    .where(eq(deliveries.state, "sending"));
  await leave(3, OFFERS);
  expect(await countRetryable(home, id)).toBe(2);
});

test("a category goes along into duplicates, changes, series and the campaigns of several bots", async () => {
  await seedPeople(home, [1, 2]);
  await seedPeople(scopeOf(home, { botId: SHOP }), [1, 2, 3]);
  await leave(1, OFFERS);
  await leave(3, OFFERS, SHOP);
  const draft = await draftOf(OFFERS, [BOT_ID, SHOP]);
  const count = await countRecipients(home, draft, NOW);
  // 1 left it at the home and gets it from the shop; 2 gets it from the first of both.
  expect(count).toMatchObject({ reachable: 2, leftCategory: 1, shares: [{ sends: 1 }, { sends: 1 }] });
  const startsAt = new Date(NOW.getTime() + 3_600_000);
  const recurrence: Recurrence = { zone: "UTC", rule: { every: "day", hour: 13, minute: 0 } };
  const repeating = await editDraft(home, ADMIN, draft, { startsAt, recurrence });
  await launch(home, ADMIN, repeating, { count: 2, typedCount: null, startsAt }, limits);
  const bundle = await listBundle(home, draft.id);
  expect(bundle.map(({ category }) => category)).toEqual([OFFERS, OFFERS]);
  for (const { botId, id } of bundle) await startDue(scopeOf(home, { botId }), id, startsAt);
  const runs = await home.db.select().from(campaigns).where(eq(campaigns.run, 2));
  expect(runs.map(({ category }) => category)).toEqual([OFFERS, OFFERS]);
  expect([await frozen(bundle[0]?.id ?? 0), await frozen(bundle[1]?.id ?? 0, SHOP)]).toEqual([[2], [1]]);

  expect((await duplicate(home, ADMIN, draft.id, "again")).category).toBe(OFFERS);
  const run = await getCampaign(home, runs.find(({ botId }) => botId === BOT_ID)?.id ?? 0);
  const change = await beginChange(home, ADMIN, run.id, "change");
  const edited = await editDraft(home, ADMIN, change, { category: NEWS });
  const agreed = { count: 1, typedCount: 1, startsAt: edited.startsAt, reach: "series" as const };
  const counted = await countRecipients(home, edited, NOW);
  await saveChange(home, ADMIN, edited, { ...agreed, count: counted.reachable }, limits);
  await startDue(home, run.id, new Date(startsAt.getTime() + 86_400_000));
  const third = await home.db
    .select()
    .from(campaigns)
    .where(and(eq(campaigns.botId, BOT_ID), eq(campaigns.run, 3)));
  expect(third.map(({ category }) => category)).toEqual([NEWS]);
});

test("who leaves by the button under a post is counted once for its campaign, whatever they do later", async () => {
  await seedPeople(home, [1, 2, 3]);
  const campaign = await seedCampaign(home, { category: OFFERS, state: "finished" });
  expect(await leaveByPost(home, campaign, 1, "category")).toBe(true);
  expect(await leaveByPost(home, campaign, 1, "category")).toBe(false);
  await setWantsCategory(home, 1, OFFERS, true);
  expect(await leaveByPost(home, campaign, 1, "all")).toBe(true);
  expect(await leaveByPost(home, campaign, 2, "all")).toBe(true);
  expect((await getCampaign(home, campaign.id)).departed).toBe(2);
  expect(await countRecipients(home, await draftOf(null), NOW)).toMatchObject({ reachable: 1, optedOut: 2 });
  await eraseRecipient(home, ADMIN, 2);
  expect((await home.db.select().from(departures)).map(({ userId }) => userId)).toEqual([1]);
  expect((await getCampaign(home, campaign.id)).departed).toBe(2);
});

test("the button is under the posts of a category that has it, for people, by bots that hear of the taps", async () => {
  await home.db.update(senders).set({ handling: "beside" }).where(eq(senders.botId, SHOP));
  await switchCategory(home, ADMIN, OFFERS, "leaveButton", true);
  const all = [
    await seedCampaign(home, { category: OFFERS }),
    await seedCampaign(home, { category: NEWS }),
    await seedCampaign(home),
    await seedCampaign(home, { category: OFFERS, audience: { chats: [{ chatId: -5 }] } }),
    await seedCampaign(scopeOf(home, { botId: SHOP }), { category: OFFERS }),
  ];
  const shown = await withLeaveButtons(home, all, () => "Fewer");
  expect(shown.map(({ leaveLabel }) => leaveLabel?.("en"))).toEqual(["Fewer", ...Array(4).fill(undefined)]);
});

test("categories are renamed and removed, and a removed one cannot be chosen but keeps its people out", async () => {
  await renameCategory(home, ADMIN, NEWS, { name: "Digest", names: { ru: "Дайджест" } });
  const { categories = [] } = await getSettings(home);
  expect(categories.map((one) => [categoryName(one, "ru"), categoryName(one, "de")])).toEqual([
    ["Дайджест", "Digest"],
    ["Акции", "Offers"],
  ]);
  await expect(addCategory(home, ADMIN, { name: "digest", names: {} })).rejects.toMatchObject({
    code: "category-name-taken",
  });
  for (const name of ["", "x".repeat(31)])
    await expect(addCategory(home, ADMIN, { name, names: {} })).rejects.toMatchObject({
      code: "category-name-unfit",
    });
  await seedPeople(home, [1, 2]);
  await leave(1, OFFERS);
  const draft = await draftOf(OFFERS);
  await removeCategory(home, ADMIN, OFFERS);
  await expect(draftOf(OFFERS)).rejects.toMatchObject({ code: "category-unknown" });
  await expect(draftOf(99)).rejects.toMatchObject({ code: "category-unknown" });
  await expect(switchCategory(home, ADMIN, OFFERS, "leaveButton", true)).rejects.toMatchObject({
    code: "category-unknown",
  });
  expect(await countRecipients(home, draft, NOW)).toMatchObject({ reachable: 1, leftCategory: 1 });
  // Its number is not given to another one.
  await addCategory(home, ADMIN, { name: "Offers", names: {} });
  expect((await getSettings(home)).categories?.map(({ id }) => id)).toEqual([1, 2, 3]);
});
