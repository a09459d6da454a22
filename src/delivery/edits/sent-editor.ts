import { setMaxListeners } from "node:events";
import { mapLimited } from "../../background/limited.ts";
import { repeat } from "../../background/rounds.ts";
import type { Service } from "../../background/service.ts";
import type { LeaveLabel } from "../../campaign/leave-button.ts";
import type { Campaign } from "../../campaign/campaign.ts";
import { findOwnCampaign } from "../../campaign/queries.ts";
import { type SentEdit, listRunningEdits, moveSentEdit } from "../../campaign/sent-edits.ts";
import type { Clock } from "../../clock.ts";
import { Uneditable, editsOf } from "../../content/edits.ts";
import { Unfillable } from "../../content/personal.ts";
import type { Scope } from "../../db/scope.ts";
import type { Events } from "../../events.ts";
import type { Log } from "../../log.ts";
import type { EditApi, EditOutcome } from "../../telegram/edit-call.ts";
import { askedOf } from "../claim/claim.ts";
import { callsOf } from "../outbox/calls-left.ts";
import type { Pacer } from "../pace/pacer.ts";
import { createReadyPosts } from "../shared/ready-posts.ts";
import {
  type Copy,
  type CopiesRead,
  addToBatch,
  emptyBatch,
  readCopiesAt,
  readCopiesBelow,
  recordBatch,
} from "./edit-batch.ts";
import { type EditCalls, createEditCalls } from "./edit-pace.ts";
import { type WhyPaused, createEditVerdicts } from "./edit-verdicts.ts";

/**
 * Brings the new post to those who have an older one: sent-edits.ts says what is under way. An edit may be repeated, so a
 * crash costs a batch of calls that change nothing.
 */
export interface SentEditor extends Service {
  /** Edits what there is to edit now. Rejects when the database fails; what is left stays. */
  editAll(): Promise<void>;
  /** An edit was begun, paused, resumed or stopped. */
  nudge(): void;
  /** Resolves when the calls under way have ended. */
  stop(): Promise<void>;
}

export interface SentEditorDeps {
  scope: Scope;
  clock: Clock;
  log: Log;
  api: EditApi;
  lease: { held(): boolean };
  pacer: Pick<Pacer, "turn" | "tooFast" | "pausedUntil" | "answered" | "rate">;
  /** Edits cannot be paid for, and then share the free rate. */
  paid: { readonly on: boolean };
  leaveLabel: LeaveLabel;
  /** False while posts of the campaign may still be claimed with an older content than this revision. */
  isUpToDate: (campaignId: number, revision: number) => boolean;
  events: Pick<Events, "emit">;
  /** How often to look for work, in ms. */
  calmMs: number;
}

/** How long a batch takes; an edit that is paused or taken over ends with it. */
const BATCH_SECONDS = 1;
const AT_ONCE = 32;
/** While some copies have to wait: for their own calls, or for a failure to pass. */
const WAIT_MS = 500;
/** With so many waiting, nothing new is begun. */
const MOST_WAITING = 1_000;

