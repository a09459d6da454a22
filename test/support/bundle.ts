import { asc, eq, inArray } from "drizzle-orm";
import { EVERYONE } from "../../src/audience/segment/audience.ts";
import { createDraft } from "../../src/campaign/actions/create-draft.ts";
import { launch } from "../../src/campaign/actions/launch.ts";
import { listBundle } from "../../src/campaign/bundle.ts";
import type { Campaign } from "../../src/campaign/campaign.ts";
import { countRecipients } from "../../src/campaign/recipients-of.ts";
import { type HomeScope, type Scope, scopeOf } from "../../src/db/scope.ts";
import { bundlePeople, deliveries } from "../../src/db/schema.ts";
import { ADMIN, type Delivery, seedPeople } from "./seed.ts";

/** Which of three bots, by place, people have: most have two or three. */
const HAVE = [[0, 1, 2], [0, 1], [1, 2], [0, 2], [0], [2]] as const;

/** Gives these people to three bots. Returns, by place, whom each bot reaches. */
export async function seedOverlapping(
  home: HomeScope,
  bots: readonly number[],
  people: readonly number[],
): Promise<number[][]> {
  const reached = bots.map((_, place) =>
    people.filter((_, index) => HAVE[index % HAVE.length]?.some((one) => one === place)),
  );
  for (const [place, botId] of bots.entries())
    await seedPeople(scopeOf(home, { botId }), reached[place] ?? []);
  return reached;
}

/** A post to everyone of these bots, each person once, confirmed to start now. */
export async function confirmedBundle(
  scope: Scope,
  bots: readonly number[],
  text: string,
): Promise<Campaign[]> {
  const content = { kind: "text" as const, text, buttons: [] };
  const draft = await createDraft(scope, ADMIN, { content, audience: EVERYONE, originKey: text }, bots);
  const { reachable: count } = await countRecipients(scope, draft, new Date());
  const agreed = { count, typedCount: null, startsAt: null };
  const limits = { now: new Date(), typedFrom: Infinity, mostScheduled: 10 };
  await launch(scope, ADMIN, draft, agreed, limits);
  return listBundle(scope, draft.id);
}

/** The deliveries of all campaigns of a bundle. */
export async function deliveriesOfBundle(
  { db }: HomeScope,
  bundle: readonly Campaign[],
): Promise<Delivery[]> {
  const ids = bundle.map(({ id }) => id);
  return db
    .select()
    .from(deliveries)
    .where(inArray(deliveries.campaignId, ids))
    .orderBy(asc(deliveries.campaignId), asc(deliveries.seq));
}

/** Whom the bundle has taken. */
export async function takenBy({ db }: HomeScope, [first]: readonly Campaign[]): Promise<number[]> {
  const rows = await db
    .select({ userId: bundlePeople.userId })
    .from(bundlePeople)
    .where(eq(bundlePeople.bundleId, first?.bundleId ?? 0))
    .orderBy(asc(bundlePeople.userId));
  return rows.map(({ userId }) => userId);
}
