import { type SQL, and, asc, desc, eq, inArray, lt, or, sql } from "drizzle-orm";
import { readLine } from "../audience/segment/read-line.ts";
import { partsOf } from "../audience/segment/segment.ts";
import type { HomeScope } from "../db/scope.ts";
import { campaigns } from "../db/schema.ts";
import type { CampaignState } from "../db/states.ts";
import { sumOf } from "./counters.ts";
import { type Campaign, OVER_STATES } from "./campaign.ts";
import { notStarted, ofHome, toCampaign } from "./queries.ts";

/** The lists of campaigns; each campaign is in one of them. */
export const LISTS = ["running", "scheduled", "drafts", "done"] as const;
export type List = (typeof LISTS)[number];

/** One page of a list, and whether more follow. */
export interface Page {
  campaigns: Campaign[];
  more: boolean;
}

/** The page, from 0, and the number of campaigns per page. */
export interface PageOf {
  page: number;
  size: number;
  /** Only campaigns of this bot. */
  bot?: number | undefined;
}

/** A campaign paused before its time is still scheduled; one paused later is running. /newcomers lists the steps of its series. */
const IN_LIST: Record<List, SQL> = {
  running: sql`(${campaigns.state} in ('running', 'paused') and not ${notStarted} and ${campaigns.step} is null)`,
  scheduled: notStarted,
  drafts: eq(campaigns.state, "draft"),
  done: sql`(${inArray(campaigns.state, [...OVER_STATES])} and ${campaigns.step} is null)`,
};

/** SQL: it was confirmed together with others. A change of such a campaign is a draft, and has a bundle, too. */
const isBundled = sql`(${campaigns.bundleId} is not null and ${campaigns.state} <> 'draft')`;

/** SQL: how many entries a list has. Campaigns that were confirmed together are one; in the list of one bot, each is its own. */
function countEntries(condition: SQL | undefined, bot: number | undefined): SQL<number> {
  const all = sql`count(*) filter (where ${condition})`;
  const count =
    bot === undefined
      ? sql`count(*) filter (where ${condition} and not ${isBundled})
          + count(distinct ${campaigns.bundleId}) filter (where ${condition} and ${isBundled})`
      : all;
  return sql<number>`(${count})`.mapWith(Number);
}

/**
 * SQL: the campaigns under which a list has its entries: of those that were confirmed together, the first that is in the list.
 * Two queries, because a subquery for each campaign would have to look at those of other bots.
 */
async function entriesOf(
  home: HomeScope,
  condition: SQL | undefined,
  bot: number | undefined,
): Promise<SQL | undefined> {
  if (bot !== undefined) return condition;
  const rows = await home.db
    .select({ id: sql<number>`min(${campaigns.id})`.mapWith(Number) })
    .from(campaigns)
    .where(and(ofHome(home), condition, isBundled))
    .groupBy(campaigns.bundleId);
  const first = rows.map(({ id }) => id);
  return and(
    condition,
    or(sql`not ${isBundled}`, first.length > 0 ? inArray(campaigns.id, first) : undefined),
  );
}

/** Newest first; scheduled ones by time. */
const ORDER: Record<List, SQL[]> = {
  running: [desc(campaigns.id)],
  scheduled: [sql`${campaigns.startsAt} nulls first`, asc(campaigns.id)],
  drafts: [desc(campaigns.id)],
  done: [desc(campaigns.id)],
};

export async function listPage(scope: HomeScope, list: List, pageOf: PageOf): Promise<Page> {
  return readPage(scope, IN_LIST[list], ORDER[list], pageOf);
}

/** The number of campaigns in each list, of the home or of one of its bots. */
export async function countLists(home: HomeScope, bot?: number): Promise<Record<List, number>> {
  const of = (list: List) => countEntries(IN_LIST[list], bot);
  const [row] = await home.db
    .select({ running: of("running"), scheduled: of("scheduled"), drafts: of("drafts"), done: of("done") })
    .from(campaigns)
    .where(ofHome(home, bot));
  return row ?? { running: 0, scheduled: 0, drafts: 0, done: 0 };
}

/**
 * Campaigns in any state whose post has all of the words in its text, caption or buttons, or whose audience has these
 * conditions: `tag:vip`. Newest first. `е` finds `ё`,
 * and case does not matter, for all alphabets that the locale of the database knows.
 */
export async function searchPage(scope: HomeScope, words: string, pageOf: PageOf): Promise<Page> {
  return readPage(scope, finds(words), [desc(campaigns.id)], pageOf);
}

