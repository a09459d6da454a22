import { Readable } from "node:stream";
import { and, asc, eq, lte, sql } from "drizzle-orm";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { matchPeople, readListFile } from "../../src/audience/import/list-file.ts";
import { insertList, removeList } from "../../src/audience/lists.ts";
import { type People, EVERYONE } from "../../src/audience/segment/audience.ts";
import { readLine } from "../../src/audience/segment/read-line.ts";
import { addToList, createList } from "../../src/campaign/actions/change-lists.ts";
import { beginChange } from "../../src/campaign/actions/begin-change.ts";
import { createDraft } from "../../src/campaign/actions/create-draft.ts";
import { editDraft } from "../../src/campaign/actions/edit-draft.ts";
import { launch } from "../../src/campaign/actions/launch.ts";
import type { Campaign } from "../../src/campaign/campaign.ts";
import { startDue } from "../../src/campaign/engine-moves.ts";
import { findingsOf } from "../../src/campaign/findings.ts";
import { getCampaign } from "../../src/campaign/queries.ts";
import { countRecipients } from "../../src/campaign/recipients-of.ts";
import { countUnfrozen } from "../../src/campaign/unfrozen.ts";
import { countVotes, notePolls } from "../../src/campaign/votes/poll-votes.ts";
import type { Content } from "../../src/content/content.ts";
import { campaigns, deliveries, recipients } from "../../src/db/schema.ts";
import { type Scope, limitedTo } from "../../src/db/scope.ts";
import { freezeChunk } from "../../src/delivery/freeze/freeze-chunk.ts";
import { holdSegment } from "../../src/delivery/freeze/hold-segment.ts";
import { dayBoundsIn } from "../../src/schedule/day-bounds.ts";
import { freshScope } from "../support/database.ts";
import { ADMIN, NOW, POST, emptied, range, seedCampaign, seedPeople } from "../support/seed.ts";

let scope: Scope;
beforeAll(async () => {
  scope = await freshScope();
});
beforeEach(() => emptied(scope));

const HOUR = 3_600_000;
const limits = { now: NOW, typedFrom: 1_000, mostScheduled: 10 };

function audience(line: string): People {
  const reading = readLine(line, dayBoundsIn("UTC"));
  if (reading.type !== "read") throw new Error(`${line}: ${reading.type}`);
  return { languages: "all", segment: reading.segment };
}

let origins = 0;
async function draftFor(to: People): Promise<Campaign> {
  origins += 1;
  return createDraft(scope, ADMIN, { content: POST, audience: to, originKey: `segments ${origins}` });
}

/** Sends a draft at once, and starts it. */
async function started(draft: Campaign): Promise<Campaign> {
  const { reachable: count } = await countRecipients(scope, draft, NOW);
  const { id } = await launch(scope, ADMIN, draft, { count, typedCount: count, startsAt: null }, limits);
  const campaign = await startDue(scope, id, NOW);
  if (!campaign) throw new Error("it did not start");
  return campaign;
}

/** Whom a campaign has frozen, chunk by chunk. */
async function frozen({ id }: Campaign, size: number): Promise<number[]> {
  while (!(await freezeChunk(scope, id, size)));
  const rows = await scope.db
    .select({ chatId: deliveries.chatId })
    .from(deliveries)
    .where(and(eq(deliveries.botId, scope.botId), eq(deliveries.campaignId, id)))
    .orderBy(asc(deliveries.seq));
  expect((await getCampaign(scope, id)).total).toBe(rows.length);
  return rows.map(({ chatId }) => chatId);
}

const POLL: Content = {
  kind: "poll",
  buttons: [],
  poll: { question: "Which colour?", options: [{ text: "Blue" }, { text: "Red" }], is_anonymous: false },
};

/** A poll that these people got, and that some have answered. */
async function survey(got: readonly number[], answered: readonly number[], change: Partial<Campaign> = {}) {
  const { id } = await seedCampaign(scope, {
    content: POLL,
    state: "finished",
    total: got.length,
    ...change,
  });
  const { botId, db } = scope;
  await db.insert(deliveries).values(
    got.map((chatId, index) => ({
      botId,
      campaignId: id,
      seq: index + 1,
      chatId,
      state: "sent" as const,
    })),
  );
  await notePolls(
    scope,
    got.map((chatId) => ({ pollId: `poll ${chatId}`, campaignId: id, version: null })),
  );
  const options = ["Blue", "Red"].map((text, index) => ({ id: `o${index}`, text, votes: 1 }));
  await countVotes(
    scope,
    answered.map((voterId) => ({
      pollId: `poll ${voterId}`,
      tally: { options, voters: 1, judged: 0, right: 0 },
      answers: [{ voterId, name: "A", username: null, choices: [`o${voterId % 2}`] }],
    })),
  );
  return id;
}

