import { type Actor, actorId, authorize } from "../../access/actor.ts";
import { type AuditAction, record } from "../../access/audit.ts";
import {
  type SavedSegment,
  findSegment,
  findSegmentByName,
  insertSegment,
  putSegment,
  removeSegment,
  setSegment,
  setSegmentName,
} from "../../audience/segment/saved-segments.ts";
import type { Segment } from "../../audience/segment/segment.ts";
import { type Scope, inTransaction } from "../../db/scope.ts";
import { DomainError } from "../../errors.ts";

/*
 * Conditions that are kept under a name. Each belongs to a bot, and campaigns take copies of them: nothing here changes one.
 */

/** @throws DomainError `forbidden`, `segment-name-unfit`, `segment-name-taken`, `too-many-segments` */
export async function saveSegment(
  scope: Scope,
  actor: Actor,
  name: string,
  segment: Segment,
): Promise<SavedSegment> {
  return change(scope, actor, "segment.saved", (tx) => insertSegment(tx, name, segment, actorId(actor)));
}

/** As saveSegment(), also in place of those that have the name already. @throws DomainError `forbidden`, `segment-name-unfit`, `too-many-segments` */
export async function saveOrReplaceSegment(
  scope: Scope,
  actor: Actor,
  name: string,
  segment: Segment,
): Promise<SavedSegment> {
  return change(scope, actor, "segment.saved", (tx) => putSegment(tx, name, segment, actorId(actor)));
}

/** @throws DomainError `forbidden`, `segment-unknown` */
export async function replaceSegment(
  scope: Scope,
  actor: Actor,
  id: number,
  segment: Segment,
): Promise<SavedSegment> {
  return change(scope, actor, "segment.saved", async (tx) =>
    known(await setSegment(tx, id, segment, actorId(actor))),
  );
}

/** @throws DomainError `forbidden`, `segment-unknown`, `segment-name-unfit`, `segment-name-taken` */
export async function renameSegment(
  scope: Scope,
  actor: Actor,
  id: number,
  name: string,
): Promise<SavedSegment> {
  return change(scope, actor, "segment.renamed", async (tx) => known(await setSegmentName(tx, id, name)));
}

/** @throws DomainError `forbidden`, `segment-unknown` */
export async function deleteSegment(scope: Scope, actor: Actor, id: number): Promise<void> {
  await remove(scope, actor, (tx) => findSegment(tx, id));
}

/** @throws DomainError `forbidden`, `segment-unknown` */
export async function deleteSegmentCalled(scope: Scope, actor: Actor, name: string): Promise<void> {
  await remove(scope, actor, (tx) => findSegmentByName(tx, name));
}

async function remove(
  scope: Scope,
  actor: Actor,
  find: (tx: Scope) => Promise<SavedSegment | null>,
): Promise<void> {
  await change(scope, actor, "segment.deleted", async (tx) => {
    const saved = known(await find(tx));
    await removeSegment(tx, saved.id);
    return saved;
  });
}

/** Does it if the actor may, and notes that in the audit. */
async function change(
  scope: Scope,
  actor: Actor,
  action: AuditAction,
  work: (tx: Scope) => Promise<SavedSegment>,
): Promise<SavedSegment> {
  return inTransaction(scope, async (tx) => {
    await authorize(tx, actor, { action: "change-segment", botId: tx.botId });
    const saved = await work(tx);
    await record(tx, actor, action, saved.id);
    return saved;
  });
}

function known(saved: SavedSegment | null): SavedSegment {
  if (!saved) throw new DomainError("segment-unknown");
  return saved;
}