export async function countFound(home: HomeScope, words: string, bot?: number): Promise<number> {
  const [row] = await home.db
    .select({ count: countEntries(finds(words), bot) })
    .from(campaigns)
    .where(ofHome(home, bot));
  return row?.count ?? 0;
}

/** Which campaigns a list is to have; all conditions hold together. */
export interface CampaignFilter {
  states?: readonly CampaignState[];
  /** The bot that sends them. */
  bot?: number;
  /** As in searchPage(). */
  words?: string;
  /** The number of an actor (`actorId`). */
  author?: number;
  /** Its time or, if it has none, when it was created: from `from` on, and before `to`. */
  from?: Date;
  to?: Date;
  /** Only those with deliveries that failed, and not by the recipients' choice, or are uncertain. */
  withErrors?: boolean;
}

/** The newest campaigns that fit, at most `limit`, with numbers below `before`. */
export async function listCampaigns(
  home: HomeScope,
  { states, bot, words, author, from, to, withErrors }: CampaignFilter,
  limit: number,
  before?: number,
): Promise<Page> {
  const time = sql`coalesce(${campaigns.startsAt}, ${campaigns.createdAt})`;
  const rows = await home.db
    .select()
    .from(campaigns)
    .where(
      and(
        ofHome(home, bot),
        before === undefined ? undefined : lt(campaigns.id, before),
        states && inArray(campaigns.state, [...states]),
        words === undefined ? undefined : finds(words),
        author === undefined ? undefined : eq(campaigns.createdBy, author),
        from && sql`${time} >= ${from.toISOString()}::timestamptz`,
        to && sql`${time} < ${to.toISOString()}::timestamptz`,
        withErrors ? sql`${sumOf(({ isError }) => isError)} > 0` : undefined,
      ),
    )
    .orderBy(desc(campaigns.id))
    .limit(limit + 1);
  return { campaigns: rows.slice(0, limit).map(toCampaign), more: rows.length > limit };
}

async function readPage(
  home: HomeScope,
  condition: SQL | undefined,
  order: SQL[],
  { page, size, bot }: PageOf,
) {
  const entries = await entriesOf(home, condition, bot);
  const rows = await home.db
    .select()
    .from(campaigns)
    .where(and(ofHome(home, bot), entries))
    .orderBy(...order)
    .offset(page * size)
    .limit(size + 1);
  return { campaigns: rows.slice(0, size).map(toCampaign), more: rows.length > size };
}

/** More words than this do not narrow a search. */
const MOST_WORDS = 12;

/** SQL: the words are in the post or, read as a line of conditions, in the segment of the audience. */
function finds(words: string): SQL | undefined {
  return or(mentions(words), asksFor(words));
}

/** The days of a line begin in the time zone of whoever typed it, and are compared by their names alone. */
const ANY_ZONE = { from: new Date(0), to: new Date(0) };

/**
 * SQL: the segment has each of these conditions, wherever in it. `-tag:vip` is another condition than `tag:vip`; `voted:12` is
 * in `voted:12=👍`, too. Undefined if the words are no line of conditions.
 */
function asksFor(words: string): SQL | undefined {
  const reading = readLine(words, () => ANY_ZONE);
  if (reading.type !== "read") return undefined;
  const wanted = partsOf(reading.segment).map((part) =>
    JSON.stringify(part, (key, value: unknown) => (key === "from" || key === "to" ? undefined : value)),
  );
  return and(
    ...wanted.map(
      (part) => sql`exists (select from jsonb_path_query(${campaigns.audience}, 'lax $.segment.**') node
        where node @> ${part}::text::jsonb)`,
    ),
  );
}

/**
 * SQL: every word occurs in the visible text of the post. No index helps, and none is needed: a home has thousands of
 * campaigns, not millions, and they are read from the newest on until a page is full.
 */
function mentions(words: string): SQL | undefined {
  const patterns = plain(words)
    .split(/\s+/)
    .filter(Boolean)
    .slice(0, MOST_WORDS)
    .map((word) => `%${word.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`);
  return patterns.length > 0
    ? and(...patterns.map((pattern) => sql`${readable} ilike ${pattern}`))
    : sql`false`;
}

function plain(words: string): string {
  return words.replaceAll("ё", "е").replaceAll("Ё", "Е");
}

/** SQL: text, caption and buttons of a post, one per line. `content` is content/content.ts as JSON. */
const readable = sql`translate(concat_ws(chr(10),
  ${campaigns.content} ->> 'text', ${campaigns.content} ->> 'caption',
  (select string_agg(button #>> '{}', chr(10))
    from jsonb_path_query(${campaigns.content}, '$.buttons[*][*].text') button)), 'ёЁ', 'еЕ')`;
