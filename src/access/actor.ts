import { and, eq, gt, isNull, or, sql } from "drizzle-orm";
import type { HomeScope } from "../db/scope.ts";
import { admins, apiKeys } from "../db/schema.ts";
import { KEY_ROLES } from "../db/states.ts";
import { DomainError } from "../errors.ts";

/** What one may do depends on the role alone; to which bots, on the limit of an admin or a key. `herald` is Herald acting by itself, without a person or program behind it. */
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
  "keep-media-for": WRITERS,
  "begin-change": WRITERS,
  "save-change": SENDERS,
  mend: SENDERS,
  "edit-sent": SENDERS,
  launch: SENDERS,
  "send-overdue": SENDERS,
  pause: SENDERS,
  resume: SENDERS,
  cancel: SENDERS,
  retry: SENDERS,
  "set-welcome": SENDERS,
  "set-inbox": ADMINS,
  "change-newcomers": SENDERS,
  "change-recipient": WRITERS,
  "erase-recipient": WRITERS,
  "import-recipients": WRITERS,
  "change-list": WRITERS,
  "change-segment": WRITERS,
  // Herald itself follows a notification group that becomes a supergroup or is gone.
  "change-settings": [...ADMINS, "herald"],
  "add-admin": ["owner"],
  "limit-admin": ["owner"],
  "remove-admin": ["owner"],
  "manage-webhooks": ["owner", "send"],
  "manage-senders": ["owner"],
  "relay-updates": ["relay"],
  "create-key": ["owner"],
  "limit-key": ["owner"],
  "revoke-key": ["owner"],
} as const satisfies Record<string, readonly Role[]>;
export type Action = keyof typeof PERMISSIONS;

/** What is done to the home, and not to one of its bots. */
const HOME_ACTIONS = [
  "keep-media",
  "change-settings",
  "add-admin",
  "limit-admin",
  "remove-admin",
  "manage-webhooks",
  "manage-senders",
  "create-key",
  "limit-key",
  "revoke-key",
] as const satisfies readonly Action[];
export type HomeAction = (typeof HOME_ACTIONS)[number];

/** Everything else is done to a bot, or to what belongs to one: its campaigns, its people, its updates. */
export type BotAction = Exclude<Action, HomeAction>;

/** What all bots share: whoever may use only some of them leaves it alone. */
const OF_ALL_BOTS: ReadonlySet<Action> = new Set(["change-settings"]);

/** The bots that an admin or a key may use; null for all, also those that are added later. Empty for none. */
export type Limit = readonly number[] | null;

/** True if the bot is among those that somebody may use. */
export function mayUse(limit: Limit, botId: number): boolean {
  return limit === null || limit.includes(botId);
}

/** Who does what. What is done to a bot names the bot, or null if what it would be done to is not there. */
export type Deed = HomeAction | { action: BotAction; botId: number | null };

/**
 * Checks that the actor may do this now, and to this bot; an admin may have been removed or limited, or a key revoked, a
 * moment ago.
 * @throws DomainError `forbidden`; `bot-unknown` for a bot that the actor may not use, as for one that is not there
 */
export async function authorize(scope: HomeScope, actor: Actor, deed: Deed): Promise<void> {
  const { action, botId } = typeof deed === "string" ? { action: deed, botId: null } : deed;
  const standing = await standingOf(scope, actor);
  const allowed: readonly Role[] = PERMISSIONS[action];
  if (standing === null || !allowed.includes(standing.role)) throw new DomainError("forbidden");
  if (standing.limit !== null && OF_ALL_BOTS.has(action)) throw new DomainError("forbidden");
  if (botId !== null && !mayUse(standing.limit, botId)) throw new DomainError("bot-unknown", { bot: botId });
}

/** What an actor may do, and to which bots. */
interface Standing {
  role: Role;
  limit: Limit;
}

/** Null for a person who is not, or no longer, an admin, and for a key that is no longer valid. */
async function standingOf(scope: HomeScope, actor: Actor): Promise<Standing | null> {
  switch (actor.type) {
    case "admin": {
      if (actor.owner) return { role: "owner", limit: null };
      const listed = await findListedAdmin(scope, actor.userId);
      return listed && { role: "admin", limit: listed.limit };
    }
    case "key":
      return standingOfKey(scope, actor.id);
    case "herald":
      return { role: "herald", limit: null };
  }
}

/** Null for a key that is revoked, expired or unknown. */
async function standingOfKey({ db, homeId }: HomeScope, id: number): Promise<Standing | null> {
  const [row] = await db
    .select({ role: apiKeys.role, limit: apiKeys.bots })
    .from(apiKeys)
    .where(
      and(
        eq(apiKeys.homeId, homeId),
        eq(apiKeys.id, id),
        isNull(apiKeys.revokedAt),
        or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, sql`now()`)),
      ),
    );
  return row ?? null;
}

/** Somebody whom an owner made an admin; null for others. Owners themselves are not listed. */
export async function findListedAdmin(
  { db, homeId }: HomeScope,
  userId: number,
): Promise<{ limit: Limit } | null> {
  const [row] = await db
    .select({ limit: admins.bots })
    .from(admins)
    .where(and(eq(admins.homeId, homeId), eq(admins.userId, userId)));
  return row ?? null;
}
