import { type SQL, and, eq, inArray, isNull, not, or, sql } from "drizzle-orm";
import { query } from "../../db/connect.ts";
import { type HomeScope, type Scope, inTransaction } from "../../db/scope.ts";
import { recipients } from "../../db/schema.ts";
import { rootCause } from "../../log.ts";
import type { ChatTarget } from "../chats.ts";
import { reachable, wantsCategory } from "../recipients.ts";
import { type Restraint, UNRESTRAINED, standings } from "./restraint.ts";
import type { Segment } from "./segment.ts";
import { type Part, prepareJoins, compileSegment } from "./segment-sql.ts";

/** Who a campaign is for: people, or groups and channels; never both. */
export type Audience = People | Chats;

/** A choice of people by criteria, evaluated when the campaign starts. */
export interface People {
  languages: "all" | string[];
  /** Also everyone whose language is unknown or not one of these. */
  othersThan?: string[];
  /** Of those, only who meets this. */
  segment?: Segment;
  /** Only so many of them, in the order of their ids. */
  first?: number;
}

/** Chosen groups and channels; those that can be written to when the campaign starts get it. */
export interface Chats {
  chats: ChatTarget[];
}

export const EVERYONE: People = { languages: "all" };
export const NOBODY: People = { languages: [] };

/** True if no language is chosen: whatever else is, it reaches nobody. */
export function isNobody({ languages, othersThan }: People): boolean {
  return languages.length === 0 && othersThan === undefined;
}

export function isForChats(audience: Audience): audience is Chats {
  return "chats" in audience;
}

/** SQL: what comes after `from` and after `where` in a statement about the rows of `recipients` that an audience chooses. */
export interface Chosen {
  from: SQL;
  where: SQL;
}

/** SQL: the recipients that an audience matches at this instant, reachable or not, however many it is limited to. */
export function chosenBy({ botId }: Scope, audience: Audience, at: Date, part?: Part): Chosen {
  const own = eq(recipients.botId, botId);
  if (!isForChats(audience)) return choose(own, [botId], audience, at, part);
  const ids = audience.chats.map(({ chatId }) => chatId);
  const named = ids.length > 0 ? inArray(recipients.chatId, ids) : sql`false`;
  return { from: sql`${recipients}`, where: sql`${own} and ${named}` };
}

/** SQL: the people of bots that an audience matches. `own` says that they are of these bots. */
export function choose(own: SQL, bots: readonly number[], people: People, at: Date, part?: Part): Chosen {
  const { joins, where } = people.segment
    ? compileSegment(people.segment, { at, bots, ...(part && { part }) })
    : { joins: sql``, where: undefined };
  const chosen = and(own, eq(recipients.kind, "person"), speaks(people), where, isIn(part));
  return { from: sql`${recipients} ${joins}`, where: chosen ?? own };
}

function isIn(part: Part | undefined): SQL | undefined {
  if (!part) return undefined;
  const { after, upTo } = part;
  return and(
    after === null ? undefined : sql`${recipients.chatId} > ${after}`,
    upTo === null ? undefined : sql`${recipients.chatId} <= ${upTo}`,
  );
}

/** SQL: the languages of a choice of people. */
function speaks({ languages, othersThan }: People): SQL | undefined {
  if (languages === "all") return undefined;
  const chosen = languages.length > 0 ? inArray(recipients.language, languages) : sql`false`;
  if (!othersThan) return chosen;
  const other = othersThan.length > 0 ? not(inArray(recipients.language, othersThan)) : sql`true`;
  return or(chosen, isNull(recipients.language), other);
}

/** How many people or chats an audience reaches, and how many are left out and why. */
export interface AudienceCount {
  reachable: number;
  optedOut: number;
  unreachable: number;
  /** Those of the people it could reach who left the category of the campaign; absent if it has none. */
  leftCategory?: number;
  /** Those who want it and have got as many campaigns as the frequency cap allows; absent without one. */
  overCap?: number;
}

/**
 * Counts an audience as it is at this instant. `restraint` is that of the campaign: who is held back by it is not counted as
 * reachable.
 */
