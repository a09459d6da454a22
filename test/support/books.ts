import { asc, eq } from "drizzle-orm";
import type { Telegram } from "../../playground/telegram.ts";
import { toCampaign } from "../../src/campaign/queries.ts";
import { homeScope } from "../../src/db/scope.ts";
import type { DatabaseLocation } from "../../src/db/open/open-database.ts";
import type { Scope } from "../../src/db/scope.ts";
import { campaigns } from "../../src/db/schema.ts";
import { within } from "./broadcast.ts";
import { copiesOf } from "./counts.ts";
import { BOT_ID } from "./database.ts";
import { OWNER_ID } from "./herald.ts";
import { ADMIN_ID, type Delivery, deliveriesOf } from "./seed.ts";

export interface AuditOptions {
  /** The people who have to be in each campaign. */
  audience?: readonly number[];
  /** Whether an admin sent to this person again by hand, although they may already have had it. */
  sentAgain?: (campaignId: number, chatId: number) => boolean;
}

/**
 * Compares the database with what Telegram recorded, and returns every contradiction in words. If there are none, nobody
 * has a campaign's post twice, nobody is lost, and the counters match the deliveries:
 * - for `sent`, Telegram has the post once; for `uncertain`, at most once; for any other state, not at all;
 * - everyone who has the post has a delivery, and everyone in the audience has exactly one;
 * - a finished campaign has an outcome for everyone, and no delivery is left in `sending`.
 * Call it only while no engine runs, because calls in flight are in neither of the two.
 */
export async function contradictions(
  scope: Scope,
  telegram: Telegram,
  { audience, sentAgain = () => false }: AuditOptions = {},
): Promise<string[]> {
  const found: string[] = [];
  const rows = await scope.db
    .select()
    .from(campaigns)
    .where(eq(campaigns.botId, scope.botId))
    .orderBy(asc(campaigns.id));
  for (const campaign of rows.map(toCampaign)) {
    if (campaign.state === "draft" || campaign.state === "scheduled") continue;
    const say = (words: string) => found.push(`campaign ${campaign.id}: ${words}`);
    const { content } = campaign;
    const text = content.kind === "text" ? content.text : "caption" in content ? (content.caption ?? "") : "";
    const copies = copiesOf(telegram, text);
    const deliveries = await deliveriesOf(scope, campaign.id);
    const seen = new Set<number>();
    for (const { seq, chatId, state } of deliveries) {
      if (seen.has(chatId)) say(`${chatId} is in it twice`);
      seen.add(chatId);
      const count = copies.get(chatId) ?? 0;
      const most = sentAgain(campaign.id, chatId) ? 2 : 1;
      const right =
        state === "sent" ? count >= 1 && count <= most : state === "uncertain" ? count <= most : count < most;
      if (!right) say(`#${seq} to ${chatId} is ${state}, and they have ${count}`);
      if (state === "sending" || (state === "pending" && campaign.state === "finished"))
        say(`#${seq} to ${chatId} is ${state} at the end`);
    }
    for (const chatId of copies.keys())
      if (!seen.has(chatId) && chatId !== OWNER_ID && chatId !== ADMIN_ID)
        say(`${chatId} has it and no delivery`);
    if (campaign.frozenAt)
      for (const chatId of audience ?? []) if (!seen.has(chatId)) say(`${chatId} is left out`);
    const counted = count(deliveries);
    for (const [name, number] of Object.entries(counted)) {
      const written = campaign[name as keyof typeof counted];
      if (written !== number) say(`${name} is ${written}, and there are ${number}`);
    }
  }
  return found;
}

function count(deliveries: Delivery[]) {
  const failed = (reason: (reason: string | null) => boolean) =>
    deliveries.filter((delivery) => delivery.state === "failed" && reason(delivery.reason)).length;
  const own = ["blocked", "deactivated", "unreachable"];
  const inState = (state: Delivery["state"]) => deliveries.filter((one) => one.state === state).length;
  return {
    total: deliveries.length,
    sent: inState("sent"),
    blocked: failed((reason) => reason === "blocked"),
    deactivated: failed((reason) => reason === "deactivated"),
    unreachable: failed((reason) => reason === "unreachable"),
    failed: failed((reason) => !own.includes(reason ?? "")),
    skipped: inState("skipped"),
    uncertain: inState("uncertain"),
  };
}

/** The same, for a database that no Herald has open. */
export async function contradictionsIn(
  location: DatabaseLocation,
  telegram: Telegram,
  options?: AuditOptions,
): Promise<string[]> {
  return within(location, ({ db }) => contradictions(homeScope(db, BOT_ID), telegram, options));
}

/** A campaign's deliveries by chat, while no Herald runs. */
export async function deliveriesByChat(
  location: DatabaseLocation,
  id: number,
): Promise<Map<number, Delivery>> {
  return within(location, async ({ db }) => {
    const deliveries = await deliveriesOf(homeScope(db, BOT_ID), id);
    return new Map(deliveries.map((delivery) => [delivery.chatId, delivery]));
  });
}
