import { type SQL, sql } from "drizzle-orm";
import type { HomeScope } from "../../db/scope.ts";
import { DATE } from "../attributes.ts";
import {
  type Attribute,
  type Choice,
  type Comparison,
  type Condition,
  type Segment,
  type Time,
  conditionsIn,
} from "./segment.ts";

/** What a segment is evaluated by. */
export interface Evaluation {
  /** The instant that times are counted back from. One campaign has one, so that all chunks of its freeze agree. */
  at: Date;
  /** The bots whose people these are; the campaigns that the segment names are theirs. */
  bots: readonly number[];
  /** Only people with ids in here are looked at: rows of others need not be read. */
  part?: Part;
}

/** A part of the people, by id, and where its deliveries are in the campaigns that a segment names. */
export interface Part {
  after: number | null;
  upTo: number | null;
  places: ReadonlyMap<number, { from: number; to: number }>;
}

/**
 * SQL for a segment, the only place that makes it: what to join to `recipients`, and a condition.
 *
 * Deliveries and votes are joined, each campaign once. They have no index by person: as subqueries under "or" and "not" they
 * would be read again for each person as soon as their hash did not fit into work_mem, and a join spills to disk instead.
 */
export function compileSegment(segment: Segment, evaluation: Evaluation): { joins: SQL; where: SQL } {
  const joins = new Map<string, SQL>();
  const where = sqlOf(segment, { ...evaluation, joins, outcomes: outcomesIn(segment) });
  return { joins: sql.join([...joins.values()], sql` `), where };
}

/**
 * Before a statement with these joins, in its transaction. Without statistics of the deliveries (a campaign of a moment ago),
 * PostgreSQL would read all of them again for each person; a hash of a million people takes 60 MB, and would be written to disk;
 * and such a statement would be compiled to machine code first.
 */
export async function prepareJoins({ db }: HomeScope): Promise<void> {
  await db.execute(
    sql`select set_config('enable_nestloop', 'off', true), set_config('work_mem', '32MB', true), set_config('jit', 'off', true)`,
  );
}

type Compiling = Evaluation & { joins: Map<string, SQL>; outcomes: Outcomes };

/** What a segment asks about the copies of each campaign: a state, or only whether there is one. */
type Outcomes = ReadonlyMap<number, ReadonlySet<Outcome>>;
type Outcome = "sent" | "failed" | "uncertain" | "any";

function outcomesIn(segment: Segment): Outcomes {
  const outcomes = new Map<number, Set<Outcome>>();
  const note = (campaign: number, outcome: Outcome) =>
    outcomes.set(campaign, (outcomes.get(campaign) ?? new Set()).add(outcome));
  for (const condition of conditionsIn(segment)) {
    if ("got" in condition) note(condition.got, "sent");
    if ("failed" in condition) note(condition.failed, "failed");
    if ("uncertain" in condition) note(condition.uncertain, "uncertain");
    if ("among" in condition) note(condition.among, "any");
  }
  return outcomes;
}

function sqlOf(segment: Segment, compiling: Compiling): SQL {
  if ("all" in segment) return joined(segment.all, sql` and `, sql`true`, compiling);
  if ("any" in segment) return joined(segment.any, sql` or `, sql`false`, compiling);
  if ("not" in segment) return oppositeOf(segment.not, compiling);
  const test = testOf(segment, compiling);
  return "row" in test ? sql`${test.row} is not null` : sql`(${test.holds})`;
}

/** What is not known does not meet a condition, and so meets its opposite. */
function oppositeOf(segment: Segment, compiling: Compiling): SQL {
  if ("all" in segment || "any" in segment || "not" in segment)
    return sql`(${sqlOf(segment, compiling)}) is not true`;
  const test = testOf(segment, compiling);
  return "row" in test ? sql`${test.row} is null` : sql`(${test.holds}) is not true`;
}

function joined(segments: readonly Segment[], by: SQL, none: SQL, compiling: Compiling): SQL {
  if (segments.length === 0) return none;
  return sql`(${sql.join(
    segments.map((one) => sqlOf(one, compiling)),
    by,
  )})`;
}

/**
 * How a condition is tested. `row` is the column by which a join finds the person's row, if that row alone is what it asks for:
 * only from a plain `is null` or `is not null` can PostgreSQL tell that it may join the other way round, or stop at the first row.
 */
type Test = { row: SQL } | { holds: SQL };

