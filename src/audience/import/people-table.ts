import type { Scope } from "../../db/scope.ts";
import { EXPORT_COLUMNS, exportedRow } from "./exported-row.ts";
import { type Recipient, eachPersonPage, listAttributeNames } from "../recipient-list.ts";
import { eachPersonOf } from "../segment/each-person.ts";
import type { Segment } from "../segment/segment.ts";

/** People as a table that an import reads. */
export interface PeopleTable {
  columns: string[];
  /** Read while they are taken, so the table is not of one moment. */
  pages: AsyncGenerator<unknown[][]>;
}

/** The people of a bot, or those who meet a segment at `at`, reachable or not. */
export async function peopleTable(of: Scope, segment: Segment | null, at: Date): Promise<PeopleTable> {
  const people = segment ? eachPersonOf(of, segment, at) : eachPersonPage(of);
  const attributes = await listAttributeNames(of);
  return { columns: [...EXPORT_COLUMNS, ...attributes], pages: rows(people, attributes) };
}

async function* rows(pages: AsyncIterable<Recipient[]>, attributes: readonly string[]) {
  for await (const people of pages) yield people.map((person) => exportedRow(person, attributes));
}
