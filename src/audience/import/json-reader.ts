import { storable } from "../../storable.ts";
import { MOST_ATTRIBUTES, attributeName } from "../attributes.ts";
import { type Columns, FIELDS, FILTERS, attributeColumn } from "./columns.ts";
import type { PeopleReader } from "./people-reader.ts";
import { type PersonRead, type RowFault, type ValueOptions, readPerson, refused } from "./person-row.ts";

/** A program writes these names, so there are no others for them, unlike in files of other systems. All others are attributes. */
const NAMES = [...FIELDS, ...FILTERS, "tags"] as const;
const KNOWN: ReadonlySet<string> = new Set(NAMES);
const PLACES = Object.fromEntries(FIELDS.map((field, index) => [field, index]));
const COLUMNS: Columns = {
  fields: { ...PLACES, chat_id: NAMES.indexOf("chat_id") },
  filters: FILTERS.map((filter) => ({ filter, index: NAMES.indexOf(filter) })),
  tags: NAMES.indexOf("tags"),
  attributes: [],
  recognised: [],
};

/** Names that are remembered, for `shape`. */
const MOST_NAMES = 100;

/** Reads NDJSON: an object on each line, with the names and the values of a file. */
export function createJsonReader(values: ValueOptions): PeopleReader {
  const seen = new Set<string>();
  let line = 0;

  function read(text: string): PersonRead {
    const object = parsed(text);
    if (!object) return refused("not-an-object");
    for (const name of Object.keys(object)) if (seen.size < MOST_NAMES) seen.add(name);
    const texts = NAMES.map((name) => (name === "tags" ? tagsOf(object[name]) : textOf(object[name])));
    if (!texts.every((value) => value !== null)) return refused("not-an-object");
    const faults: RowFault[] = [];
    const { names, cells } = attributesOf(object, faults);
    const attributes = names.map((name, index) => ({ name, index: texts.length + index }));
    const { person, faults: others } = readPerson({ ...COLUMNS, attributes }, [...texts, ...cells], values);
    return { person, faults: person ? [...others, ...faults] : others };
  }

  return {
    *rows(lines) {
      for (const text of lines) {
        line += 1;
        if (text.trim() !== "") yield { line, ...read(text) };
      }
    },
    get shape() {
      const columns = [...seen].map((name) => ({ name, as: meaningOf(name) }));
      return { delimiter: null, hasHeader: false, columns };
    },
  };
}

function meaningOf(name: string): Columns["recognised"][number]["as"] {
  const attribute = attributeName(name);
  return NAMES.find((known) => known === name) ?? (attribute === null ? null : attributeColumn(attribute));
}

/** The attributes of an object, and the texts of their values. Of two that are spelled alike, the later one counts. */
function attributesOf(
  object: Record<string, unknown>,
  faults: RowFault[],
): { names: string[]; cells: string[] } {
  const found = new Map<string, string>();
  for (const [written, value] of Object.entries(object)) {
    const name = KNOWN.has(written) ? null : attributeName(written);
    if (name === null) continue;
    const text = textOf(value);
    if (text === null) faults.push({ kind: "attribute-kind", loses: attributeColumn(name) });
    else found.set(name, text);
  }
  if (found.size > MOST_ATTRIBUTES) faults.push({ kind: "too-many-attributes", loses: "attributes" });
  const kept = [...found].slice(0, MOST_ATTRIBUTES);
  return { names: kept.map(([name]) => name), cells: kept.map(([, text]) => text) };
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

/** Tags may also be an array of texts. */
function tagsOf(value: unknown): string | null {
  if (!Array.isArray(value)) return textOf(value);
  const texts = value.map((one) => (typeof one === "string" ? storable(one) : null));
  return texts.every((text) => text !== null) ? texts.join(",") : null;
}
