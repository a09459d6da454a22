import { KEY_ROLES, type KeyRole } from "../../../db/states.ts";

/* What the buttons of /keys carry. A key is named by its number, never by itself. */

export const KEYS = "keys";
export const CREATE = "create";
export const BACK = "back";
/** All bots, where the only one that a key may use could stand. */
const ALL = "all";
/** Deletes the message that shows a key. */
export const HIDE = "hide";

/** For how many days a key is offered to be valid. */
export const OFFERED_DAYS = [30, 365] as const;

export type KeyTap =
  | { type: "page"; page: number }
  /** A role was chosen; `page` of the bots to choose from. */
  | { type: "role"; role: KeyRole; page: number }
  /** `bot`: the only one that the key may use; null for all. */
  | { type: "bot"; role: KeyRole; bot: number | null }
  | { type: "days"; role: KeyRole; days: number | "date" | null; bot: number | null }
  | { type: "revoke" | "yes-revoke"; id: number };

export function keyTapData(tap: KeyTap): string {
  switch (tap.type) {
    case "page":
      return `page.${tap.page}`;
    case "role":
      return `role.${tap.role}.${tap.page}`;
    case "bot":
      return `bot.${tap.role}.${tap.bot ?? ALL}`;
    case "days":
      return `days.${tap.role}.${tap.days ?? "never"}.${tap.bot ?? ALL}`;
    case "revoke":
    case "yes-revoke":
      return `${tap.type}.${tap.id}`;
  }
}

/** Null for all bots; undefined for anything else. */
function readBot(text: string): number | null | undefined {
  if (text === ALL) return null;
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** Null for anything else. */
export function readKeyTap(what: string): KeyTap | null {
  const [type, first = "", second = "", ...more] = what.split(".");
  // Only the last choice carries them all.
  if (more.length > (type === "days" ? 1 : 0)) return null;
  const [third = ALL] = more;
  const number = /^\d{1,9}$/.test(first) ? Number(first) : null;
  const role = KEY_ROLES.find((one) => one === first);
  switch (type) {
    case "page":
      return number === null ? null : { type, page: number };
    case "role":
      return role ? { type, role, page: /^\d{1,4}$/.test(second) ? Number(second) : 0 } : null;
    case "bot": {
      const bot = readBot(second);
      return role && bot !== undefined ? { type, role, bot } : null;
    }
    case "days": {
      const bot = readBot(third);
      const days =
        second === "never"
          ? null
          : second === "date"
            ? second
            : OFFERED_DAYS.find((one) => String(one) === second);
      return role && days !== undefined && bot !== undefined ? { type, role, days, bot } : null;
    }
    case "revoke":
    case "yes-revoke":
      return number === null ? null : { type, id: number };
    default:
      return null;
  }
}
