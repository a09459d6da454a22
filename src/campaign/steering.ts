import { type Scope, inTransaction } from "../db/scope.ts";

/**
 * One transaction in which somebody moves campaigns or changes when they start. When it commits, the process that sends
 * them looks at once, whichever process it is.
 */
export async function steer<T>(scope: Scope, work: (tx: Scope) => Promise<T>): Promise<T> {
  const steered = await inTransaction(scope, async (tx) => {
    const result = await work(tx);
    await tx.nudges?.send(tx.db, tx.botId, "campaigns");
    return result;
  });
  scope.onSteered?.();
  return steered;
}
