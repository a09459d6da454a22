import { drizzle } from "drizzle-orm/postgres-js";
import { postgresSource } from "../../copy-tables.ts";
import { migrateServer } from "../../server/migrate.ts";
import { rebuildIn } from "../../server/rebuild.ts";
import { takeSnapshot } from "../../server/snapshot.ts";
import type { Say } from "../../say.ts";
import * as schema from "../../schema.ts";
import { type Address, connect } from "../../server/server.ts";
import { withSafeTransactions } from "../../server/transactions.ts";
import type { OpenEngine } from "../../open-engine.ts";
import type { Binaries } from "./binaries.ts";
import { DATABASE, ROLE } from "./cluster.ts";
import { startPostmaster } from "./postmaster.ts";
import type { RunAs } from "./run-as.ts";

/** What it takes to run a server. */
export interface PostgresParts {
  binaries: Binaries;
  /** Null for the user that runs Herald. */
  user: RunAs | null;
  say: Say;
}

/** Fewer than on a server: each is a process of some 3 MB here, and the machine is small. */
const POOL_SIZE = 3;

/**
 * Starts the server of a cluster and connects to it. `session` names the connections.
 * @throws StartError when the server does not start.
 */
export async function openPostgres(
  cluster: string,
  session: string,
  parts: PostgresParts,
): Promise<OpenEngine & { address: Address }> {
  const postmaster = await startPostmaster({ cluster, ...parts });
  const address = { path: postmaster.socket, user: ROLE, database: DATABASE };
  const client = withSafeTransactions(connect(address, POOL_SIZE, session), "select 1");
  const close = async () => {
    await client.end({ timeout: 5 });
    await postmaster.stop();
  };
  const db = drizzle(client, { schema });
  return {
    db,
    source: postgresSource(client),
    snapshot: (work) => takeSnapshot(address, session, work),
    rebuild: (work) => rebuildIn(db, work),
    migrate: () => migrateServer(db, session, parts.say),
    address,
    close,
  };
}
