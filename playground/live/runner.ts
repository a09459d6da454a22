import type { Actions, HeraldStatus, LogLine } from "../shared/protocol.ts";

/** A bot that the playground runs as a process, so that it can be killed. */
export interface Runner {
  readonly status: HeraldStatus;
  /** The last 200, oldest first. Each stays the same object while it is kept. */
  readonly lines: readonly LogLine[];
  /** Rejects with an explanation if that is not possible now. */
  act(what: Actions["herald"]["do"]): Promise<void>;
}
