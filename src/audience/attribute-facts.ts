import { sql } from "drizzle-orm";
import type { AttributeValue } from "../attribute-name.ts";
import { query } from "../db/connect.ts";
import type { HomeScope, Scope } from "../db/scope.ts";
import { recipients, senders } from "../db/schema.ts";

/**
 * Those of the names that anybody of the home's bots has. If there is one that nobody has, all rows are read for that, once
 * for all such names.
 */
export async function existingAttributes(
  { db, homeId }: HomeScope,
  names: readonly string[],
): Promise<string[]> {
  const found = new Set<string>();
  for (let rest = [...names]; rest.length > 0; rest = rest.filter((name) => !found.has(name))) {
    const asked = sql`array(select jsonb_array_elements_text(${JSON.stringify(rest)}::jsonb))`;
    const [person] = await query<{ has: string[] }>(
      db,
      sql`select (select jsonb_agg(n) from unnest(${asked}) n where ${recipients.attributes} ? n) as has
        from ${recipients} where ${recipients.attributes} ?| ${asked}
          and ${recipients.botId} = any(array(
            select ${senders.botId} from ${senders} where ${senders.homeId} = ${homeId} union select ${homeId}::bigint))
        limit 1`,
    );
    if (!person) break;
    for (const name of person.has) found.add(name);
  }
  return names.filter((name) => found.has(name));
}

/** What a person has of these attributes; null for what they have not. */
export async function findAttributes(
  { db, botId }: Scope,
  chatId: number,
  names: readonly string[],
): Promise<Record<string, AttributeValue | null>> {
  if (names.length === 0) return {};
  const [row] = await query<{ attributes: Record<string, AttributeValue> }>(
    db,
    sql`select ${recipients.attributes} from ${recipients}
      where ${recipients.botId} = ${botId} and ${recipients.chatId} = ${chatId}`,
  );
  return Object.fromEntries(names.map((name) => [name, row?.attributes[name] ?? null]));
}
