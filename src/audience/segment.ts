import { type SQL, and, count, desc, eq, inArray, isNull, not, or, sql } from "drizzle-orm";
import type { Scope } from "../db/scope.ts";
import { recipients } from "../db/schema.ts";
import { optedOut, reachable, unreachable, wantsCategory } from "./recipients.ts";

/** Who a campaign is for: people, or groups and channels; never both. */
export type Audience = People | Chats;

/** A choice of people by criteria, evaluated when the campaign starts. */
export interface People {
  languages: "all" | string[];
  /** Also everyone whose language is unknown or not one of these. */
  othersThan?: string[];
}

/** Chosen groups and channels; those that can be written to when the campaign starts get it. */
export interface Chats {
  chats: ChatTarget[];
}

export interface ChatTarget {
  chatId: number;
  /** A topic of a forum; absent for the chat as a whole. */
  threadId?: number;
}

export const EVERYONE: People = { languages: "all" };
export const NOBODY: People = { languages: [] };

export function isForChats(audience: Audience): audience is Chats {
  return "chats" in audience;
}

/** SQL: the recipients that the audience matches, reachable or not. */
export function belongsTo({ botId }: Scope, audience: Audience): SQL | undefined {
  if (isForChats(audience)) {
    const ids = audience.chats.map(({ chatId }) => chatId);
    return and(eq(recipients.botId, botId), ids.length > 0 ? inArray(recipients.chatId, ids) : sql`false`);
  }
  return and(eq(recipients.botId, botId), eq(recipients.kind, "person"), speaks(audience));
}

/** SQL: the languages of a choice of people. */
export function speaks({ languages, othersThan }: People): SQL | undefined {
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
}

/** `category` is that of the campaign: who left it is not counted as reachable. */
export async function countAudience(
  scope: Scope,
  audience: Audience,
  category: number | null = null,
): Promise<AudienceCount> {
  const wants = wantsCategory("recipients", category);
  const [row] = await scope.db
    .select({
      reachable: sql<number>`count(*) filter (where ${reachable} and ${wants})`.mapWith(Number),
      ...(category !== null && {
        leftCategory: sql<number>`count(*) filter (where ${reachable} and not ${wants})`.mapWith(Number),
      }),
      optedOut: sql<number>`count(*) filter (where ${optedOut})`.mapWith(Number),
      unreachable: sql<number>`count(*) filter (where ${unreachable})`.mapWith(Number),
    })
    .from(recipients)
    .where(belongsTo(scope, audience));
  return row ?? { reachable: 0, optedOut: 0, unreachable: 0 };
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
  category: number | null = null,
): Promise<LanguageGroup[]> {
  return scope.db
    .select({ language: recipients.language, count: count() })
    .from(recipients)
    .where(and(belongsTo(scope, people), reachable, wantsCategory("recipients", category)))
    .groupBy(recipients.language)
    .orderBy(desc(count()), recipients.language);
}

/** Reachable people by language, for the toggles of the audience card. */
export async function countLanguages(scope: Scope, category: number | null = null): Promise<LanguageCounts> {
  const rows = await countByLanguage(scope, EVERYONE, category);
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