export async function countAudience(
  scope: Scope,
  audience: Audience,
  at: Date,
  restraint: Restraint = UNRESTRAINED,
): Promise<AudienceCount> {
  const [row] = await querySegment<Required<AudienceCount>>(
    scope,
    audience,
    sql`select (count(*) filter (where gets))::float8 as reachable, (count(*) filter (where out))::float8 as "optedOut",
          (count(*) filter (where lost))::float8 as unreachable, (count(*) filter (where unwanted))::float8 as "leftCategory",
          (count(*) filter (where over))::float8 as "overCap"
        from (${standings(chosenBy(scope, audience, at), restraint)}) s`,
  );
  const { leftCategory = 0, overCap = 0, ...count } = row ?? { reachable: 0, optedOut: 0, unreachable: 0 };
  return {
    ...count,
    reachable: limitedTo(audience, count.reachable),
    ...heldBack(restraint, { leftCategory, overCap }),
  };
}

/** The numbers that mean something under this restraint. */
export function heldBack(
  { category, cap }: Restraint,
  { leftCategory, overCap }: { leftCategory: number; overCap: number },
): Pick<AudienceCount, "leftCategory" | "overCap"> {
  return { ...(category !== null && { leftCategory }), ...(cap && { overCap }) };
}

/** Runs a statement about the people of an audience. */
export async function querySegment<Row>(
  scope: HomeScope,
  audience: Audience,
  statement: SQL,
): Promise<Row[]> {
  if (isForChats(audience) || !audience.segment) return query<Row>(scope.db, statement);
  try {
    return await queryJoined<Row>(scope, statement, { parallel: true });
  } catch (error) {
    if (!(error instanceof Error && lacksMemory(error))) throw error;
    return queryJoined<Row>(scope, statement, { parallel: false });
  }
}

async function queryJoined<Row>(
  scope: HomeScope,
  statement: SQL,
  { parallel }: { parallel: boolean },
): Promise<Row[]> {
  return inTransaction(scope, async (tx) => {
    await prepareJoins(tx);
    if (!parallel) await tx.db.execute(sql`set local max_parallel_workers_per_gather = 0`);
    return query<Row>(tx.db, statement);
  });
}

/**
 * PostgreSQL could not get memory or disk. Parallel workers share their hashes in /dev/shm, which in a container is 64 MB unless
 * it is told otherwise: too small for three campaigns to a million people. One process alone writes to its own files instead.
 */
function lacksMemory(error: Error): boolean {
  const { code } = rootCause(error) as { code?: unknown };
  return code === "53100" || code === "53200"; // disk_full, out_of_memory
}

/** For audiences without a segment, in which the time does not matter. */
const ANY_TIME = new Date(0);

/** Everyone whom a bot knows. */
export async function countEveryone(scope: Scope): Promise<AudienceCount> {
  return countAudience(scope, EVERYONE, ANY_TIME);
}

/** How many of these people an audience takes. */
export function limitedTo(audience: Audience, count: number): number {
  return isForChats(audience) ? count : Math.min(count, audience.first ?? count);
}

/** Languages that have a toggle of their own; the rest share `Other languages`. */
const MOST_TOGGLES = 8;

export interface LanguageCounts {
  all: number;
  /** Most spoken first. */
  languages: { language: string; count: number }[];
  /** People whose language is unknown or not one of `languages`. */
  others: number;
}

/** People of one language; null is an unknown one. */
export interface LanguageGroup {
  language: string | null;
  count: number;
}

/** The reachable people of a choice, by language, most spoken first. */
export async function countByLanguage(
  scope: Scope,
  people: People,
  at: Date,
  category: number | null = null,
): Promise<LanguageGroup[]> {
  const { from, where } = chosenBy(scope, people, at);
  return querySegment<LanguageGroup>(
    scope,
    people,
    sql`select ${recipients.language} as language, count(*)::float8 as count
        from ${from} where ${where} and ${reachable} and ${wantsCategory("recipients", category)}
        group by ${recipients.language} order by 2 desc, 1`,
  );
}

/** Reachable people by language, for the toggles of the audience card. */
export async function countLanguages(scope: Scope): Promise<LanguageCounts> {
  const rows = await countByLanguage(scope, EVERYONE, ANY_TIME);
  const all = rows.reduce((sum, row) => sum + row.count, 0);
  const languages = togglesOf(rows);
  return { all, languages, others: all - languages.reduce((sum, row) => sum + row.count, 0) };
}

/** The languages that have a toggle of their own, of groups that are most spoken first. */
export function togglesOf(groups: readonly LanguageGroup[]): LanguageCounts["languages"] {
  return groups
    .flatMap(({ language, count }) => (language === null ? [] : [{ language, count }]))
    .slice(0, MOST_TOGGLES);
}
