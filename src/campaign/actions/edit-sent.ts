import type { Actor } from "../../access/actor.ts";
import { record } from "../../access/audit.ts";
import { type HomeScope, type Scope, inTransaction, scopeOf } from "../../db/scope.ts";
import type { EditState } from "../../db/states.ts";
import { DomainError } from "../../errors.ts";
import { replacePost } from "../apply-changes.ts";
import { authorizeOn } from "../authorize-on.ts";
import type { Campaign } from "../campaign.ts";
import { isSendable } from "../findings.ts";
import { getCampaign, getDraft } from "../queries.ts";
import { type SentEdit, canEditSent, checkEditable, moveSentEdit, startSentEdit } from "../sent-edits.ts";
import { steer, steerCampaign } from "../steering.ts";
import { conflict } from "../transition.ts";
import { beginChange } from "./begin-change.ts";
import { editDraft } from "./edit-draft.ts";
import { type DirectUse, type Used, useDirectly } from "./use-directly.ts";

/**
 * Replaces the post of a campaign that has sent some with that of its change draft, everywhere: those who have it see the new
 * one, the newest copy first, and the others get it. The draft is deleted. An edit that is under way is taken over.
 * @throws DomainError `forbidden`, `unsendable`; `not-editable` when Telegram cannot turn the old post into the new one;
 *   `conflict` when there is nothing to edit, `changed` of the draft or of its campaign, as `id` says
 */
export async function editSent(
  home: HomeScope,
  actor: Actor,
  { id, revision }: Pick<Campaign, "id" | "revision">,
): Promise<SentEdit> {
  await authorizeOn(home, { actor, action: "edit-sent", id });
  const draft = await getDraft(home, id);
  if (draft.changes === null) throw await conflict(home, id);
  if (!(await isSendable(home, draft))) throw new DomainError("unsendable", { id });
  const before = await getCampaign(home, draft.changes);
  checkEditable(before, draft);
  return steer(scopeOf(home, draft), async (tx) =>
    startSentEdit(tx, actor, await replacePost(tx, actor, { id, revision }, "everywhere")),
  );
}

/** A post to be put in the place of what a campaign has sent. */
export interface DirectEdit extends Pick<Campaign, "content" | "originKey"> {
  /** The revision of the campaign that was read; without it the present one counts. */
  revision?: number | undefined;
}

/**
 * Edits what a campaign has sent in one step. `originKey` as in NewDraft.
 * @throws DomainError as beginChange() and editSent() do; whatever `test` throws
 */
export async function editSentDirectly(
  home: HomeScope,
  actor: Actor,
  id: number,
  { content, revision, originKey }: DirectEdit,
  test: DirectUse<SentEdit>["test"],
): Promise<Used<SentEdit>> {
  await authorizeOn(home, { actor, action: "edit-sent", id });
  const campaign = await getCampaign(home, id);
  if (revision !== undefined && campaign.revision !== revision) throw new DomainError("changed", { id });
  if (!canEditSent(campaign)) throw await conflict(home, id);
  checkEditable(campaign, { content });
  const changed = await inTransaction(home, async (tx) =>
    editDraft(tx, actor, await beginChange(tx, actor, id, originKey), { content }),
  );
  return useDirectly(home, actor, changed, { test, use: (tested) => editSent(home, actor, tested) });
}

/** The messages that are not edited yet stay as they are until it is resumed. @throws DomainError `forbidden`, `no-edit` */
export async function pauseEdit(home: HomeScope, actor: Actor, id: number): Promise<SentEdit> {
  return moveEdit(home, actor, id, "pause", (tx) =>
    moveSentEdit(tx, id, ["running"], { state: "paused", pauseReason: "admin", pauseDetail: null }),
  );
}

/** @throws DomainError `forbidden`, `no-edit` */
export async function resumeEdit(home: HomeScope, actor: Actor, id: number): Promise<SentEdit> {
  return moveEdit(home, actor, id, "resume", (tx) => moveSentEdit(tx, id, ["paused"], { state: "running" }));
}

/** For good: what is edited stays edited. Another edit reaches the others. @throws DomainError `forbidden`, `no-edit` */
export async function stopEdit(home: HomeScope, actor: Actor, id: number): Promise<SentEdit> {
  const from: readonly EditState[] = ["running", "paused"];
  return moveEdit(home, actor, id, "stop", (tx) =>
    moveSentEdit(tx, id, from, { state: "stopped", endedAt: new Date() }),
  );
}

const AUDITED = { pause: "edit.paused", resume: "edit.resumed", stop: "edit.stopped" } as const;

async function moveEdit(
  home: HomeScope,
  actor: Actor,
  id: number,
  what: keyof typeof AUDITED,
  move: (tx: Scope) => Promise<SentEdit | null>,
): Promise<SentEdit> {
  return steerCampaign(home, { actor, action: "edit-sent", id }, async (tx) => {
    const edit = await move(tx);
    if (!edit) throw new DomainError("no-edit", { id });
    await record(tx, actor, AUDITED[what], id);
    return edit;
  });
}
