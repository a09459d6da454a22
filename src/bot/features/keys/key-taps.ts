import { KEY_ROLES, type KeyRole } from "../../../db/states.ts";

/* What the buttons of /keys carry. A key is named by its number, never by itself. */

export const KEYS = "keys";
export const CREATE = "create";
export const BACK = "back";
/** Deletes the message that shows a key. */
export const HIDE = "hide";

/** For how many days a key is offered to be valid. */
export const OFFERED_DAYS = [30, 365] as const;

export type KeyTap =
  | { type: "page"; page: number }
  | { type: "role"; role: KeyRole }
  | { type: "days"; role: KeyRole; days: number | "date" | null }
  | { type: "revoke" | "yes-revoke"; id: number };

export function keyTapData(tap: KeyTap): string {
  switch (tap.type) {
    case "page":
      return `page.${tap.page}`;
    case "role":
      return `role.${tap.role}`;
    case "days":
      return `days.${tap.role}.${tap.days ?? "never"}`;
    case "revoke":
    case "yes-revoke":
      return `${tap.type}.${tap.id}`;
  }
}

/** Null for anything else. */
export function readKeyTap(what: string): KeyTap | null {
  const [type, first = "", second = "", ...more] = what.split(".");
  if (more.length > 0) return null;
  const number = /^\d{1,9}$/.test(first) ? Number(first) : null;
  const role = KEY_ROLES.find((one) => one === first);
  switch (type) {
    case "page":
      return number === null ? null : { type, page: number };
    case "role":
      return role ? { type, role } : null;
    case "days": {
      const days =
        second === "never"
          ? null
          : second === "date"
            ? second
            : OFFERED_DAYS.find((one) => String(one) === second);
      return role && days !== undefined ? { type, role, days } : null;
    }
    case "revoke":
    case "yes-revoke":
      return number === null ? null : { type, id: number };
    default:
      return null;
  }
}
