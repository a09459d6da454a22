import { and, asc, eq, inArray } from "drizzle-orm";
import { type HomeScope, inTransaction } from "../db/scope.ts";
import { deleteDialog } from "../db/dialog-state.ts";
import { admins, recipients } from "../db/schema.ts";
import { fullName, visibleName } from "../person-name.ts";
import { type Actor, actorId, authorize, mayUse } from "./actor.ts";
import { record } from "./audit.ts";
import { keyNamesOf } from "./keys.ts";

/** A person whom an owner made an admin. Owners are not in this table: they come from the configuration. */
export type Admin = typeof admins.$inferSelect;

export async function listAdmins({ db, homeId }: HomeScope): Promise<Admin[]> {
  const rows = await db.select().from(admins).where(eq(admins.homeId, homeId)).orderBy(asc(admins.addedAt));
  return rows.map(withVisibleName);
}

/** Everyone who may use the bot: the owners, and those admins whom they have not limited to others. */
export async function listAdminsOfBot(
  scope: HomeScope,
  ownerIds: readonly number[],
  botId: number,
): Promise<number[]> {
  return listAdminsOfBots(scope, ownerIds, [botId]);
}

/** Everyone who may use all of these bots. */
export async function listAdminsOfBots(
  scope: HomeScope,
  ownerIds: readonly number[],
  botIds: readonly number[],
): Promise<number[]> {
  const listed = (await listAdmins(scope)).filter(({ bots }) => botIds.every((botId) => mayUse(bots, botId)));
  return [...new Set([...ownerIds, ...listed.map(({ userId }) => userId)])];
}

/** Shows the id in place of a name that has no visible character. */
function withVisibleName(admin: Admin): Admin {
  return { ...admin, name: visibleName(admin.name) ?? String(admin.userId) };
}

/**
 * Makes a person an admin. Returns false if they already were one.
 * @throws DomainError `forbidden`
 */
export async function addAdmin(
  scope: HomeScope,
  actor: Actor,
  admin: { userId: number; name: string },
): Promise<boolean> {
  return inTransaction(scope, async (tx) => {
    await authorize(tx, actor, "add-admin");
    const added = await tx.db
      .insert(admins)
      .values({ homeId: tx.homeId, ...admin, addedBy: actorId(actor) })
      .onConflictDoNothing()
      .returning({ userId: admins.userId });
    if (added.length > 0) await record(tx, actor, "admin.added", admin.userId);
    return added.length > 0;
  });
}

/**
 * Removes an admin and their open dialog. Returns null if they were not an admin.
 * @throws DomainError `forbidden`
 */
export async function removeAdmin(scope: HomeScope, actor: Actor, userId: number): Promise<Admin | null> {
  return inTransaction(scope, async (tx) => {
    await authorize(tx, actor, "remove-admin");
    const [removed] = await tx.db
      .delete(admins)
      .where(and(eq(admins.homeId, tx.homeId), eq(admins.userId, userId)))
      .returning();
    if (!removed) return null;
    await deleteDialog(tx, userId);
    await record(tx, actor, "admin.removed", userId);
    return withVisibleName(removed);
  });
}

/**
 * Names of actors by their number (`actorId`): of a person the bot's own record, else the name noted when they became an
 * admin, else the id; of a key the name that it was given.
 */
export async function namesOf(scope: HomeScope, actorIds: readonly number[]): Promise<Map<number, string>> {
  const { db, homeId } = scope;
  const ids = [...new Set(actorIds)];
  if (ids.length === 0) return new Map();
  // Admins talk to the home bot, so it knows their names.
  const known = await db
    .select({ id: recipients.chatId, first: recipients.firstName, last: recipients.lastName })
    .from(recipients)
    .where(and(eq(recipients.botId, homeId), inArray(recipients.chatId, ids)));
  const listed = await db
    .select({ id: admins.userId, name: admins.name })
    .from(admins)
    .where(and(eq(admins.homeId, homeId), inArray(admins.userId, ids)));
  const keyNames = await keyNamesOf(
    scope,
    ids.filter((id) => id < 0).map((id) => -id),
  );
  const knownNames = new Map(known.map(({ id, first, last }) => [id, fullName(first, last)]));
  const given = new Map(listed.map(({ id, name }) => [id, visibleName(name)]));
  return new Map(
    ids.map((id) => [id, keyNames.get(-id) ?? knownNames.get(id) ?? given.get(id) ?? String(id)]),
  );
}

export async function nameOf(scope: HomeScope, userId: number): Promise<string> {
  return (await namesOf(scope, [userId])).get(userId) ?? String(userId);
}
