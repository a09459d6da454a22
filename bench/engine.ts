import { sql } from "drizzle-orm";
import { systemClock as clock } from "../src/clock.ts";
import { type Scope, homeScope } from "../src/db/scope.ts";
import { type Database, openDatabase } from "../src/db/open/open-database.ts";
import { createEngine } from "../src/delivery/engine.ts";
import { createEvents } from "../src/events.ts";
import { createLog } from "../src/log.ts";
import { BOT_ID, TOKEN } from "./contender.ts";

/** More than one process can send, so the pacer never makes it wait. */
const UNLIMITED = 1_000_000;

export interface Engine {
  scope: Scope;
  /** Says that something is due. */
  poke(): void;
  stop(): Promise<void>;
}

export async function openScope(url: string): Promise<{ database: Database; scope: Scope }> {
  const database = await openDatabase({ type: "server", url });
  return { database, scope: homeScope(database.db, BOT_ID) };
}

/** People 1 to `count` on the bot's list. `language` is an SQL expression over their `id`. */
export async function seed({ db, botId }: Scope, count: number, language = sql`'en'`): Promise<void> {
  await db.execute(
    sql`insert into recipients (bot_id, chat_id, language, first_name)
        select ${botId}::bigint, id, ${language}, 'Person ' || id from generate_series(1, ${count}::int) as id`,
  );
  await db.execute(sql`analyze recipients`);
}

/** The engine, without the bot; only the dispatcher is started. */
export async function startEngine(apiRoot: string, url: string, rate: number | null): Promise<Engine> {
  const { database, scope } = await openScope(url);
  const log = createLog("error");
  const events = createEvents((error) => log.error({ err: error }, "an event could not be handled"));
  const { lease, dispatcher } = createEngine({
    scope,
    clock,
    log,
    events,
    telegram: { token: TOKEN, apiRoot },
    rate: rate ?? UNLIMITED,
    leaveLabel: () => "Fewer such messages…",
    session: database.session,
    exclusive: false,
  });
  events.on("leaseTaken", () => process.exit(1));
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
