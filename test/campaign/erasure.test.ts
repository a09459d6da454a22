import { is, sql } from "drizzle-orm";
import { PgTable, getTableConfig } from "drizzle-orm/pg-core";
import { beforeEach, expect, test } from "vitest";
import { insertList, insertMembers } from "../../src/audience/lists.ts";
import { forgetMe } from "../../src/campaign/actions/erase-recipient.ts";
import { query } from "../../src/db/connect.ts";
import * as schema from "../../src/db/schema.ts";
import { freshScope } from "../support/database.ts";
import { NOW, emptied, seedCampaign, seedPeople } from "../support/seed.ts";

const scope = await freshScope();
beforeEach(() => emptied(scope));

/** Columns that may hold the id of a person, by their names. */
const OF_PEOPLE = /^(?:chat_id|user_id|voter_id|actor_id|created_by|added_by|subject|watchers|told|body)$/;

/** What becomes of each when the person is erased: `erased`, or why it stays. */
const DECIDED: Record<string, string> = {
  "recipients.chat_id": "erased",
  "list_members.chat_id": "erased",
  "votes.user_id": "erased",
  "departures.user_id": "erased",
  "poll_answers.voter_id": "erased",
  "codes.user_id": "erased",
  "bundle_people.user_id": "erased",
  "inbox_threads.chat_id": "erased",
  "inbox_messages.chat_id": "erased",
  "deliveries.chat_id": "nothing but the id, so that nobody gets a post twice; until RETENTION_DAYS",
  "follow_ups.chat_id": "until the message is deleted or pinned, which is done for them as for others",
  "heard_updates.subject": "for a day: an update that comes again would bring them back against their wish",
  "queued_updates.body": "sealed, until it is handled",
  "chats.chat_id": "a group or channel",
  "topics.chat_id": "a group or channel",
  "audit.actor_id": "what admins did",
  "audit.subject": "what admins did, also that they erased somebody",
  "admins.user_id": "admins; an owner removes them",
  "admins.added_by": "what admins did",
  "api_keys.created_by": "what admins did",
  "campaigns.created_by": "what admins did",
  "cards.chat_id": "the chats of admins",
  "dialogs.chat_id": "the chats of admins",
  "lists.created_by": "what admins did",
  "news.actor_id": "what admins did",
  "news.told": "the chats of admins",
  "news.watchers": "the chats of admins",
  "preferences.user_id": "admins",
  "senders.added_by": "what admins did",
  "sent_edits.created_by": "what admins did",
  "series.created_by": "what admins did",
  "webhooks.created_by": "what admins did",
};

/** Every place that is erased, with these ids in it. */
const everywhere = (ids: number[]) =>
  Object.fromEntries(
    Object.entries(DECIDED).flatMap(([place, fate]) => (fate === "erased" ? [[place, ids]] : [])),
  );

const COLUMNS = Object.values(schema).flatMap((one) => {
  if (!is(one, PgTable)) return [];
  const { name, columns } = getTableConfig(one);
  return columns.filter((column) => OF_PEOPLE.test(column.name)).map((column) => `${name}.${column.name}`);
});

test("of every column that may hold a person's id, it is decided what erasing them does to it", () => {
  expect(COLUMNS.toSorted()).toEqual(Object.keys(DECIDED).toSorted());
});

test("whatever is to be erased is, and others keep theirs", async () => {
  const { db, botId, homeId } = scope;
  const [ada, bob] = [701, 702];
  await seedPeople(scope, [ada, bob]);
  const { id: campaignId } = await seedCampaign(scope, { state: "finished" });
  await db.update(schema.campaigns).set({ bundleId: campaignId });
  const { id: list } = await insertList(scope, "fair", 7);
  await insertMembers(scope, list, [ada, bob]);
  await db.insert(schema.codePools).values({ homeId, id: campaignId });
  for (const userId of [ada, bob]) {
    const own = { botId, campaignId };
    await db.insert(schema.votes).values({ ...own, userId, choice: "👍" });
    await db.insert(schema.departures).values({ ...own, userId });
    await db
      .insert(schema.pollAnswers)
      .values({ ...own, pollId: "p", voterId: userId, name: "A", choices: ["0"] });
    await db.insert(schema.codes).values({
      homeId,
      poolId: campaignId,
      code: `C${userId}`,
      place: userId,
      givenAt: NOW,
      userId,
      campaignId,
    });
    await db.insert(schema.bundlePeople).values({ homeId, bundleId: campaignId, userId });
    await db.insert(schema.inboxThreads).values({ botId, chatId: userId });
    await db
      .insert(schema.inboxMessages)
      .values({ botId, chatId: userId, direction: "in", fromChat: userId, messageId: 1 });
  }
  const left = async () => {
    const found: Record<string, number[]> = {};
    for (const [place, fate] of Object.entries(DECIDED)) {
      if (fate !== "erased") continue;
      const [table = "", column = ""] = place.split(".");
      const rows = await query<{ id: number }>(
        db,
        sql`select ${sql.identifier(column)}::float8 as id from ${sql.identifier(table)}
            where ${sql.identifier(column)} is not null order by 1`,
      );
      found[place] = rows.map(({ id }) => id);
    }
    return found;
  };
  expect(await left()).toEqual(everywhere([ada, bob]));
  await forgetMe(scope, ada);
  expect(await left()).toEqual(everywhere([bob]));
});

test("a bundle that may still freeze keeps whom it has, so that another of its bots does not send to them again", async () => {
  const { db, homeId } = scope;
  await seedPeople(scope, [701]);
  const { id: bundleId } = await seedCampaign(scope, { state: "finished" });
  const { id: other } = await seedCampaign(scope, { state: "running" });
  await db.update(schema.campaigns).set({ bundleId });
  await db.insert(schema.bundlePeople).values({ homeId, bundleId, userId: 701 });
  await forgetMe(scope, 701);
  expect(await db.$count(schema.bundlePeople), `while #${other} runs`).toBe(1);
});