test("a hundred people got a poll and thirty answered: the reminder goes to the other seventy", async () => {
  await seedPeople(scope, range(1, 130)); // thirty joined later
  const answered = range(1, 100).filter((id) => id % 10 < 3);
  const id = await survey(range(1, 100), answered);
  const draft = await draftFor(audience(`got:${id} -answered:${id}`));
  expect(await countRecipients(scope, draft, NOW)).toEqual({ reachable: 70, optedOut: 0, unreachable: 0 });
  const campaign = await started(draft);
  const expected = range(1, 100).filter((id) => !answered.includes(id));
  expect(expected).toHaveLength(70);
  expect(await countUnfrozen(scope, campaign)).toBe(70);
  expect(await frozen(campaign, 3)).toEqual(expected);
  // And those who chose Blue, even numbers, hear of it.
  const blue = await started(await draftFor(audience(`answered:${id}=Blue`)));
  expect(await frozen(blue, 1_000)).toEqual(answered.filter((id) => id % 2 === 0));
});

const phone = (n: number) => `+7916${1_000_000 + n}`;

test("3,000 phones in a file, 1,200 of them known: the campaign reaches those, and nobody else", async () => {
  await seedPeople(scope, range(1, 1_500));
  await scope.db
    .update(recipients)
    .set({ phone: sql`'+7916' || (1000000 + ${recipients.chatId})::text` })
    .where(and(eq(recipients.botId, scope.botId), lte(recipients.chatId, 1_200)));
  const file = range(1, 3_000).map((n) => `${phone(n)}\n`);
  const { chatIds, missed } = await matchPeople(
    scope,
    await readListFile(Readable.from([Buffer.from(file.join(""))])),
  );
  expect(missed.map(({ text }) => text)).toEqual(range(1_201, 3_000).map(phone));
  const list = await createList(scope, ADMIN, "Fair");
  expect(await addToList(scope, ADMIN, list.id, chatIds)).toBe(1_200);
  expect(await frozen(await started(await draftFor(audience("list:Fair"))), 500)).toEqual(range(1, 1_200));
});

test("times count back from the start, whenever a chunk is frozen, and each start of a repeat anew", async () => {
  await seedPeople(scope, range(1, 10), { lastSeenAt: new Date(NOW.getTime() - 23 * HOUR) });
  await seedPeople(scope, range(11, 20), { lastSeenAt: new Date(NOW.getTime() - 25 * HOUR) });
  const to = audience("seen:<24h");
  expect(await frozen(await started(await draftFor(to)), 2)).toEqual(range(1, 10));
  const startedAt = new Date(NOW.getTime() - 5 * HOUR);
  const earlier = await seedCampaign(scope, {
    audience: to,
    state: "running",
    startsAt: startedAt,
    startedAt,
  });
  expect(await frozen(earlier, 2)).toEqual(range(1, 20));
});

test("the first so many are the same, however they are read, and the rest is still to come", async () => {
  await seedPeople(scope, range(1, 50), { tags: ["vip"] });
  await seedPeople(scope, range(51, 90));
  for (const to of [
    { ...EVERYONE, first: 7 },
    { ...audience("tag:vip"), first: 7 },
  ])
    for (const size of [3, 7, 100]) {
      const draft = await draftFor(to);
      expect((await countRecipients(scope, draft, NOW)).reachable).toBe(7);
      const first = await started(draft);
      expect(await countUnfrozen(scope, first)).toBe(7);
      expect(await frozen(first, size)).toEqual(range(1, 7));
    }
  const first = await started(await draftFor({ ...audience("tag:vip"), first: 7 }));
  await frozen(first, 100);
  const rest = await started(await draftFor(audience(`tag:vip -among:${first.id}`)));
  expect(await frozen(rest, 5)).toEqual(range(8, 50));
});

test("what nobody can answer is said before it is sent, and sends to nobody", async () => {
  await seedPeople(scope, range(1, 5));
  const poll = await survey(range(1, 5), [1]);
  const old = await survey([1], [], { detailsDroppedAt: NOW });
  const chats = await seedCampaign(scope, { audience: { chats: [{ chatId: -5 }] }, state: "finished" });
  const secret: Content = { ...POLL, poll: { question: "?", options: [{ text: "A" }], is_anonymous: true } };
  const anonymous = await seedCampaign(scope, { content: secret, state: "finished" });
  const other = await seedCampaign({ ...scope, botId: scope.botId + 1 }, { state: "finished" });
  const faults = async (line: string) => {
    const draft = await draftFor(audience(line));
    const found = (await findingsOf(scope, draft)).map(({ type }) => type);
    const sent = await started(draft).catch((error: unknown) => error);
    expect(sent).toMatchObject(found.length > 0 ? { code: "unsendable" } : { state: "running" });
    return found;
  };
  expect(await faults(`got:${poll} -answered:${poll}`)).toEqual([]);
  expect(await faults("-got:999999")).toEqual(["segment-campaign-unknown"]);
  expect(await faults(`-got:${old} got:${old}`)).toEqual(["segment-campaign-old"]);
  expect(await faults(`-got:${chats.id}`)).toEqual(["segment-campaign-chats"]);
  expect(await faults(`-answered:${anonymous.id}`)).toEqual(["segment-campaign-anonymous"]);
  expect(await faults(`-voted:${poll}`)).toEqual(["segment-campaign-no-votes"]);
  expect(await faults(`-answered:${other.id}`)).toEqual(["segment-campaign-elsewhere"]);
  expect(await faults('-list:"Spring fair"')).toEqual(["segment-list-unknown"]);
});

