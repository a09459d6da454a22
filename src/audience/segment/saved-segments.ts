import { and, asc, count, eq, sql } from "drizzle-orm";
import { segments } from "../../db/schema.ts";
import type { Scope } from "../../db/scope.ts";
import { DomainError } from "../../errors.ts";
import { format } from "../../stored-json.ts";
import { shownName } from "../shown-name.ts";
import { type Segment, segmentShape } from "./segment.ts";

/** Conditions of a bot under a name. Whoever uses them takes a copy, so that a change of them changes no campaign. */
export interface SavedSegment {
  id: number;
  name: string;
  segment: Segment;
  /** Who made or changed it last: a user's id, or the negated id of an API key. */
  savedBy: number;
  savedAt: Date;
}

/** The saved segments of a bot by the key of their names, for lines that name them: `saved:"Regulars"`. */
export type SavedByName = ReadonlyMap<string, Segment>;

/** The most saved segments of a bot: more than anybody finds again. */
export const MOST_SEGMENTS = 200;

/** The column `segment`. */
export const storedSegment = format<Segment, "segment">("segment", segmentShape);

/**
 * Saves conditions under a new name.
 * @throws DomainError `segment-name-unfit`, `segment-name-taken`, `too-many-segments`
 */
export async function insertSegment(
  scope: Scope,
  text: string,
  segment: Segment,
  by: number,
): Promise<SavedSegment> {
  const { db, botId } = scope;
  const named = fitName(text);
  await refuseTooMany(scope);
  const [row] = await db
    .insert(segments)
    .values({ botId, ...named, segment: storedSegment.store(segment), savedBy: by })
    .onConflictDoNothing()
    .returning();
  if (!row) throw new DomainError("segment-name-taken", { name: named.name });
  return toSaved(row);
}

/**
 * Saves conditions under a name, in place of those that have it already.
 * @throws DomainError `segment-name-unfit`, `too-many-segments`
 */
export async function putSegment(
  scope: Scope,
  text: string,
  segment: Segment,
  by: number,
): Promise<SavedSegment> {
  const { db, botId } = scope;
  const named = fitName(text);
  if (!(await findSegmentByName(scope, text))) await refuseTooMany(scope);
  const changed = { name: named.name, segment: storedSegment.store(segment), savedBy: by };
  const [row] = await db
    .insert(segments)
    .values({ botId, key: named.key, ...changed })
    .onConflictDoUpdate({ target: [segments.botId, segments.key], set: { ...changed, savedAt: sql`now()` } })
    .returning();
  if (!row) throw new Error("an upsert returns its row");
  return toSaved(row);
}

/** Puts other conditions in place of those saved; null if they are not there. */
export async function setSegment(
  { db, botId }: Scope,
  id: number,
  segment: Segment,
  by: number,
): Promise<SavedSegment | null> {
  const [row] = await db
    .update(segments)
    .set({ segment: storedSegment.store(segment), savedBy: by, savedAt: sql`now()` })
    .where(isSegment(botId, id))
    .returning();
  return row ? toSaved(row) : null;
}

/**
 * Gives saved conditions another name; null if they are not there.
 * @throws DomainError `segment-name-unfit`, `segment-name-taken`
 */
export async function setSegmentName(scope: Scope, id: number, text: string): Promise<SavedSegment | null> {
  const { db, botId } = scope;
  const named = fitName(text);
  const taken = await findSegmentByName(scope, text);
  if (taken && taken.id !== id) throw new DomainError("segment-name-taken", { name: named.name });
  const [row] = await db.update(segments).set(named).where(isSegment(botId, id)).returning();
  return row ? toSaved(row) : null;
}

/** False if there are none with this id. */
export async function removeSegment({ db, botId }: Scope, id: number): Promise<boolean> {
  const gone = await db.delete(segments).where(isSegment(botId, id)).returning({ id: segments.id });
  return gone.length > 0;
}

export async function findSegment({ db, botId }: Scope, id: number): Promise<SavedSegment | null> {
  const [row] = await db.select().from(segments).where(isSegment(botId, id));
  return row ? toSaved(row) : null;
}

/** By its name in any spelling. */
export async function findSegmentByName({ db, botId }: Scope, text: string): Promise<SavedSegment | null> {
  const key = shownName(text)?.key;
  if (key === undefined) return null;
  const [row] = await db
    .select()
    .from(segments)
    .where(and(eq(segments.botId, botId), eq(segments.key, key)));
  return row ? toSaved(row) : null;
}

/** The saved segments of a bot, by name. */
export async function listSegments({ db, botId }: Scope): Promise<SavedSegment[]> {
  const rows = await db.select().from(segments).where(eq(segments.botId, botId)).orderBy(asc(segments.key));
  return rows.map(toSaved);
}

/** The saved segments of a bot, as readLine() wants them. */
export async function savedByName({ db, botId }: Scope): Promise<SavedByName> {
  const rows = await db.select().from(segments).where(eq(segments.botId, botId));
  return new Map(rows.map((row) => [row.key, toSaved(row).segment]));
}

async function refuseTooMany({ db, botId }: Scope): Promise<void> {
  const [held] = await db.select({ segments: count() }).from(segments).where(eq(segments.botId, botId));
  if (held && held.segments >= MOST_SEGMENTS)
    throw new DomainError("too-many-segments", { count: MOST_SEGMENTS });
}

function isSegment(botId: number, id: number) {
  return and(eq(segments.botId, botId), eq(segments.id, id));
}

function fitName(text: string): { name: string; key: string } {
  const named = shownName(text);
  if (!named) throw new DomainError("segment-name-unfit");
  return named;
}

function toSaved({ id, name, segment, savedBy, savedAt }: typeof segments.$inferSelect): SavedSegment {
  return { id, name, segment: storedSegment.parse(segment, `saved segment ${id}`), savedBy, savedAt };
}
