import { hostname } from "node:os";
import { sql } from "drizzle-orm";
import { systemClock as clock } from "../src/clock.ts";
import { type Database, type Scope, openDatabase } from "../src/db/connect.ts";
import { createDispatcher } from "../src/delivery/dispatcher.ts";
import { FREEZE_SIZE } from "../src/delivery/freezer.ts";
import { createLease } from "../src/delivery/lease.ts";
import { createPacer } from "../src/delivery/pacer.ts";
import { createPaid } from "../src/delivery/paid.ts";
import { createSendApi } from "../src/delivery/sender.ts";
import { createLog } from "../src/log.ts";
import { BOT_ID, TOKEN } from "./contender.ts";

/** More than one process can send, so that the pacer never makes it wait. */
const UNLIMITED = 10_000;

export interface Engine {
  scope: Scope;
  /** Something is due. */
  poke(): void;
  stop(): Promise<void>;
}

export async function openScope(url: string): Promise<{ database: Database; scope: Scope }> {
  const database = await openDatabase({ type: "server", url });
  return { database, scope: { db: database.db, botId: BOT_ID } };
}

/** People 1 to `count` on the bot's list. `language` is an SQL expression over their `id`. */
export async function seed({ db, botId }: Scope, count: number, language = sql`'en'`): Promise<void> {
  await db.execute(
    sql`insert into recipients (bot_id, chat_id, language, first_name)
        select ${botId}::bigint, id, ${language}, 'Person ' || id from generate_series(1, ${count}::int) as id`,
  );
  await db.execute(sql`analyze recipients`);
}

/** The engine as `startHerald` puts it together, without the bot. */
export async function startEngine(apiRoot: string, url: string, rate: number | null): Promise<Engine> {
  const { database, scope } = await openScope(url);
  const log = createLog("error");
  const pacer = createPacer(clock, rate ?? UNLIMITED);
  const api = createSendApi(TOKEN, apiRoot);
  const lease = createLease({
    scope,
    clock,
    log,
    holder: `${hostname()}:${process.pid}`,
    exclusive: false,
    onRegained: () => dispatcher.reclaim(),
    onTaken: () => process.exit(1),
  });
  const paid = createPaid({ pacer, log, allowed: false, rate: pacer.rate, onRefused: () => undefined });
  const dispatcher = createDispatcher({
    scope,
    clock,
    log,
    pacer,
    paid,
    lease,
    api: api.raw,
    probe: async () => void (await api.getMe()),
    freezeSize: FREEZE_SIZE.server,
    onProgress: () => undefined,
    lateLimitMs: 86_400_000,
    onPaused: () => undefined,
    onLate: () => undefined,
  });
  await lease.acquire();
  await dispatcher.start();
  return {
    scope,
    poke: () => dispatcher.poke(),
    async stop() {
      await dispatcher.stop();
      await lease.release();
      await database.close();
    },
  };
}
