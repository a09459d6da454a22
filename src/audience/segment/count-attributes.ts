import { sql } from "drizzle-orm";
import type { Scope } from "../../db/scope.ts";
import { recipients } from "../../db/schema.ts";
import { reachable } from "../recipients.ts";
import { type People, chosenBy, querySegment } from "./audience.ts";

/** What the people of an audience have of an attribute. */
export interface AttributeCount {
  name: string;
  people: number;
  having: number;
  /** How long the longest value is. */
  characters: number;
  bytes: number;
}

/** Counts who of an audience has these attributes, in one pass over it. */
export async function countAttributes(
  scope: Scope,
  people: People,
  names: readonly string[],
  at: Date,
): Promise<AttributeCount[]> {
  const { from, where } = chosenBy(scope, people, at);
  return querySegment<AttributeCount>(
    scope,
    people,
    sql`select n.name, count(r.attributes)::int as people,
        (count(*) filter (where r.attributes ? n.name))::int as having,
        coalesce(max(char_length(r.attributes ->> n.name)), 0)::int as characters,
        coalesce(max(octet_length(r.attributes ->> n.name)), 0)::int as bytes
      from jsonb_array_elements_text(${JSON.stringify(names)}::jsonb) as n(name)
      left join (select ${recipients.attributes} from ${from} where ${where} and ${reachable}) r on true
      group by n.name`,
  );
}
