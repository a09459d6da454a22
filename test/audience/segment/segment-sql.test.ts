import { sql } from "drizzle-orm";
import * as fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { insertList, insertMembers } from "../../../src/audience/lists.ts";
import { type People, chosenBy, countAudience } from "../../../src/audience/segment/audience.ts";
import { nextPart } from "../../../src/audience/segment/part.ts";
import type {
  Attribute,
  Choice,
  Comparison,
  Condition,
  Segment,
  Time,
} from "../../../src/audience/segment/segment.ts";
import { countVotes, notePolls } from "../../../src/campaign/votes/poll-votes.ts";
import { query } from "../../../src/db/connect.ts";
import { deliveries, recipients, votes } from "../../../src/db/schema.ts";
import type { Scope } from "../../../src/db/scope.ts";
import { freshScope } from "../../support/database.ts";
import { NOW, emptied, range, seedCampaign } from "../../support/seed.ts";
import {
  CAMPAIGNS,
  CHOICES,
  LANGUAGES,
  LISTS,
  NAMES,
  NUMBERS,
  SOURCES,
  TAGS,
  TEXTS,
  randomSegment,
} from "./random-segment.ts";

/** All that a segment can ask about a person. */
interface Known {
  id: number;
  row: typeof recipients.$inferInsert;
  lists: string[];
  deliveries: Map<number, string>;
  votes: Map<number, string>;
  answers: Map<number, string[]>;
}

const HOUR = 3_600_000;
const PEOPLE = 120;
let scope: Scope;
let known: Known[];

const instant = fc.option(
  fc.integer({ min: 0, max: 200 }).map((hours) => new Date(NOW.getTime() - hours * HOUR)),
);
const byCampaign = <T>(of: fc.Arbitrary<T>) =>
  fc.array(fc.tuple(fc.constantFrom(...CAMPAIGNS), of), { maxLength: 2 }).map((pairs) => new Map(pairs));
const person = fc.record({
  tags: fc.subarray(TAGS),
  attributes: fc.dictionary(
    fc.constantFrom(...NAMES),
    fc.constantFrom<string | number>(...TEXTS, ...NUMBERS),
    { maxKeys: 4, noNullPrototype: true },
  ),
  source: fc.option(fc.constantFrom(...SOURCES)),
  language: fc.option(fc.constantFrom(...LANGUAGES)),
  isPremium: fc.boolean(),
  phone: fc.option(fc.constant("79990000000")),
  joinedAt: instant,
  lastSeenAt: instant,
  status: fc.constantFrom("active" as const, "blocked" as const),
  statusChangedAt: instant,
  lists: fc.subarray(LISTS),
  deliveries: byCampaign(fc.constantFrom("sent", "failed", "uncertain", "skipped", "pending")),
  votes: byCampaign(fc.constantFrom(...CHOICES)),
  answers: byCampaign(fc.subarray(CHOICES, { minLength: 1 })),
});

beforeAll(async () => {
  scope = await freshScope();
  await emptied(scope);
  const people = fc.sample(person, { numRuns: PEOPLE, seed: 17 });
  known = people.map(({ lists, deliveries, votes, answers, ...row }, index) => ({
    id: 10 + index * 7_919,
    row: { botId: scope.botId, chatId: 10 + index * 7_919, ...row },
    lists,
    deliveries,
    votes,
    answers,
  }));
  await scope.db.insert(recipients).values(known.map(({ row }) => row));
  for (const name of LISTS) {
    const { id } = await insertList(scope, name, 7);
    await insertMembers(
      scope,
      id,
      known.filter(({ lists }) => lists.includes(name)).map(({ id }) => id),
    );
  }
  for (const campaign of CAMPAIGNS) await seedOutcomes(campaign);
});

/** What came of a campaign, in the order of the freeze; each person had a poll of their own. */
async function seedOutcomes(campaignId: number): Promise<void> {
  const { botId, db } = scope;
  const got = known.filter(({ deliveries }) => deliveries.has(campaignId));
  await seedCampaign(scope, { id: campaignId, state: "finished", total: got.length });
  await db.insert(deliveries).values(
    got.map(({ id, deliveries }, index) => ({
      botId,
      campaignId,
      seq: index + 1,
      chatId: id,
      state: deliveries.get(campaignId) as "sent",
    })),
  );
  await db.insert(votes).values(
    known.flatMap(({ id, votes }) => {
      const choice = votes.get(campaignId);
      return choice === undefined ? [] : [{ botId, campaignId, userId: id, choice }];
    }),
  );
  const answered = known.filter(({ answers }) => answers.has(campaignId));
  const pollOf = (id: number) => `poll ${campaignId} ${id}`;
  await notePolls(
    scope,
    answered.map(({ id }) => ({ pollId: pollOf(id), campaignId, version: null })),
  );
  await countVotes(
    scope,
    answered.map(({ id, answers }) => ({
      pollId: pollOf(id),
      tally: {
        options: CHOICES.map((text, index) => ({ id: `${id} ${index}`, text, votes: 0 })),
        voters: 1,
        judged: 0,
        right: 0,
      },
      answers: [
        {
          voterId: id,
          name: "A",
          username: null,
          choices: (answers.get(campaignId) ?? []).map((text) => `${id} ${CHOICES.indexOf(text)}`),
        },
      ],
    })),
  );
}

/* The same in plain TypeScript. */

function meets(person: Known, segment: Segment): boolean {
  if ("all" in segment) return segment.all.every((one) => meets(person, one));
  if ("any" in segment) return segment.any.some((one) => meets(person, one));
  return "not" in segment ? !meets(person, segment.not) : meetsOne(person, segment);
}