function testOf(condition: Condition, compiling: Compiling): Test {
  if ("list" in condition) return { row: listRow(condition.list, compiling) };
  if ("voted" in condition) return { row: voteRow(condition.voted, compiling) };
  if ("answered" in condition) return { row: answerRow(condition.answered, compiling) };
  if ("among" in condition) return { row: sql`${deliveryOf(condition.among, compiling)}.chat_id` };
  if ("got" in condition) return outcomeTest(condition.got, "sent", compiling);
  if ("failed" in condition) return outcomeTest(condition.failed, "failed", compiling);
  if ("uncertain" in condition) return outcomeTest(condition.uncertain, "uncertain", compiling);
  return { holds: personSql(condition, compiling) };
}

/** A condition on the person's own row. */
type Personal = Exclude<
  Condition,
  | { list: string }
  | { voted: Choice }
  | { answered: Choice }
  | { among: number }
  | { got: number }
  | { failed: number }
  | { uncertain: number }
>;

function personSql(condition: Personal, compiling: Compiling): SQL {
  if ("tag" in condition) return sql`recipients.tags @> array[${condition.tag}]::text[]`;
  if ("attribute" in condition) return attributeSql(condition.attribute);
  if ("source" in condition) return sql`recipients.source = ${condition.source}`;
  if ("language" in condition) return sql`recipients.language = ${condition.language}`;
  if ("premium" in condition) return sql`recipients.is_premium`;
  if ("phone" in condition) return sql`recipients.phone is not null`;
  if ("joined" in condition) return timeSql(sql`recipients.joined_at`, condition.joined, compiling);
  if ("seen" in condition) return timeSql(sql`recipients.last_seen_at`, condition.seen, compiling);
  if ("blocked" in condition)
    return sql`recipients.status = 'blocked' and
      ${timeSql(sql`recipients.status_changed_at`, condition.blocked, compiling)}`;
  return sql`${lotSql} < ${Math.round(condition.chance * 100)}::int`;
}

const COMPARE: Record<Comparison, SQL> = {
  "=": sql`=`,
  "<": sql`<`,
  "<=": sql`<=`,
  ">": sql`>`,
  ">=": sql`>=`,
};

function attributeSql({ name, compare, value }: Attribute): SQL {
  // Whatever the column holds, this is false where the types differ.
  if (compare === "=") return sql`recipients.attributes @> ${JSON.stringify({ [name]: value })}::jsonb`;
  const sign = COMPARE[compare];
  if (typeof value === "number")
    return sql`jsonb_typeof(recipients.attributes -> ${name}::text) = 'number'
      and recipients.attributes -> ${name}::text ${sign} ${JSON.stringify(value)}::jsonb`;
  return sql`recipients.attributes ->> ${name}::text ~ ${DATE.source}
    and recipients.attributes ->> ${name}::text collate "C" ${sign} ${value}`;
}

const HOUR_MS = 3_600_000;

function instant(at: Date | string): SQL {
  return sql`${new Date(at).toISOString()}::timestamptz`;
}

function timeSql(column: SQL, time: Time, { at }: Evaluation): SQL {
  if ("ago" in time) {
    const since = instant(new Date(at.getTime() - time.hours * HOUR_MS));
    return time.ago === "<" ? sql`${column} > ${since}` : sql`${column} <= ${since}`;
  }
  const [from, to] = [instant(time.from), instant(time.to)];
  if (time.compare === "=") return sql`${column} >= ${from} and ${column} < ${to}`;
  const [sign, bound] = { "<": ["<", from], "<=": ["<", to], ">": [">=", to], ">=": [">=", from] }[
    time.compare
  ] as [Comparison, SQL];
  return sql`${column} ${COMPARE[sign]} ${bound}`;
}

/** A prime, so small that no product leaves 63 bits here, or 53 in JavaScript. */
const PRIME = 2_147_483_647;
const MIXED = `(recipients.chat_id % ${PRIME} * 48271 % ${PRIME})`;

/**
 * SQL: a number from 0 to 9,999 that a person draws once and for all. Ids next to each other draw numbers far apart. md5 would
 * take half a second for a million people.
 */
const lotSql = sql.raw(`((${MIXED} # (${MIXED} >> 15)) * 69621 % ${PRIME} % 10000)`);

function outcomeTest(campaign: number, outcome: Exclude<Outcome, "any">, compiling: Compiling): Test {
  const name = deliveryOf(campaign, compiling);
  if (compiling.outcomes.get(campaign)?.size === 1) return { row: sql`${name}.chat_id` };
  return { holds: sql`${name}.state = ${sql.raw(`'${outcome}'`)}` };
}

/**
 * The name of the join with a campaign's deliveries, which is made once. Only those in a state that the segment asks for are
 * read into it: the few that failed or are uncertain have an index.
 */
