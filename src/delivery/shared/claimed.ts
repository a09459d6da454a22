import type { PersonFacts } from "../../content/personal.ts";

/** A delivery that is ours to send: it stands as `sending` in the database before the call leaves. */
export interface Claimed {
  campaignId: number;
  seq: number;
  chatId: number;
  /** The topic of a forum. */
  threadId: number | null;
  /** Attempts before this one. */
  attempts: number;
  /** Which claim of this delivery it is; only this one may settle it. */
  claims: number;
  /** How many of the post's calls are done, and the messages that they made. The outbox moves both on. */
  callsDone: number;
  messageIds: number[];
  /**
   * Language of the version that it gets; null is the default one. Once a call is done the others are of the same
   * version, whatever the person's language is by now. Before that it means nothing until the outbox picks one.
   */
  version: string | null;
  /** Revision of the post that its first call carried; the outbox sets it. Null when that is not known. */
  contentRevision: number | null;
  /** Of people, when the post needs it. */
  person: PersonFacts | null;
}
