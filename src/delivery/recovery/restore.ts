import { and, eq, sql } from "drizzle-orm";
import { followSupergroup } from "../../campaign/supergroup.ts";
import type { Campaign } from "../../campaign/campaign.ts";
import { toCampaign } from "../../campaign/queries.ts";
import { recount } from "../../campaign/revive.ts";
import { query } from "../../db/connect.ts";
import { type Scope, inTransaction } from "../../db/scope.ts";
import { campaigns } from "../../db/schema.ts";
import type { DeliveryState } from "../../db/states.ts";
import type { Claimed } from "../shared/claimed.ts";
import { type Mark, markOf } from "./marks.ts";
import type { Settlement } from "../shared/settlement.ts";
import { settle } from "../settle/settle.ts";

/** What a process knows about one campaign whose newest writes the database has lost. */
export interface Known {
  campaignId: number;
  originKey: string | undefined;
  settlements: Settlement[];
  /** Claimed and not settled yet. */
  inHand: Claimed[];
}

export interface Restored {
  /** Deliveries that had lost their outcome and have it back. */
  written: Settlement[];
  /** Campaigns that these outcomes paused, as they did the first time. */
  paused: Campaign[];
  mark: Mark | null;
  /** The campaign itself is lost. */
  gone: boolean;
  /** These are not in the part of the audience that is frozen again so far, and have to wait for the rest. */
  waiting: Settlement[];
}

/** How many rows are read or written in one statement. */
const CHUNK = 5_000;

/**
 * Writes again what the database has lost of a campaign, in one transaction. Each delivery is put back as claimed and then
 * settled like the first time, with everything that follows: counters, recipients, follow-ups, pauses. Deliveries in hand
 * are put back as claimed. What the database still has, or has in a newer state, is left alone, so repeating it changes
 * nothing.
 */
export async function restore(scope: Scope, known: Known, now: Date): Promise<Restored> {
  const nothing = { written: [], paused: [], mark: null, gone: false, waiting: [] };
  return inTransaction(scope, async (tx) => {
    for (const { delivery, outcome } of known.settlements)
      if (outcome.type === "migrated") await followSupergroup(tx, delivery.chatId, outcome.toChatId);
    const claimedAgain = new Set(known.inHand.map(keyOf));
    const settlements = known.settlements.filter(({ delivery }) => !claimedAgain.has(keyOf(delivery)));
    const wanted = [...known.inHand, ...settlements.map(({ delivery }) => delivery)];
    const found = await findRows(tx, known.campaignId, wanted);
    const campaign = await lockCampaign(tx, known.campaignId);
    if (!campaign || campaign.originKey !== known.originKey) return { ...nothing, gone: true };

    const behind = [...found].filter(([{ claims }, row]) => row.claims < claims);
    await putBack(
      tx,
      known.campaignId,
      behind.map(([delivery]) => delivery),
    );
    if (behind.some(([, { state }]) => state !== "pending" && state !== "sending"))
      await recount(tx, known.campaignId);
    const lost = settlements.filter((settlement) => isLost(settlement, found.get(settlement.delivery)));
    const paused: Campaign[] = [];
    for (const part of chunks(lost)) paused.push(...(await settle(tx, part, now)));
    const last = lost.at(-1)?.delivery ?? behind.at(-1)?.[0];
    return {
      written: lost,
      paused,
      mark: last ? markOf(last, lost.length > 0) : null,
      gone: false,
      waiting: campaign.frozenAt ? [] : settlements.filter(({ delivery }) => !found.has(delivery)),
    };
  });
}

/** A delivery as the database has it. */
interface Row {
  seq: number;
  chatId: number;
  threadId: number | null;
  claims: number;
  state: DeliveryState;
}

/** Whether its claim or its outcome is lost. A rescue that came first may have made uncertain what was sent. */
function isLost({ delivery: { claims }, outcome }: Settlement, row: Row | undefined): boolean {
  if (!row || row.claims > claims) return false;
  return (
    row.claims < claims || row.state === "sending" || (row.state === "uncertain" && outcome.type === "sent")
  );
}

