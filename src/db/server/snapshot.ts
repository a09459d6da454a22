import { type CopySource, postgresSource } from "../copy-tables.ts";
import { type Address, connect } from "./server.ts";
import { LIFT_LIMITS } from "./statement-limits.ts";
import { withSafeTransactions } from "./transactions.ts";

const ONE_MOMENT = "set transaction isolation level repeatable read, read only";

/** Reads a server's database as of one moment, on a connection of its own; see Snapshot. */
export async function takeSnapshot<T>(
  address: Address,
  session: string,
  work: (source: CopySource) => Promise<T>,
): Promise<T> {
  const client = withSafeTransactions(connect(address, 1, session, {}), ONE_MOMENT);
  let failure: { error: unknown } | null = null;
  try {
    const { result } = await client.begin(async (tx) => {
      await tx.unsafe(LIFT_LIMITS); // a large table takes its time
      return { result: await work(postgresSource(tx)).catch(giveUp) };
    });
    return result;
  } catch (error) {
    throw failure ? (failure as { error: unknown }).error : error;
  } finally {
    await client.end({ timeout: 0 });
  }

  /** The rest of a COPY that nobody reads would be waited for before the rollback. */
  async function giveUp(error: unknown): Promise<never> {
    failure = { error };
    await client.end({ timeout: 0 });
    throw error;
  }
}
