import { type SQL, and, eq } from "drizzle-orm";
import type { HomeScope, Scope } from "./scope.ts";
import { either, format, number, record, text } from "../stored-json.ts";
import { troubles } from "./schema.ts";
import type { TroubleKind } from "./states.ts";

/** A lasting trouble. */
export interface Trouble {
  kind: TroubleKind;
  since: Date;
  facts: Record<string, string | number>;
}

/** The column `facts` of troubles. */
const storedFacts = format<Trouble["facts"], "facts">("facts", record(either(text, number)));

/** The troubles of a scope's bot. */
export async function listTroubles(scope: Scope): Promise<Trouble[]> {
  const rows = await scope.db
    .select({ kind: troubles.kind, since: troubles.since, facts: troubles.facts })
    .from(troubles)
    .where(ofBot(scope));
  return rows.map(({ kind, since, facts }) => ({
    kind,
    since,
    facts: storedFacts.parse(facts, `trouble ${kind}`),
  }));
}

/** The troubles of all bots of a home, by bot. */
export async function listTroublesByBot({ db, homeId }: HomeScope): Promise<Map<number, Trouble[]>> {
  const rows = await db.select().from(troubles).where(eq(troubles.homeId, homeId));
  const byBot = new Map<number, Trouble[]>();
  for (const { botId, kind, since, facts } of rows)
    byBot.set(botId, [
      ...(byBot.get(botId) ?? []),
      { kind, since, facts: storedFacts.parse(facts, `trouble ${kind}`) },
    ]);
  return byBot;
}

/** Stores a trouble, so that owners are not told again after each restart. */
export async function keepTrouble({ db, homeId, botId }: Scope, trouble: Trouble): Promise<void> {
  await db
    .insert(troubles)
    .values({ homeId, botId, ...trouble, facts: storedFacts.store(trouble.facts) })
    .onConflictDoNothing();
}

export async function dropTrouble(scope: Scope, kind: TroubleKind): Promise<void> {
  await scope.db.delete(troubles).where(and(ofBot(scope), eq(troubles.kind, kind)));
}

function ofBot({ homeId, botId }: Scope): SQL | undefined {
  return and(eq(troubles.homeId, homeId), eq(troubles.botId, botId));
}
