import { type AttributeValue, MOST_ATTRIBUTES, attributeName } from "../attributes.ts";
import type { PersonChange } from "../person-change.ts";
import { MOST_TAGS, TAG_LIMIT, tagName } from "../tags.ts";
import { Flaw, REASONS, readAttribute } from "./person-row.ts";

/** Tags and attributes as a program gives them. */
export interface GivenFacts {
  tags?: readonly string[] | undefined;
  tags_add?: readonly string[] | undefined;
  tags_remove?: readonly string[] | undefined;
  attributes?: Readonly<Record<string, string | number | null>> | undefined;
}

export interface FactFault {
  /** Where it stands, as the steps of a JSON pointer. */
  path: string[];
  detail: string;
}

type Facts = Pick<PersonChange, "tags" | "addedTags" | "removedTags" | "attributes">;

/** Reads tags and attributes by the rules of a file; texts may be dates and numbers. */
export function readFacts({ tags, tags_add, tags_remove, attributes }: GivenFacts): {
  change: Facts;
  faults: FactFault[];
} {
  const faults: FactFault[] = [];
  const read = (given: readonly string[] | undefined, field: string) =>
    given && readTagList(given, field, faults);
  const change = {
    tags: read(tags, "tags"),
    addedTags: read(tags_add, "tags_add"),
    removedTags: read(tags_remove, "tags_remove"),
    attributes: attributes && readAttributes(attributes, faults),
  };
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  return { change: Object.fromEntries(given), faults };
}

function readTagList(given: readonly string[], field: string, faults: FactFault[]): string[] {
  if (given.length > MOST_TAGS) faults.push({ path: [field], detail: `At most ${MOST_TAGS} tags at once.` });
  const names = given.map((text, index) => {
    const name = tagName(text);
    if (name === null)
      faults.push({
        path: [field, String(index)],
        detail: `A tag has 1 to ${TAG_LIMIT} characters, and no comma.`,
      });
    return name;
  });
  return [...new Set(names.flatMap((name) => name ?? []))];
}

function readAttributes(
  given: Readonly<Record<string, string | number | null>>,
  faults: FactFault[],
): Record<string, AttributeValue | null> {
  const found: Record<string, AttributeValue | null> = {};
  const entries = Object.entries(given);
  if (entries.length > MOST_ATTRIBUTES)
    faults.push({ path: ["attributes"], detail: `At most ${MOST_ATTRIBUTES} attributes at once.` });
  for (const [written, text] of entries) {
    const name = attributeName(written);
    const path = ["attributes", written];
    if (name === null) {
      faults.push({ path, detail: "The name of an attribute has a letter, and at most 64 characters." });
      continue;
    }
    // As in a file: an empty text says nothing, so here it removes the attribute.
    const isNothing = text === null || (typeof text === "string" && text.trim() === "");
    const value = isNothing || typeof text === "number" ? null : readAttribute(text.trim(), {});
    if (value instanceof Flaw) faults.push({ path, detail: `This cannot be kept: ${REASONS[value.kind]}.` });
    else found[name] = typeof text === "number" ? text : value;
  }
  return found;
}
