import { and, asc, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Content } from "../../content/content.ts";
import { storedContent } from "../../content/stored-content.ts";
import type { Scope } from "../../db/scope.ts";
import { welcomes } from "../../db/schema.ts";

/** A post that answers /start. */
export type Welcome = Omit<typeof welcomes.$inferSelect, "content"> & { content: Content };

/** The source of the welcome that everyone gets who came from no other. */
export const EVERYONE = "";

/** A bot's welcomes, that for everyone first. */
export async function listWelcomes({ db, botId }: Scope): Promise<Welcome[]> {
  const rows = await db
    .select()
    .from(welcomes)
    .where(eq(welcomes.botId, botId))
    .orderBy(asc(welcomes.source));
  return rows.map(toWelcome);
}

/** The welcome of a source itself; null if it has none of its own. */
export async function findWelcome(scope: Scope, source: string): Promise<Welcome | null> {
  return (await among(scope, [source])).get(source) ?? null;
}

/** What somebody from this source gets: its own welcome, else that for everyone. */
export async function welcomeOf(scope: Scope, source: string): Promise<Welcome | null> {
  const found = await among(scope, [source, EVERYONE]);
  return found.get(source) ?? found.get(EVERYONE) ?? null;
}

async function among({ db, botId }: Scope, sources: string[]): Promise<Map<string, Welcome>> {
  const rows = await db
    .select()
    .from(welcomes)
    .where(and(eq(welcomes.botId, botId), inArray(welcomes.source, sources)));
  return new Map(rows.map((row) => [row.source, toWelcome(row)]));
}

function toWelcome(row: typeof welcomes.$inferSelect): Welcome {
  return { ...row, content: storedContent.parse(row.content, `welcome ${row.id}`) };
}

/** Puts a post in the place of the one before. */
export async function putWelcome({ db, botId }: Scope, source: string, content: Content): Promise<void> {
  const stored = storedContent.store(content);
  await db
    .insert(welcomes)
    .values({ botId, source, content: stored })
    .onConflictDoUpdate({
      target: [welcomes.botId, welcomes.source],
      set: { content: stored, revision: sql`${welcomes.revision} + 1`, refusal: null },
    });
}

/** False if there was none. */
export async function dropWelcome({ db, botId }: Scope, source: string): Promise<boolean> {
  const gone = await db
    .delete(welcomes)
    .where(and(eq(welcomes.botId, botId), eq(welcomes.source, source)))
    .returning({ id: welcomes.id });
  return gone.length > 0;
}

/** Notes that Telegram refuses the post. True the first time, while it is still this post: the owners are to be told. */
export async function noteRefusal(
  { db, botId }: Scope,
  { id, revision }: Welcome,
  refusal: string,
): Promise<boolean> {
  const noted = await db
    .update(welcomes)
    .set({ refusal })
    .where(
      and(
        eq(welcomes.botId, botId),
        eq(welcomes.id, id),
        eq(welcomes.revision, revision),
        isNull(welcomes.refusal),
      ),
    )
    .returning({ id: welcomes.id });
  return noted.length > 0;
}