function deliveryOf(campaign: number, { joins, bots, part, outcomes }: Compiling): SQL {
  const name = sql.raw(`d${campaign}`);
  const place = part?.places.get(campaign);
  const within = place ? sql`and d.seq between ${place.from} and ${place.to}` : sql``;
  const asked = [...(outcomes.get(campaign) ?? [])];
  const states = asked.map((outcome) => `'${outcome}'`).join(", ");
  const inState = asked.includes("any") ? sql`` : sql`and d.state in (${sql.raw(states)})`;
  joins.set(
    `d${campaign}`,
    sql`left join (select d.bot_id, d.chat_id, d.state from deliveries d
        where ${isOf(sql`d.bot_id`, bots)} and d.campaign_id = ${campaign} ${within} ${inState}) ${name}
      on ${samePerson(sql`${name}.bot_id`, sql`${name}.chat_id`, bots)}`,
  );
  return name;
}

/** Each bot has lists of its own. */
function listRow(list: string, { joins, bots, part }: Compiling): SQL {
  const key = `list ${list}`;
  const name = nameOf(key, joins);
  joins.set(
    key,
    sql`left join (select m.bot_id, m.chat_id from lists l join list_members m on m.bot_id = l.bot_id and m.list_id = l.id
        where ${isOf(sql`l.bot_id`, bots)} and l.key = ${list} ${idsWithin(sql`m.chat_id`, part)}) ${name}
      on ${samePerson(sql`${name}.bot_id`, sql`${name}.chat_id`, bots)}`,
  );
  return sql`${name}.chat_id`;
}

/** The name of a join that may be there already. */
function nameOf(key: string, joins: ReadonlyMap<string, SQL>): SQL {
  const place = [...joins.keys()].indexOf(key);
  return sql.raw(`j${place < 0 ? joins.size : place}`);
}

function voteRow({ campaign, choice }: Choice, { joins, bots, part }: Compiling): SQL {
  const key = `v${campaign} ${choice ?? ""}`;
  const name = nameOf(key, joins);
  joins.set(
    key,
    sql`left join (select v.bot_id, v.user_id from votes v
        where ${isOf(sql`v.bot_id`, bots)} and v.campaign_id = ${campaign}
          ${idsWithin(sql`v.user_id`, part)} ${choice === undefined ? sql`` : sql`and v.choice = ${choice}`}) ${name}
      on ${samePerson(sql`${name}.bot_id`, sql`${name}.user_id`, bots)}`,
  );
  return sql`${name}.user_id`;
}

/** Each copy of a poll is a poll of its own, with ids of its own for the options. */
function answerRow({ campaign, choice }: Choice, { joins, bots, part }: Compiling): SQL {
  const key = `a${campaign} ${choice ?? ""}`;
  const name = nameOf(key, joins);
  const chosen =
    choice === undefined
      ? sql``
      : sql`and exists (select from polls p, jsonb_array_elements(p.tally -> 'options') o
          where p.bot_id = a.bot_id and p.poll_id = a.poll_id
            and o ->> 'text' = ${choice} and o ->> 'id' = any(a.choices))`;
  joins.set(
    key,
    sql`left join (select distinct a.bot_id, a.voter_id from poll_answers a
        where ${isOf(sql`a.bot_id`, bots)} and a.campaign_id = ${campaign}
          ${idsWithin(sql`a.voter_id`, part)} ${chosen}) ${name}
      on ${samePerson(sql`${name}.bot_id`, sql`${name}.voter_id`, bots)}`,
  );
  return sql`${name}.voter_id`;
}

/**
 * SQL: a row of a join is that of the person. Both sides are of these bots: with a single one, its id would only make the hashes
 * larger, and be hashed for each row.
 */
function samePerson(botId: SQL, id: SQL, bots: readonly number[]): SQL {
  return sql`${id} = recipients.chat_id ${bots.length === 1 ? sql`` : sql`and ${botId} = recipients.bot_id`}`;
}

function idsWithin(column: SQL, part: Part | undefined): SQL {
  if (!part) return sql``;
  const { after, upTo } = part;
  return sql`${after === null ? sql`` : sql`and ${column} > ${after}`}
    ${upTo === null ? sql`` : sql`and ${column} <= ${upTo}`}`;
}

/** SQL: the column is one of these bots. A single one is compared, so that an index leads to its rows of a campaign. */
function isOf(column: SQL, bots: readonly number[]): SQL {
  const [only] = bots;
  return bots.length === 1 ? sql`${column} = ${only}` : sql`${column} = any(${idsOf(bots)})`;
}

/** SQL: ids as an array; postgres.js would leave a JavaScript array unparsed here. */
export function idsOf(bots: readonly number[]): SQL {
  return sql`${`{${bots.join(",")}}`}::bigint[]`;
}
