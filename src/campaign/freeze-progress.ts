import { and, eq, isNull } from "drizzle-orm";
import type { Scope } from "../db/scope.ts";
import { campaigns } from "../db/schema.ts";
import { type Change, is } from "./transition.ts";

/**
 * Records how far the audience of a running campaign is frozen. `total` is its value when the chunk began. False if the
 * campaign was paused meanwhile or another freeze was first; then the chunk has to be rolled back.
 */
export async function noteFrozen(
  scope: Scope,
  id: number,
  total: number,
  change: Pick<Change, "total" | "failed" | "freezeCursor" | "frozenAt">,
): Promise<boolean> {
  const moved = await scope.db
    .update(campaigns)
    .set(change)
    .where(and(is(scope, id, ["running"]), eq(campaigns.total, total), isNull(campaigns.frozenAt)))
    .returning({ id: campaigns.id });
  return moved.length > 0;
}
