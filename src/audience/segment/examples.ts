import { sql } from "drizzle-orm";
import type { Scope } from "../../db/scope.ts";
import { fullName } from "../../person-name.ts";
import { reachable } from "../recipients.ts";
import { type People, chosenBy, querySegment } from "./audience.ts";

/** The names of the first so many people of an audience, in the order in which they would get it. */
export async function listExamples(scope: Scope, people: People, at: Date, most: number): Promise<string[]> {
  const { from, where } = chosenBy(scope, people, at);
  const rows = await querySegment<{
    id: number;
    first: string | null;
    last: string | null;
    username: string | null;
  }>(
    scope,
    people,
    sql`select recipients.chat_id::float8 as id, first_name as first, last_name as last, username
        from ${from} where ${where} and ${reachable} order by recipients.chat_id limit ${Math.min(most, people.first ?? most)}`,
  );
  return rows.map(({ id, first, last, username }) => fullName(first, last) ?? username ?? String(id));
}