/**
 * Locks these deliveries and finds the row of each. If the audience was frozen again, someone may have another place: they
 * are then searched by chat in the whole campaign, and the delivery takes the place found.
 */
async function findRows(
  scope: Scope,
  campaignId: number,
  wanted: readonly Claimed[],
): Promise<Map<Claimed, Row>> {
  const found = new Map<Claimed, Row>();
  const take = (delivery: Claimed, row: Row | undefined) => row && found.set(delivery, row);
  for (const part of chunks(wanted.toSorted((a, b) => a.seq - b.seq))) {
    const seqs = part.map(({ seq }) => seq);
    const rows = await listRows(
      scope,
      campaignId,
      sql`seq = any(${`{${seqs.join(",")}}`}::int[])
      and seq between ${seqs[0] ?? 0} and ${seqs.at(-1) ?? 0}`,
    );
    const bySeq = new Map(rows.map((row) => [row.seq, row]));
    for (const delivery of part) {
      const row = bySeq.get(delivery.seq);
      if (row && keyOf(row) === keyOf(delivery)) take(delivery, row);
    }
  }
  for (const part of chunks(wanted.filter((delivery) => !found.has(delivery)))) {
    const ids = part.map(({ chatId }) => chatId);
    const rows = await listRows(scope, campaignId, sql`chat_id = any(${`{${ids.join(",")}}`}::bigint[])`);
    const byChat = new Map(rows.map((row) => [keyOf(row), row]));
    for (const delivery of part) {
      const row = byChat.get(keyOf(delivery));
      take(delivery, row);
      if (row) delivery.seq = row.seq;
    }
  }
  return found;
}

function keyOf({ chatId, threadId }: Pick<Claimed, "chatId" | "threadId">): string {
  return `${chatId}.${threadId ?? ""}`;
}

function listRows({ db, botId }: Scope, campaignId: number, which: ReturnType<typeof sql>): Promise<Row[]> {
  return query<Row>(
    db,
    sql`select seq, chat_id::float8 as "chatId", thread_id as "threadId", claims, state::text as state from deliveries
        where bot_id = ${botId} and campaign_id = ${campaignId} and ${which} order by seq for update`,
  );
}

async function lockCampaign({ db, botId }: Scope, id: number): Promise<Campaign | null> {
  const [row] = await db
    .select()
    .from(campaigns)
    .where(and(eq(campaigns.botId, botId), eq(campaigns.id, id)))
    .for("update");
  return row ? toCampaign(row) : null;
}

/** Makes them `sending` again, under the claim by which this process has them. */
async function putBack(
  { db, botId }: Scope,
  campaignId: number,
  deliveries: readonly Claimed[],
): Promise<void> {
  for (const part of chunks(deliveries)) {
    const rows = Object.fromEntries(
      part.map(({ seq, claims, attempts, callsDone, messageIds, version, contentRevision }) => [
        seq,
        { claims, attempts, callsDone, messageIds, ...(callsDone > 0 && { version, contentRevision }) },
      ]),
    );
    await db.execute(
      sql`with batch as materialized (select ${JSON.stringify(rows)}::jsonb as rows)
          update deliveries d
          set state = 'sending', not_before = null, reason = null, description = null, settled_at = null,
            (claims, attempts, calls_done, version, content_revision, message_id, message_ids) = (
              select o."claims", o."attempts", o."callsDone", o."version", o."contentRevision", o."messageIds"[1],
                case when cardinality(o."messageIds") > 1 then o."messageIds" end
              from jsonb_to_record((select rows from batch) -> d.seq::text) as o("claims" int, "attempts" int,
                "callsDone" int, "version" text, "contentRevision" int, "messageIds" int[]))
          where d.bot_id = ${botId} and d.campaign_id = ${campaignId}
            and d.seq = any(${`{${part.map(({ seq }) => seq).join(",")}}`}::int[])`,
    );
  }
}

function chunks<T>(all: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / CHUNK) }, (_, index) =>
    all.slice(index * CHUNK, (index + 1) * CHUNK),
  );
}
