import { storable } from "../../storable.ts";
import { type Columns, FIELDS, FILTERS } from "./columns.ts";
import type { PeopleReader } from "./people-reader.ts";
import { type PersonRead, type ValueOptions, readPerson, refused } from "./person-row.ts";

/** A program writes these names, so there are no others for them, unlike in files of other systems. */
const NAMES = [...FIELDS, ...FILTERS];
const PLACES = Object.fromEntries(FIELDS.map((field, index) => [field, index]));
const COLUMNS: Columns = {
  fields: { ...PLACES, chat_id: NAMES.indexOf("chat_id") },
  filters: FILTERS.map((filter) => ({ filter, index: NAMES.indexOf(filter) })),
  recognised: [],
};

/** Names that are remembered, for `shape`. */
const MOST_NAMES = 100;

/** Reads NDJSON: an object on each line, with the names and the values of a file. */
export function createJsonReader(values: ValueOptions): PeopleReader {
  const seen = new Set<string>();
  let line = 0;

  function read(text: string): PersonRead {
    const person = parsed(text);
    if (!person) return refused("not-an-object");
    if (seen.size < MOST_NAMES) for (const name of Object.keys(person)) seen.add(name);
    const texts = NAMES.map((name) => textOf(person[name]));
    return texts.every((value) => value !== null)
      ? readPerson(COLUMNS, texts, values)
      : refused("not-an-object");
  }

  return {
    *rows(lines) {
      for (const text of lines) {
        line += 1;
        if (text.trim() !== "") yield { line, ...read(text) };
      }
    },
    get shape() {
      const columns = [...seen].map((name) => ({ name, as: NAMES.find((known) => known === name) ?? null }));
      return { delimiter: null, hasHeader: false, columns };
    },
  };
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** The value as it would stand in a file; null for one that cannot. */
function textOf(value: unknown): string | null {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return storable(value);
  return typeof value === "number" || typeof value === "boolean" ? String(value) : null;
}
