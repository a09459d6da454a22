import { storable } from "../../storable.ts";
import type { PersonChange } from "../person-change.ts";
import { tidy } from "./csv-rows.ts";
import { Flaw, REASONS, type TextField, readField } from "./person-row.ts";

/** A change as texts, which may be written as in a file. */
export type PersonTexts = { [F in Exclude<TextField, "joined_at">]?: string | null | undefined } & {
  joined_at?: string | undefined;
};

/** Reads a change by the rules of a file. `faults` say what is wrong with which field. */
export function readChange(
  texts: PersonTexts,
  now: number,
): { change: PersonChange; faults: { field: TextField; detail: string }[] } {
  const faults: { field: TextField; detail: string }[] = [];
  const read = <F extends TextField>(field: F) => {
    const given = texts[field];
    if (given === undefined) return undefined;
    const text = given === null ? null : tidy(storable(given));
    const value = text === null ? null : readField(field, text, { now });
    if (!(value instanceof Flaw)) return value;
    faults.push({ field, detail: `This cannot be kept: ${REASONS[value.kind]}.` });
    return undefined;
  };
  const given = {
    language: read("language"),
    firstName: read("first_name"),
    lastName: read("last_name"),
    username: read("username"),
    phone: read("phone"),
    joinedAt: read("joined_at") ?? undefined,
  };
  const change = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { change, faults };
}
