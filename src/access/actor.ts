import { and, eq, gt, isNull, or, sql } from "drizzle-orm";
import type { HomeScope } from "../db/scope.ts";
import { admins, apiKeys } from "../db/schema.ts";
import { KEY_ROLES, type KeyRole } from "../db/states.ts";
import { DomainError } from "../errors.ts";

/** Permissions depend on the role alone. `herald` is Herald acting by itself, without a person or program behind it. */
export const ROLES = ["owner", "admin", ...KEY_ROLES, "herald"] as const;
export type Role = (typeof ROLES)[number];

/**
 * Who acts. Owners come from the configuration, which the domain does not read, so the door that identified the person
 * says whether they are one. Whether anyone else is an admin, and what a key may do, is looked up for each action.
 */
export type Actor =
  | { type: "admin"; userId: number; owner: boolean }
  | { type: "key"; id: number; name: string }
  | { type: "herald" };

export const HERALD: Actor = { type: "herald" };

/** The actor for a person, for doors that know the configured owners. */
export function adminActor(userId: number, ownerIds: readonly number[]): Actor {
  return { type: "admin", userId, owner: ownerIds.includes(userId) };
}

/**
 * The actor as one number, for the audit and the author of a campaign: a user's id, 0 for Herald, and the negated id of
 * a key, because Telegram has no users below 0.
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

/** The roles that may do each action. */
export const PERMISSIONS = {
  review: [...WRITERS, "read"],
  "create-draft": WRITERS,
  "edit-draft": WRITERS,
  "discard-draft": WRITERS,
  "record-preview": WRITERS,
  duplicate: WRITERS,
  "keep-media": WRITERS,
  "begin-change": WRITERS,
  "save-change": SENDERS,
  mend: SENDERS,
  launch: SENDERS,
  "send-overdue": SENDERS,
  pause: SENDERS,
  resume: SENDERS,
  cancel: SENDERS,
  retry: SENDERS,
  "change-recipient": WRITERS,
  "erase-recipient": WRITERS,
  "import-recipients": WRITERS,
  // Herald itself follows a notification group that becomes a supergroup or is gone.
  "change-settings": [...ADMINS, "herald"],
  "add-admin": ["owner"],
  "remove-admin": ["owner"],
  "manage-webhooks": ["owner", "send"],
  "manage-senders": ["owner"],
  "relay-updates": ["relay"],
  "create-key": ["owner"],
  "revoke-key": ["owner"],
} as const satisfies Record<string, readonly Role[]>;
export type Action = keyof typeof PERMISSIONS;

/**
 * Checks that the actor may do this now; an admin may have been removed, or a key revoked, a moment ago.
 * @throws DomainError `forbidden`
 */
export async function authorize(scope: HomeScope, actor: Actor, action: Action): Promise<void> {
  const role = await roleOf(scope, actor);
  const allowed: readonly Role[] = PERMISSIONS[action];
  if (role === null || !allowed.includes(role)) throw new DomainError("forbidden");
}

/** Null for a person who is not, or no longer, an admin, and for a key that is no longer valid. */
async function roleOf(scope: HomeScope, actor: Actor): Promise<Role | null> {
  switch (actor.type) {
    case "admin":
      if (actor.owner) return "owner";
      return (await isListedAdmin(scope, actor.userId)) ? "admin" : null;
    case "key":
      return roleOfKey(scope, actor.id);
    case "herald":
      return "herald";
  }
}

/** Null for a key that is revoked, expired or unknown. */
async function roleOfKey({ db, homeId }: HomeScope, id: number): Promise<KeyRole | null> {
  const [row] = await db
    .select({ role: apiKeys.role })
    .from(apiKeys)
    .where(
      and(
        eq(apiKeys.homeId, homeId),
        eq(apiKeys.id, id),
        isNull(apiKeys.revokedAt),
        or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, sql`now()`)),
      ),
    );
  return row?.role ?? null;
}

/** True if an owner made this person an admin. Owners themselves are not listed. */
export async function isListedAdmin({ db, homeId }: HomeScope, userId: number): Promise<boolean> {
  const rows = await db
    .select({ userId: admins.userId })
    .from(admins)
    .where(and(eq(admins.homeId, homeId), eq(admins.userId, userId)));
  return rows.length > 0;
}
