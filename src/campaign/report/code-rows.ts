import { and, eq, inArray } from "drizzle-orm";
import type { Scope } from "../../db/scope.ts";
import { codes } from "../../db/schema.ts";
import type { Campaign } from "../campaign.ts";
import { eachDeliveryPage } from "./each-delivery.ts";

/** The columns of codeRows(). */
export const CODE_COLUMNS = ["chat_id", "code", "state", "settled_at"];

/** Who was given which code, in the order of the freeze, in pages, with the values in the order of CODE_COLUMNS. */
export async function* codeRows(
  scope: Scope,
  { id, codePool, codeRound }: Pick<Campaign, "id" | "codePool" | "codeRound">,
): AsyncGenerator<unknown[][]> {
  for await (const page of eachDeliveryPage(scope, id)) {
    if (page.length === 0) continue;
    const people = page.map(({ chatId }) => chatId);
    const rows = await scope.db
      .select({ userId: codes.userId, code: codes.code })
      .from(codes)
      .where(
        and(
          eq(codes.homeId, scope.homeId),
          inArray(codes.userId, people),
          eq(codes.poolId, codePool ?? 0),
          eq(codes.round, codeRound),
        ),
      );
    const codeOf = new Map(rows.map(({ userId, code }) => [userId, code]));
    yield page.flatMap(({ chatId, state, settledAt }) => {
      const code = codeOf.get(chatId);
      return code === undefined ? [] : [[chatId, code, state, settledAt?.toISOString() ?? ""]];
    });
  }
}
