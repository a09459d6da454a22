import { type Actor, actorId, authorize } from "../../access/actor.ts";
import { type AuditAction, record } from "../../access/audit.ts";
import { type Group, peopleOf } from "../report/people-of-campaign.ts";
import {
  type List,
  findList,
  insertList,
  insertMembers,
  insertMembersFrom,
  removeList,
  removeMembers,
  setListName,
} from "../../audience/lists.ts";
import { type Scope, inTransaction } from "../../db/scope.ts";
import { DomainError } from "../../errors.ts";

/*
 * Lists of people whom somebody picked one by one. Each belongs to a bot.
 */

/** @throws DomainError `forbidden`, `list-name-unfit`, `list-name-taken`, `too-many-lists` */
export async function createList(scope: Scope, actor: Actor, name: string): Promise<List> {
  return change(scope, actor, "list.created", (tx) => insertList(tx, name, actorId(actor)));
}

/** @throws DomainError `forbidden`, `list-unknown`, `list-name-unfit`, `list-name-taken` */
export async function renameList(scope: Scope, actor: Actor, id: number, name: string): Promise<List> {
  return change(scope, actor, "list.renamed", async (tx) => known(await setListName(tx, id, name)));
}

/** The people stay on the bot's list. @throws DomainError `forbidden`, `list-unknown` */
export async function deleteList(scope: Scope, actor: Actor, id: number): Promise<void> {
  await change(scope, actor, "list.deleted", async (tx) => {
    const list = known(await findList(tx, id));
    await removeList(tx, id);
    return list;
  });
}

/** Puts people on a list whom the bot knows; resolves with how many are new to it. @throws DomainError `forbidden`, `list-unknown` */
export async function addToList(
  scope: Scope,
  actor: Actor,
  id: number,
  chatIds: readonly number[],
): Promise<number> {
  return changeMembers(scope, actor, id, (tx) => insertMembers(tx, id, chatIds));
}

/** As addToList(), of the people of a campaign of the same bot. */
export async function addGroupToList(
  scope: Scope,
  actor: Actor,
  id: number,
  campaignId: number,
  group: Group,
): Promise<number> {
  return changeMembers(scope, actor, id, (tx) => insertMembersFrom(tx, id, peopleOf(tx, campaignId, group)));
}

/** Takes people off a list; resolves with how many were on it. @throws DomainError `forbidden`, `list-unknown` */
export async function takeFromList(
  scope: Scope,
  actor: Actor,
  id: number,
  chatIds: readonly number[],
): Promise<number> {
  return changeMembers(scope, actor, id, (tx) => removeMembers(tx, id, chatIds));
}

async function changeMembers(
  scope: Scope,
  actor: Actor,
  id: number,
  work: (tx: Scope) => Promise<number>,
): Promise<number> {
  const { changed } = await change(scope, actor, "list.changed", async (tx) => {
    const list = known(await findList(tx, id));
    return { id: list.id, changed: await work(tx) };
  });
  return changed;
}

/** Does it if the actor may, and notes that in the audit. */
async function change<T extends { id: number }>(
  scope: Scope,
  actor: Actor,
  action: AuditAction,
  work: (tx: Scope) => Promise<T>,
): Promise<T> {
  return inTransaction(scope, async (tx) => {
    await authorize(tx, actor, { action: "change-list", botId: tx.botId });
    const done = await work(tx);
    await record(tx, actor, action, done.id);
    return done;
  });
}

function known(list: List | null): List {
  if (!list) throw new DomainError("list-unknown");
  return list;
}
