import { type SQL, and, asc, desc, eq, gt, inArray, ne, sql } from "drizzle-orm";
import { type Tally, storedTally } from "../../content/poll-tally.ts";
import { query } from "../../db/connect.ts";
import { type Scope, inTransaction } from "../../db/scope.ts";
import { pollAnswers, pollTotals, polls } from "../../db/schema.ts";
import type { PollCount } from "../../db/states.ts";

/** A poll that a campaign sent. */
export interface SentPoll {
  pollId: string;
  campaignId: number;
  /** Language of the version; null for the default one. */
  version: string | null;
}

/**
 * Records which polls belong to which campaign. Forwards share one poll, which stays with the first campaign that has
 * it.
 */
export async function notePolls({ db, botId }: Scope, sent: readonly SentPoll[]): Promise<void> {
  if (sent.length === 0) return;
  await db.execute(
    sql`insert into polls (bot_id, poll_id, campaign_id, version)
        select ${botId}, p."pollId", p."campaignId", p.version
        from jsonb_to_recordset(${JSON.stringify(sent)}::jsonb) as p("pollId" text, "campaignId" bigint, version text)
        on conflict do nothing`,
  );
}

/** A voter's current choice in a poll that is not anonymous. */
export interface Answer {
  /** A person, or a chat on whose behalf someone voted. */
  voterId: number;
  name: string;
  username: string | null;
  /** Ids of options as in the tally; empty if the vote was retracted. */
  choices: string[];
}

/** What updates said about a poll: its results, and who voted since. */
export interface Heard {
  pollId: string;
  tally: Tally | null;
  answers: readonly Answer[];
}

/**
 * Writes what updates said about polls, each poll once, and adds the changes to the totals of their campaigns.
 * Idempotent.
 * Returns the known polls, and the campaigns whose totals changed.
 */
export async function countVotes(
  scope: Scope,
  heard: readonly Heard[],
): Promise<{ known: ReadonlySet<string>; campaigns: ReadonlySet<number> }> {
  return inTransaction(scope, async (tx) => {
    const { db, botId } = tx;
    const byId = new Map(heard.map((one) => [one.pollId, one]));
    // The rows are locked until the transaction ends, so each difference is counted once.
    const rows = await db
      .select()
      .from(polls)
      .where(and(eq(polls.botId, botId), inArray(polls.pollId, [...byId.keys()])))
      .orderBy(asc(polls.pollId))
      .for("update");
    const found = rows.flatMap((row) => {
      const one = byId.get(row.pollId);
      return one ? [{ ...row, before: tallyOf(row), now: one.tally, answers: one.answers }] : [];
    });
    const turned = found.flatMap(({ now, ...poll }) => (now ? [{ ...poll, now }] : []));
    await writeTallies(tx, turned);
    await writeAnswers(tx, found);
    await moveTotals(tx, turned);
    return {
      known: new Set(rows.map(({ pollId }) => pollId)),
      campaigns: new Set(rows.map(({ campaignId }) => campaignId)),
    };
  });
}

/** The results of a poll; null if Telegram has never sent any. */
export function tallyOf({
  tally,
  pollId,
}: Pick<typeof polls.$inferSelect, "tally" | "pollId">): Tally | null {
  return tally && storedTally.parse(tally, `poll ${pollId}`);
}

async function writeTallies(
  { db, botId }: Scope,
  turned: readonly { pollId: string; now: Tally }[],
): Promise<void> {
  if (turned.length === 0) return;
  const byId = JSON.stringify(
    Object.fromEntries(turned.map(({ pollId, now }) => [pollId, storedTally.store(now)])),
  );
  await db
    .update(polls)
    .set({ tally: sql`${byId}::jsonb -> ${polls.pollId}` })
    .where(
      and(
        eq(polls.botId, botId),
        inArray(
          polls.pollId,
          turned.map(({ pollId }) => pollId),
        ),
      ),
    );
}

async function writeAnswers(
  { db, botId }: Scope,
  found: readonly { campaignId: number; pollId: string; answers: readonly Answer[] }[],
): Promise<void> {
  const all = found.flatMap(({ campaignId, pollId, answers }) =>
    answers.map((answer) => ({ campaignId, pollId, ...answer })),
  );
  const [given, taken] = [all.filter(({ choices }) => choices.length > 0), all.filter(isTakenBack)];
  // As JSON, because a statement takes at most 65,534 parameters, and groups keep voting while the database is away.
  if (given.length > 0)
    await db.execute(
      sql`insert into poll_answers (bot_id, campaign_id, poll_id, voter_id, name, username, choices)
          select ${botId}, g."campaignId", g."pollId", g."voterId", g.name, g.username, g.choices
          from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g("campaignId" bigint, "pollId" text,
            "voterId" bigint, name text, username text, choices text[])
          on conflict (bot_id, campaign_id, poll_id, voter_id) do update set
            name = excluded.name, username = excluded.username, choices = excluded.choices, answered_at = now()`,
    );
  if (taken.length > 0)
    await db.execute(
      sql`delete from poll_answers a using jsonb_to_recordset(${JSON.stringify(taken)}::jsonb)
            as voter("campaignId" bigint, "pollId" text, "voterId" bigint)
          where a.bot_id = ${botId} and a.campaign_id = voter."campaignId" and a.poll_id = voter."pollId" and a.voter_id = voter."voterId"`,
    );
}

