import { and, asc, eq } from "drizzle-orm";
import { type Scope, inTransaction } from "../db/connect.ts";
import { deleteDialog } from "../db/dialogs.ts";
import { admins } from "../db/schema.ts";
import { record } from "./audit.ts";

/** Somebody whom an owner let send. Owners are not in this list: they come from the configuration. */
export type Admin = typeof admins.$inferSelect;

export async function isListedAdmin({ db, botId }: Scope, userId: number): Promise<boolean> {
  const rows = await db
    .select({ userId: admins.userId })
    .from(admins)
    .where(and(eq(admins.botId, botId), eq(admins.userId, userId)));
  return rows.length > 0;
}

export async function listAdmins({ db, botId }: Scope): Promise<Admin[]> {
  return db.select().from(admins).where(eq(admins.botId, botId)).orderBy(asc(admins.addedAt));
}

/** Returns false when they were an admin already. */
export async function addAdmin(
  scope: Scope,
  admin: { userId: number; name: string; addedBy: number },
): Promise<boolean> {
  return inTransaction(scope, async (tx) => {
    const added = await tx.db
      .insert(admins)
      .values({ botId: tx.botId, ...admin })
      .onConflictDoNothing()
      .returning({ userId: admins.userId });
    if (added.length > 0) await record(tx, admin.addedBy, "admin.added", admin.userId);
    return added.length > 0;
  });
}

/** Removes an admin and the dialog they were in. Null when they were none. */
export async function removeAdmin(scope: Scope, userId: number, actorId: number): Promise<Admin | null> {
  return inTransaction(scope, async (tx) => {
    const [removed] = await tx.db
      .delete(admins)
      .where(and(eq(admins.botId, tx.botId), eq(admins.userId, userId)))
      .returning();
    if (!removed) return null;
    await deleteDialog(tx, userId);
    await record(tx, actorId, "admin.removed", userId);
    return removed;
  });
}
