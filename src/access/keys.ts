import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { and, desc, eq, isNull, sql } from "drizzle-orm";
import { apiKeys } from "../db/schema.ts";
import type { KeyRole } from "../db/states.ts";
import { type HomeScope, inTransaction } from "../db/scope.ts";
import { type Actor, type Limit, actorId, authorize } from "./actor.ts";
import { record } from "./audit.ts";
import { holdBots } from "./hold-bots.ts";

/*
 * A key is `hk_` and 40 random characters. The first eight of them are kept as they are, to find and to recognise it by;
 * of the whole, only a hash. Its 190 hidden bits cannot be guessed, so a fast hash is enough.
 */

/** A key of a program that calls the HTTP API. */
export type ApiKey = Omit<typeof apiKeys.$inferSelect, "homeId" | "hash">;

export interface NewKey {
  name: string;
  role: KeyRole;
  /** The bots that it may use; default: all. */
  bots?: Limit;
  /** Null for never. */
  expiresAt: Date | null;
}

const PREFIX = "hk_";
const PREFIX_LENGTH = PREFIX.length + 8;
const KEY = /^hk_[0-9a-z]{40}$/;
const HIDDEN_PARTS = /(?<=hk_[0-9a-z]{8})[0-9a-z]{32}/g;

/** The time and the address of the last use are written this often. */
const NOTED_EVERY_SECONDS = 60;

/**
 * Makes a key. `secret` is the key itself, which cannot be shown again.
 * @throws DomainError `forbidden`, `bot-unknown`
 */
export async function createKey(
  scope: HomeScope,
  actor: Actor,
  { name, role, bots = null, expiresAt }: NewKey,
): Promise<{ key: ApiKey; secret: string }> {
  const secret = newSecret();
  return inTransaction(scope, async (tx) => {
    await authorize(tx, actor, "create-key");
    await holdBots(tx, bots ?? []);
    const [row] = await tx.db
      .insert(apiKeys)
      .values({
        homeId: tx.homeId,
        name,
        role,
        bots: bots && [...bots],
        expiresAt,
        prefix: secret.slice(0, PREFIX_LENGTH),
        hash: hashOf(secret).toString("hex"),
        createdBy: actorId(actor),
      })
      .returning();
    if (!row) throw new Error("an insert returned no row");
    await record(tx, actor, "key.created", row.id);
    return { key: toKey(row), secret };
  });
}

/**
 * Revokes a key, at once and for good. Returns null if there is no such key, or it was revoked before.
 * @throws DomainError `forbidden`
 */
export async function revokeKey(scope: HomeScope, actor: Actor, id: number): Promise<ApiKey | null> {
  return inTransaction(scope, async (tx) => {
    await authorize(tx, actor, "revoke-key");
    const [row] = await tx.db
      .update(apiKeys)
      .set({ revokedAt: sql`now()` })
      .where(and(eq(apiKeys.homeId, tx.homeId), eq(apiKeys.id, id), isNull(apiKeys.revokedAt)))
      .returning();
    if (!row) return null;
    await record(tx, actor, "key.revoked", id);
    return toKey(row);
  });
}

/** The keys that have not been revoked, newest first; expired ones are among them. */
export async function listKeys({ db, homeId }: HomeScope): Promise<ApiKey[]> {
  const rows = await db
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.homeId, homeId), isNull(apiKeys.revokedAt)))
    .orderBy(desc(apiKeys.id));
  return rows.map(toKey);
}

/** The names of keys by id, of revoked ones, too. */
export async function keyNamesOf(
  { db, homeId }: HomeScope,
  ids: readonly number[],
): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({ id: apiKeys.id, name: apiKeys.name })
    .from(apiKeys)
    .where(and(eq(apiKeys.homeId, homeId), sql`${apiKeys.id} in ${[...new Set(ids)]}`));
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** The key that a caller presents, if it is valid now. Its comparison takes the same time whatever is wrong. */
export async function findKey({ db, homeId }: HomeScope, secret: string, now: Date): Promise<ApiKey | null> {
  if (!KEY.test(secret)) return null;
  const [row] = await db
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.homeId, homeId), eq(apiKeys.prefix, secret.slice(0, PREFIX_LENGTH))));
  const known = Buffer.from(row?.hash ?? "0".repeat(64), "hex");
  if (!timingSafeEqual(hashOf(secret), known) || !row) return null;
  const isOver = row.revokedAt !== null || (row.expiresAt !== null && row.expiresAt <= now);
  return isOver ? null : toKey(row);
}

/** Keeps when and from where a key was used. */
export async function noteUse(
  { db, homeId }: HomeScope,
  key: ApiKey,
  from: string,
  now: Date,
): Promise<void> {
  const before = key.lastUsedAt;
  if (before && now.getTime() - before.getTime() < NOTED_EVERY_SECONDS * 1_000) return;
  await db
    .update(apiKeys)
    .set({ lastUsedAt: now, lastUsedFrom: from })
    .where(and(eq(apiKeys.homeId, homeId), eq(apiKeys.id, key.id)));
}

/** Hides all but the prefixes of the keys in a text. The length stays the same. */
export function maskKeys(text: string): string {
  return text.replace(HIDDEN_PARTS, (hidden) => "*".repeat(hidden.length));
}

function newSecret(): string {
  const letters = "0123456789abcdefghijklmnopqrstuvwxyz";
  // 252 is the largest multiple of 36 in a byte, so that all characters are equally likely.
  let secret = PREFIX;
  while (secret.length < PREFIX.length + 40)
    for (const byte of randomBytes(64))
      if (byte < 252 && secret.length < PREFIX.length + 40) secret += letters[byte % 36];
  return secret;
}

function hashOf(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}

function toKey(row: typeof apiKeys.$inferSelect): ApiKey {
  const { homeId: _, hash: __, ...key } = row;
  return key;
}