const isTakenBack = ({ choices }: Answer) => choices.length === 0;

/** Everyone who votes updates the same few rows: last in the transaction, and in a fixed order. */
async function moveTotals(
  { db, botId }: Scope,
  turned: readonly { campaignId: number; version: string | null; before: Tally | null; now: Tally }[],
): Promise<void> {
  const moves = new Map<string, typeof pollTotals.$inferInsert & { count: number }>();
  for (const { campaignId, version, before, now } of turned)
    for (const [tally, sign] of [[before, -1] as const, [now, 1] as const])
      for (const { what, option, count } of tally ? countsIn(tally) : []) {
        const row = { botId, campaignId, version: version ?? "", what, option };
        const key = JSON.stringify([campaignId, row.version, what, option]);
        moves.set(key, { ...row, count: (moves.get(key)?.count ?? 0) + sign * count });
      }
  const moved = [...moves].filter(([, { count }]) => count !== 0).toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (moved.length === 0) return;
  await db
    .insert(pollTotals)
    .values(moved.map(([, row]) => row))
    .onConflictDoUpdate({
      target: [
        pollTotals.botId,
        pollTotals.campaignId,
        pollTotals.version,
        pollTotals.what,
        pollTotals.option,
      ],
      set: { count: sql`${pollTotals.count} + excluded.count` },
    });
}

function countsIn(tally: Tally): { what: PollCount; option: string; count: number }[] {
  return [
    ...(["voters", "judged", "right"] as const).map((what) => ({ what, option: "", count: tally[what] })),
    ...tally.options.map(({ text, votes }) => ({ what: "option" as const, option: text, count: votes })),
  ];
}

/** The totals of a campaign's polls, by the language of the version ("" is the default one). */
export interface PollTotal {
  version: string;
  what: PollCount;
  option: string;
  count: number;
}

/**
 * People can add options to some polls, each to their own; beyond this many, those with the fewest votes are left out.
 */
const MOST_TOTALS = 1_000;

export async function listPollTotals(scope: Scope, campaignId: number): Promise<PollTotal[]> {
  return selectTotals(scope, eq(pollTotals.campaignId, campaignId))
    .orderBy(desc(pollTotals.count))
    .limit(MOST_TOTALS);
}

function selectTotals({ db, botId }: Scope, condition: SQL | undefined) {
  return db
    .select({
      version: pollTotals.version,
      what: pollTotals.what,
      option: pollTotals.option,
      count: pollTotals.count,
    })
    .from(pollTotals)
    .where(and(eq(pollTotals.botId, botId), ne(pollTotals.count, 0), condition))
    .$dynamic();
}

/** The newest campaigns with votes in their polls, at most `limit`. */
export async function listPolled({ db, botId }: Scope, limit: number): Promise<number[]> {
  const rows = await db
    .select({ id: pollTotals.campaignId })
    .from(pollTotals)
    .where(and(eq(pollTotals.botId, botId), eq(pollTotals.what, "voters"), gt(pollTotals.count, 0)))
    .groupBy(pollTotals.campaignId)
    .orderBy(desc(pollTotals.campaignId))
    .limit(limit);
  return rows.map(({ id }) => id);
}

/** A vote in a poll that is not anonymous. */
export interface NamedAnswer {
  voterId: number;
  name: string;
  username: string | null;
  version: string | null;
  choices: string[];
  /** The poll's results; null if Telegram has never sent any. */
  tally: Tally | null;
  answeredAt: Date;
}

/** Answers read at once. */
const PAGE = 1_000;

/** Every answer of a campaign, in no particular order of time; read page by page, so that memory stays flat. */
export async function* eachAnswer({ db, botId }: Scope, campaignId: number): AsyncGenerator<NamedAnswer> {
  for (let last: { pollId: string; voterId: number } | null = null; ;) {
    const page = await db
      .select({
        pollId: pollAnswers.pollId,
        voterId: pollAnswers.voterId,
        name: pollAnswers.name,
        username: pollAnswers.username,
        choices: pollAnswers.choices,
        answeredAt: pollAnswers.answeredAt,
        version: polls.version,
        tally: polls.tally,
      })
      .from(pollAnswers)
      .innerJoin(polls, and(eq(polls.botId, pollAnswers.botId), eq(polls.pollId, pollAnswers.pollId)))
      .where(
        and(
          eq(pollAnswers.botId, botId),
          eq(pollAnswers.campaignId, campaignId),
          last
            ? sql`(${pollAnswers.pollId}, ${pollAnswers.voterId}) > (${last.pollId}, ${last.voterId}::bigint)`
            : undefined,
        ),
      )
      .orderBy(pollAnswers.pollId, pollAnswers.voterId)
      .limit(PAGE);
    yield* page.map((answer) => ({ ...answer, tally: tallyOf(answer) }));
    last = page.at(-1) ?? null;
    if (page.length < PAGE) return;
  }
}

/** True if anyone is known to have answered by name. */
export async function hasAnswers({ db, botId }: Scope, campaignId: number): Promise<boolean> {
  const rows = await query<{ one: number }>(
    db,
    sql`select 1 as one from poll_answers where bot_id = ${botId} and campaign_id = ${campaignId} limit 1`,
  );
  return rows.length > 0;
}