export function createSentEditor(deps: SentEditorDeps): SentEditor {
  const { scope, clock, log, lease, pacer, events } = deps;
  const stopping = new AbortController();
  const stop = stopping.signal;
  setMaxListeners(0, stop); // everything that waits for its turn listens to it
  const calls = createEditCalls({ ...deps, stop });
  const readied = createReadyPosts(scope, deps.leaveLabel);
  const verdicts = createEditVerdicts(clock);

  const mayGoOn = () => !stop.aborted && lease.held() && !calls.isPaused;

  /** Edits a batch of each edit in turn. Resolves with how long to wait for more, or with nothing if there is none. */
  async function round(): Promise<number | undefined> {
    if (!mayGoOn()) return undefined;
    const edits = await listRunningEdits(scope);
    if (edits.length === 0) {
      verdicts.forget();
      return undefined;
    }
    const all: Campaign[] = [];
    for (const { campaignId, contentRevision } of edits) {
      // First, so that what is read of the campaign then includes all that was claimed with an older content.
      if (!deps.isUpToDate(campaignId, contentRevision)) continue;
      const campaign = await findOwnCampaign(scope, campaignId);
      if (campaign) all.push(campaign);
    }
    const ready = new Map((await readied(all)).map((campaign) => [campaign.id, campaign]));
    let wait = WAIT_MS;
    for (const edit of edits) {
      const campaign = ready.get(edit.campaignId);
      if (!mayGoOn()) return WAIT_MS;
      if (campaign && (await editSome(edit, campaign))) wait = 0;
    }
    return wait;
  }

  /** Resolves true if there may be more to do at once. */
  async function editSome(edit: SentEdit, campaign: Campaign): Promise<boolean> {
    // The post was replaced since, and this one exists no longer.
    if (campaign.contentRevision !== edit.contentRevision) {
      await end(edit, "stopped");
      return false;
    }
    const { copies, cursor, resting } = await nextCopies(edit, campaign);
    const sending = copies.filter(({ isSending }) => isSending).map(({ seq }) => seq);
    const done = emptyBatch(cursor, [...resting, ...sending]);
    let pause: WhyPaused | null = null;
    const toEdit = copies.filter(({ isSending }) => !isSending);
    await mapLimited(toEdit, AT_ONCE, async (copy) => {
      const outcome = pause || !mayGoOn() ? null : await editCopy(calls, campaign, copy, log);
      const verdict = verdicts.judge(edit, copy.seq, outcome);
      if (typeof verdict === "object") pause ??= verdict;
      addToBatch(done, copy, verdict, outcome);
    });
    const isUnmoved =
      cursor === edit.cursor && toEdit.length === 0 && done.waiting.length === edit.waiting.length;
    if (!lease.held()) return false; // the next holder does these again, which changes nothing
    if (!isUnmoved) await recordBatch(scope, edit, done);
    if (pause) await pauseFor(edit, pause);
    else if (cursor === 0 && done.waiting.length === 0) await end(edit, "finished");
    if (toEdit.length > 0) events.emit("progress", { campaignId: edit.campaignId, outcomes: 0 });
    return !pause && (done.seqs.length > 0 || cursor !== edit.cursor);
  }

  /** The copies to edit now: those that had to wait, then the next ones. `resting` have to wait longer. */
  async function nextCopies(edit: SentEdit, campaign: Campaign): Promise<CopiesRead & { resting: number[] }> {
    const limit = Math.max(1, Math.ceil(pacer.rate * BATCH_SECONDS));
    const due = edit.waiting.filter((seq) => verdicts.isDue(edit, seq)).slice(0, limit);
    const resting = edit.waiting.filter((seq) => !due.includes(seq));
    const person = askedOf(campaign);
    const again = await readCopiesAt(scope, edit, due, person);
    const cursor = edit.cursor ?? campaign.total;
    const room = limit - again.length;
    if (room <= 0 || cursor === 0 || edit.waiting.length >= MOST_WAITING)
      return { copies: again, cursor, resting };
    const next = await readCopiesBelow(scope, edit, cursor, room, person);
    return { copies: [...again, ...next.copies], cursor: next.cursor, resting };
  }

  async function pauseFor(edit: SentEdit, why: WhyPaused): Promise<void> {
    await moveSentEdit(scope, edit.campaignId, ["running"], { state: "paused", ...why }, edit.number);
    log.warn({ campaign: edit.campaignId, reason: why.pauseDetail }, "an edit of sent posts is paused");
    events.emit("progress", { campaignId: edit.campaignId, outcomes: 0 });
  }

  async function end(edit: SentEdit, state: "finished" | "stopped"): Promise<void> {
    const { campaignId, number } = edit;
    await moveSentEdit(scope, campaignId, ["running"], { state, endedAt: clock.now() }, number);
    log.info({ campaign: campaignId, state }, "an edit of sent posts has ended");
    events.emit("progress", { campaignId, outcomes: 0 });
  }

  const loop = repeat({
    clock,
    log,
    everyMs: deps.calmMs,
    complaint: "sent posts cannot be edited, trying again",
    work: async () => round(),
  });

  return {
    start: loop.start,
    nudge: loop.nudge,
    async editAll() {
      for (let wait = await round(); wait !== undefined; wait = await round()) await clock.sleep(wait, stop);
    },
    async stop() {
      stopping.abort();
      await loop.stop();
    },
  };
}

/** Edits one copy. Null when a call may not leave now. A fault of our own would affect everyone, like a refused post. */
async function editCopy(
  calls: EditCalls,
  campaign: Campaign,
  copy: Copy,
  log: Log,
): Promise<EditOutcome | null> {
  try {
    return await calls.edit(copy.chatId, editsOf(callsOf(campaign, copy), copy.messageIds));
  } catch (error) {
    if (error instanceof Unfillable || error instanceof Uneditable)
      return { type: "refused", class: "personal", description: error.message };
    log.error({ err: error, campaign: campaign.id }, "a sent post cannot be edited");
    return { type: "refused", class: "content", description: String(error) };
  }
}
