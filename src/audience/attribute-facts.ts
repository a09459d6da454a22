import { sql } from "drizzle-orm";
import type { AttributeValue } from "../attribute-name.ts";
import { query } from "../db/connect.ts";
import type { HomeScope, Scope } from "../db/scope.ts";
import { recipients, senders } from "../db/schema.ts";

/** Those of the names that anybody of the home's bots has. One that nobody has is looked for in all rows. */
export async function existingAttributes(
  { db, homeId }: HomeScope,
  names: readonly string[],
): Promise<string[]> {
  if (names.length === 0) return [];
  const rows = await query<{ name: string }>(
    db,
    sql`select n.name from jsonb_array_elements_text(${JSON.stringify(names)}::jsonb) as n(name)
      where exists (select from ${recipients} where ${recipients.attributes} ? n.name
        and ${recipients.botId} = any(array(
          select ${senders.botId} from ${senders} where ${senders.homeId} = ${homeId} union select ${homeId}::bigint)))`,
  );
  return rows.map(({ name }) => name);
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
