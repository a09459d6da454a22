import { and, eq } from "drizzle-orm";
import type { Scope } from "../db/scope.ts";
import { admins } from "../db/schema.ts";
import { DomainError } from "../errors.ts";

/** What a program may do with its key: look, prepare drafts as well, or also send them. */
export const KEY_ROLES = ["read", "write", "send"] as const;
export type KeyRole = (typeof KEY_ROLES)[number];

/** What one may do depends on this alone. Herald acts by itself, with no person or program behind it. */
export const ROLES = ["owner", "admin", ...KEY_ROLES, "herald"] as const;
export type Role = (typeof ROLES)[number];

/**
 * Who acts. Owners come from the configuration, which the domain does not read: the door that identified the person
 * says whether they are one. Whether anybody else is an admin is looked up for each action.
 */
export type Actor =
  | { type: "admin"; userId: number; owner: boolean }
  | { type: "key"; id: number; name: string; role: KeyRole }
  | { type: "herald" };

export const HERALD: Actor = { type: "herald" };

/** The person behind a door that knows the configured owners. */
export function adminActor(userId: number, ownerIds: readonly number[]): Actor {
  return { type: "admin", userId, owner: ownerIds.includes(userId) };
}

/**
 * The actor as one number, for the audit and the author of a campaign: a user's own id, 0 for Herald, and a key's id
 * below 0, where Telegram has no users.
 */
export function actorId(actor: Actor): number {
  switch (actor.type) {
    case "admin":
      return actor.userId;
    case "key":
      return -actor.id;
    case "herald":
      return 0;
  }
}

const ADMINS = ["owner", "admin"] as const;
const SENDERS = [...ADMINS, "send"] as const;
const WRITERS = [...SENDERS, "write"] as const;

/** Which role may do which action. */
export const PERMISSIONS = {
  review: [...WRITERS, "read"],
  "create-draft": WRITERS,
  "edit-draft": WRITERS,
  "discard-draft": WRITERS,
  "record-preview": WRITERS,
  duplicate: WRITERS,
  "begin-change": WRITERS,
  "save-change": SENDERS,
  mend: SENDERS,
  launch: SENDERS,
  "send-overdue": SENDERS,
  pause: SENDERS,
  resume: SENDERS,
  cancel: SENDERS,
  retry: SENDERS,
  // A group that hears of campaigns may move or go.
  "change-settings": [...ADMINS, "herald"],
  "add-admin": ["owner"],
  "remove-admin": ["owner"],
} as const satisfies Record<string, readonly Role[]>;
export type Action = keyof typeof PERMISSIONS;

/**
 * Checks that the actor may do this now: somebody who was removed as an admin a moment ago may not.
 * @throws DomainError `forbidden`
 */
export async function authorize(scope: Scope, actor: Actor, action: Action): Promise<void> {
  const role = await roleOf(scope, actor);
  const allowed: readonly Role[] = PERMISSIONS[action];
  if (role === null || !allowed.includes(role)) throw new DomainError("forbidden");
}

/** Null for a person who is not an admin, or no longer. */
async function roleOf(scope: Scope, actor: Actor): Promise<Role | null> {
  switch (actor.type) {
    case "admin":
      if (actor.owner) return "owner";
      return (await isListedAdmin(scope, actor.userId)) ? "admin" : null;
    case "key":
      return actor.role;
    case "herald":
      return "herald";
  }
}

/** Whether an owner let this person send. Owners themselves are not listed. */
export async function isListedAdmin({ db, homeId }: Scope, userId: number): Promise<boolean> {
  const rows = await db
    .select({ userId: admins.userId })
    .from(admins)
    .where(and(eq(admins.homeId, homeId), eq(admins.userId, userId)));
  return rows.length > 0;
}
