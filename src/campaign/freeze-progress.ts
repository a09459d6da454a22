import { type SQL, and, eq, isNull } from "drizzle-orm";
import type { Scope } from "../db/scope.ts";
import { campaigns } from "../db/schema.ts";
import type { Campaign } from "./campaign.ts";
import { type Change, is } from "./transition.ts";

/**
 * Records how far the audience of a running campaign is frozen. `before` is how far it was when the chunk began. False
 * if the campaign was paused meanwhile or another freeze was first; then the chunk has to be rolled back.
 */
export async function noteFrozen(
  scope: Scope,
  id: number,
  before: Pick<Campaign, "total" | "freezeCursor">,
  change: Pick<Change, "total" | "failed" | "freezeCursor" | "frozenAt">,
): Promise<boolean> {
  const moved = await scope.db
    .update(campaigns)
    .set(change)
    .where(and(is(scope, id, ["running"]), isAt(before), isNull(campaigns.frozenAt)))
    .returning({ id: campaigns.id });
  return moved.length > 0;
}

/** SQL: it is still there. The total alone does not tell, since a bundle has chunks of which nobody is taken. */
function isAt({ total, freezeCursor }: Pick<Campaign, "total" | "freezeCursor">): SQL | undefined {
  const cursor = campaigns.freezeCursor;
  return and(eq(campaigns.total, total), freezeCursor === null ? isNull(cursor) : eq(cursor, freezeCursor));
}
