import { sql } from "drizzle-orm";
import { query } from "../../db/connect.ts";
import { type Scope, inTransaction } from "../../db/scope.ts";
import { type Recipient, listRecipientsByIds } from "../recipient-list.ts";
import { EVERYONE, chosenBy } from "./audience.ts";
import { nextPart } from "./part.ts";
import type { Segment } from "./segment.ts";
import { prepareJoins } from "./segment-sql.ts";

/** People looked at in one statement. */
const PART = 2_000;

/**
 * The people who meet a segment at this instant, reachable or not, in the order of their ids, part by part, each read for itself,
 * so that no snapshot is kept for long.
 */
export async function* eachPersonOf(scope: Scope, segment: Segment, at: Date): AsyncGenerator<Recipient[]> {
  for (let after: number | null = null; ;) {
    const { people, upTo }: { people: Recipient[]; upTo: number | null } = await inTransaction(
      scope,
      async (tx) => {
        const part = await nextPart(tx, segment, after, PART);
        await prepareJoins(tx);
        const { from, where } = chosenBy(tx, { ...EVERYONE, segment }, at, part);
        const rows = await query<{ id: number }>(
          tx.db,
          sql`select recipients.chat_id::float8 as id from ${from} where ${where}`,
        );
        return {
          people: await listRecipientsByIds(
            tx,
            rows.map(({ id }) => id),
          ),
          upTo: part.upTo,
        };
      },
    );
    yield people;
    after = upTo;
    if (after === null) return;
  }
}
