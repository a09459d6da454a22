import type { PersonFacts } from "../../content/personal.ts";

/** A delivery that is ours to send: it is `sending` in the database before the call leaves. */
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
  /** How many of the post's calls are done, and the messages that they made. The outbox updates both. */
  callsDone: number;
  messageIds: number[];
  /**
   * Language of the version that it gets; null is the default version. Once a call is done, the others use the same
   * version even if the person's language has changed. Before that, it is meaningless until the outbox picks one.
   */
  version: string | null;
  /** Revision of the post that its first call carried; set by the outbox. Null when not known. */
  contentRevision: number | null;
  /** Only for people, and only when the post needs it. */
  person: PersonFacts | null;
}