const VOTE: Content = {
  ...POST,
  buttons: [[{ id: "1", text: "👍", vote: true }]],
  retired: [{ id: "0", text: "👎", vote: true }],
};

test("a choice that a poll or vote does not have is refused with those that it has", async () => {
  await seedPeople(scope, range(1, 5));
  const poll = await survey(range(1, 5), [1]);
  const { id: vote } = await seedCampaign(scope, { content: VOTE, state: "finished" });
  // An edit took it out, and somebody had chosen it.
  const edited: Content = { ...POLL, poll: { ...POLL.poll, options: [{ text: "Red" }, { text: "Green" }] } };
  const later = await survey([6], [6], { content: edited });
  const found = async (line: string) => findingsOf(scope, await draftFor(audience(line)));
  for (const line of [
    `-answered:${poll}=Blue`,
    `voted:${vote}=👍 or voted:${vote}=👎`,
    `answered:${later}=Green`,
  ])
    expect(await found(line)).toEqual([]);
  expect(await found(`-answered:${poll}=typo or answered:${poll}=blue`)).toMatchObject([
    {
      level: "error",
      type: "segment-choice-unknown",
      number: `${poll}`,
      choice: "typo",
      choices: "Blue, Red",
    },
    { choice: "blue" },
  ]);
  expect(await found(`-voted:${vote}=ok`)).toMatchObject([{ choice: "ok", choices: "👍, 👎" }]);
  expect(await found(`answered:${later}=Black`)).toMatchObject([{ choices: "Red, Green, Blue" }]);

  // One that came past the review, from an older version, does not mean everybody either.
  const campaign = await seedCampaign(scope, {
    audience: audience(`-answered:${poll}=typo`),
    state: "running",
    startsAt: NOW,
    startedAt: NOW,
  });
  expect(await freezeChunk(scope, campaign.id, 10)).toBe(false);
  expect(await holdSegment(scope, campaign.id)).toMatchObject({
    state: "paused",
    pauseReason: "segment",
    pauseDetail: `#${poll} = typo`,
  });
});

test("a campaign cannot ask who got it", async () => {
  await seedPeople(scope, range(1, 5));
  const at = new Date(NOW.getTime() + HOUR);
  const { id } = await seedCampaign(scope, { state: "scheduled", startsAt: at });
  const change = await beginChange(scope, ADMIN, id, "change");
  const named = await editDraft(scope, ADMIN, change, { audience: audience(`-got:${id}`) });
  expect(await findingsOf(scope, named)).toMatchObject([
    { type: "segment-campaign-itself", number: `${id}` },
  ]);
});

test("a limited admin is told of a campaign elsewhere as if there were none", async () => {
  await seedPeople(scope, range(1, 5));
  const { id } = await seedCampaign({ ...scope, botId: scope.botId + 1 }, { state: "finished" });
  const draft = await draftFor(audience(`got:${id}`));
  const types = async (home: Scope) => (await findingsOf(home, draft)).map(({ type }) => type);
  expect(await types(scope)).toEqual(["segment-campaign-elsewhere"]);
  expect(await types(limitedTo(scope, [scope.botId]))).toEqual(["segment-campaign-unknown"]);
});

test("if a list or the details of a campaign go between confirmation and start, it pauses instead of sending to all", async () => {
  await seedPeople(scope, range(1, 5));
  const { id: list } = await insertList(scope, "Spring fair", 7);
  const id = await survey(range(1, 5), [1]);
  const toList = await started(await draftFor(audience("-list:“Spring Fair”")));
  const others = await started(await draftFor(audience(`-answered:${id}`)));
  expect(await holdSegment(scope, toList.id)).toBeNull();
  await removeList(scope, list);
  await scope.db.update(campaigns).set({ detailsDroppedAt: NOW }).where(eq(campaigns.id, id));
  // A chunk that is under way meanwhile freezes nobody.
  expect(await freezeChunk(scope, toList.id, 10)).toBe(false);
  expect(await freezeChunk(scope, others.id, 10)).toBe(false);
  expect(await scope.db.$count(deliveries, eq(deliveries.campaignId, toList.id))).toBe(0);
  expect(await holdSegment(scope, toList.id)).toMatchObject({
    state: "paused",
    pauseReason: "segment",
    pauseDetail: "spring fair",
  });
  expect(await holdSegment(scope, others.id)).toMatchObject({ pauseDetail: `#${id}` });
});
