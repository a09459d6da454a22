import { eq, sql } from "drizzle-orm";
import type { Actor } from "../../access/actor.ts";
import { record } from "../../access/audit.ts";
import { type HomeScope, type Scope, inTransaction } from "../../db/scope.ts";
import { campaigns } from "../../db/schema.ts";
import { DomainError } from "../../errors.ts";
import { authorizeOn } from "../authorize-on.ts";
import { type Campaign, isOver } from "../campaign.ts";
import { flawOfPattern } from "../code-pattern.ts";
import { addCodes, addDrawn, countPool, insertPool, releaseCodes } from "../code-pool.ts";
import { getCampaign, getDraft } from "../queries.ts";
import { changed, is } from "../transition.ts";

/** Codes of a file, or those that Herald makes: each # of the pattern is drawn. */
export type NewCodes = readonly string[] | { pattern: string; count: number };

/**
 * Adds codes to those of a campaign, which a draft gets with the first ones. Campaigns that share them have them as well.
 * Resolves with how many are new: those that are there already stay as they are.
 * @throws DomainError `forbidden`, `not-found`; `code-pattern-unfit`; `conflict` if it is over, `no-code-pool` if it has none
 *   and is no draft
 */
export async function addCodesTo(
  home: HomeScope,
  actor: Actor,
  id: number,
  added: NewCodes,
): Promise<number> {
  const scope = await authorizeOn(home, { actor, action: "edit-draft", id });
  const campaign = await getCampaign(home, id);
  // A step of the series for newcomers is finished until somebody is due again.
  if (isOver(campaign.state) && !campaign.step)
    throw new DomainError("conflict", { id, state: campaign.state });
  if ("pattern" in added) {
    const existing = (await countPool(home, campaign.codePool))?.all ?? 0;
    const flaw = flawOfPattern(added.pattern, added.count, existing);
    if (flaw) throw new DomainError("code-pattern-unfit", { places: 0, most: 0, ...flaw });
  }
  const pool = campaign.codePool ?? (await makePool(scope, campaign));
  const count =
    "pattern" in added
      ? (await addDrawn(home, pool, added.pattern, added.count), added.count)
      : await addCodes(home, pool, added);
  await record(home, actor, "campaign.codes-added", id);
  return count;
}

async function makePool(scope: Scope, { id, state }: Campaign): Promise<number> {
  if (state !== "draft") throw new DomainError("no-code-pool", { id });
  await inTransaction(scope, async (tx) => {
    await insertPool(tx, id);
    await setPool(tx, await getDraft(tx, id), id);
  });
  return id;
}

/**
 * Lets the codes be given that are withheld since a restore, for somebody who knows that none was given after the backup was
 * made. Campaigns that share them have them again as well.
 * @throws DomainError `forbidden`, `not-found`
 */
export async function releaseCodesOf(home: HomeScope, actor: Actor, id: number): Promise<void> {
  await inTransaction(home, async (tx) => {
    await authorizeOn(tx, { actor, action: "edit-draft", id });
    const { codePool } = await getCampaign(tx, id);
    if (codePool === null) return;
    await releaseCodes(tx, codePool);
    await record(tx, actor, "campaign.codes-released", id);
  });
}

/**
 * Leaves a draft without codes. Other campaigns keep them.
 * @throws DomainError `forbidden`, `not-found`; `conflict` when it is no draft
 */
export async function removeCodes(home: HomeScope, actor: Actor, id: number): Promise<void> {
  await inTransaction(home, async (tx) => {
    const scope = await authorizeOn(tx, { actor, action: "edit-draft", id });
    await setPool({ ...scope, db: tx.db }, await getDraft(tx, id), null);
    await record(tx, actor, "campaign.edited", id);
  });
}

/** A draft that somebody changed meanwhile stays as it is. @throws DomainError `changed`, `conflict` */
async function setPool(tx: Scope, { id, revision }: Campaign, codePool: number | null): Promise<void> {
  const rows = await tx.db
    .update(campaigns)
    .set({ codePool, codeRound: 0, revision: revision + 1, updatedAt: sql`now()` })
    .where(sql`${is(tx, id, ["draft"])} and ${eq(campaigns.revision, revision)}`)
    .returning({ id: campaigns.id });
  if (rows.length === 0) throw await changed(tx, id);
}
