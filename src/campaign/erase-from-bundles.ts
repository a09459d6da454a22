import { sql } from "drizzle-orm";
import type { HomeScope } from "../db/scope.ts";
import { OVER_STATES } from "./campaign.ts";

/**
 * Forgets that bundles have frozen a person. One that may still freeze keeps them until it is over: another of its bots would
 * send them the post once more.
 */
export async function eraseFromBundles({ db, homeId }: HomeScope, userId: number): Promise<void> {
  const over = sql.join(
    OVER_STATES.map((state) => sql`${state}`),
    sql`, `,
  );
  // By bundle, because that is how they are found by key.
  await db.execute(
    sql`delete from bundle_people p using (
          select bundle_id from campaigns where home_id = ${homeId} and bundle_id is not null and state <> 'draft'
          group by bundle_id having bool_and(state in (${over}))
        ) b
        where p.home_id = ${homeId} and p.bundle_id = b.bundle_id and p.user_id = ${userId}`,
  );
}