function meetsOne({ id, row, ...person }: Known, condition: Condition): boolean {
  if ("tag" in condition) return row.tags?.includes(condition.tag) ?? false;
  if ("attribute" in condition)
    return meetsAttribute(row.attributes?.[condition.attribute.name], condition.attribute);
  if ("source" in condition) return row.source === condition.source;
  if ("list" in condition) return person.lists.includes(condition.list);
  if ("language" in condition) return row.language === condition.language;
  if ("premium" in condition) return row.isPremium === true;
  if ("phone" in condition) return row.phone !== null;
  if ("joined" in condition) return meetsTime(row.joinedAt, condition.joined);
  if ("seen" in condition) return meetsTime(row.lastSeenAt, condition.seen);
  if ("blocked" in condition)
    return row.status === "blocked" && meetsTime(row.statusChangedAt, condition.blocked);
  if ("voted" in condition) return meetsChoice([person.votes.get(condition.voted.campaign)], condition.voted);
  if ("answered" in condition)
    return meetsChoice(person.answers.get(condition.answered.campaign), condition.answered);
  if ("chance" in condition) return lotOf(id) < condition.chance * 100;
  if ("among" in condition) return person.deliveries.has(condition.among);
  if ("got" in condition) return person.deliveries.get(condition.got) === "sent";
  if ("failed" in condition) return person.deliveries.get(condition.failed) === "failed";
  return person.deliveries.get(condition.uncertain) === "uncertain";
}

function meetsAttribute(own: string | number | undefined, { compare, value }: Attribute): boolean {
  if (own === undefined || typeof own !== typeof value) return false;
  if (compare === "=") return own === value;
  if (typeof own === "string" && !/^\d{4}-\d\d-\d\d$/.test(own)) return false;
  return holds(own, compare, value);
}

function holds<T extends string | number>(one: T, compare: Comparison, other: T): boolean {
  if (compare === "<") return one < other;
  if (compare === "<=") return one <= other;
  if (compare === ">") return one > other;
  return compare === ">=" ? one >= other : one === other;
}

function meetsTime(at: Date | null | undefined, time: Time): boolean {
  if (!at) return false;
  if ("ago" in time) {
    const age = NOW.getTime() - at.getTime();
    return time.ago === "<" ? age < time.hours * HOUR : age >= time.hours * HOUR;
  }
  // Moscow is three hours ahead.
  const day = new Date(at.getTime() + 3 * HOUR).toISOString().slice(0, 10);
  return holds(day, time.compare, time.day);
}

function meetsChoice(own: (string | undefined)[] | undefined, { choice }: Choice): boolean {
  const chosen = own?.filter((one) => one !== undefined) ?? [];
  return choice === undefined ? chosen.length > 0 : chosen.includes(choice);
}

function lotOf(id: number): number {
  const mixed = ((id % 2_147_483_647) * 48_271) % 2_147_483_647;
  return (((mixed ^ (mixed >> 15)) * 69_621) % 2_147_483_647) % 10_000;
}

async function chosen(segments: readonly Segment[]): Promise<number[][]> {
  const parts = segments.map((segment, index) => {
    const { from, where } = chosenBy(scope, { languages: "all", segment }, NOW);
    return sql`select ${index}::int as place,
      array_to_string(array(select recipients.chat_id from ${from} where ${where} order by recipients.chat_id), ',') as ids`;
  });
  const rows = await query<{ place: number; ids: string }>(scope.db, sql.join(parts, sql` union all `));
  return rows
    .toSorted((one, other) => one.place - other.place)
    .map(({ ids }) => ids.split(",").filter(Boolean).map(Number));
}

test("2,000 random segments choose the same people in SQL as in plain TypeScript", async () => {
  const segments = fc.sample(randomSegment, { numRuns: 2_000, seed: 2026 });
  let some = 0;
  for (let from = 0; from < segments.length; from += 50) {
    const batch = segments.slice(from, from + 50);
    const ids = await chosen(batch);
    for (const [index, segment] of batch.entries()) {
      const expected = known.filter((one) => meets(one, segment)).map(({ id }) => id);
      expect({ segment, ids: ids[index] }).toEqual({ segment, ids: expected });
      if (expected.length > 0 && expected.length < PEOPLE) some++;
    }
  }
  expect(some).toBeGreaterThan(1_000);
});

test("part by part, as the freeze reads them, they are the same people", async () => {
  for (const segment of fc.sample(randomSegment, { numRuns: 40, seed: 5 })) {
    const audience: People = { languages: "all", segment };
    const ids: number[] = [];
    for (let after: number | null = null; ;) {
      const part = await nextPart(scope, segment, after, 50);
      const { from, where } = chosenBy(scope, audience, NOW, part);
      const rows = await query<{ id: number }>(
        scope.db,
        sql`select recipients.chat_id::float8 as id from ${from} where ${where} order by 1`,
      );
      ids.push(...rows.map(({ id }) => id));
      after = part.upTo;
      if (after === null) break;
    }
    const expected = known.filter((one) => meets(one, segment)).map(({ id }) => id);
    expect({ segment, ids }).toEqual({ segment, ids: expected });
  }
});

test("chance takes its share of ids that lie next to each other, and the same people each time", async () => {
  const ids = range(1_000_000, 1_009_999);
  await scope.db.insert(recipients).values(ids.map((chatId) => ({ botId: scope.botId, chatId })));
  const share = async (chance: number) => {
    const audience: People = { languages: "all", segment: { all: [{ chance }, { not: { source: "x" } }] } };
    return (await countAudience(scope, audience, NOW)).reachable;
  };
  expect(Math.abs((await share(10)) - 1_000)).toBeLessThan(150);
  expect(Math.abs((await share(50)) - 5_000)).toBeLessThan(250);
  expect(await share(10)).toBe(await share(10));
});
