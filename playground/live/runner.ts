import type { Actions, HeraldStatus, LogLine } from "./protocol.ts";

/** A bot that the playground runs as a process of its own, so that it can be killed. */
export interface Runner {
  readonly status: HeraldStatus;
  /** The last 200, oldest first: each stays the same object as long as it is kept. */
  readonly lines: readonly LogLine[];
  /** Rejects with a sentence when that cannot be done now. */
  act(what: Actions["herald"]["do"]): Promise<void>;
}
