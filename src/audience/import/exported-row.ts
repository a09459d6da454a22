import { type Recipient, type RecipientStanding, standingOf } from "../recipient-list.ts";
import { FIELDS } from "./columns.ts";

/** The columns of exportedRow(): those that an import reads. */
export const EXPORT_COLUMNS = [...FIELDS, "status", "tags"] as const;

/** In words that an import reads. What an import cannot know is left out: the next broadcast finds it out again. */
const STATUS_WORDS: Record<RecipientStanding, string | null> = {
  active: "active",
  opted_out: "unsubscribed",
  blocked: "blocked",
  deactivated: "deactivated",
  unreachable: null,
};

/** A person as a row of a file; the attributes of these names follow the columns above. */
export function exportedRow(person: Recipient, attributes: readonly string[]): unknown[] {
  const { chatId, language, firstName, lastName, username, phone, joinedAt } = person;
  const status = STATUS_WORDS[standingOf(person)];
  return [
    chatId,
    language,
    firstName,
    lastName,
    username,
    phone,
    joinedAt?.toISOString(),
    status,
    person.tags.toSorted().join(", "),
    ...attributes.map((name) => person.attributes[name]),
  ];
}
