import type { Log } from "../log.ts";

/** Says that sending is held up: one line when that begins and one when it is over, not one for each attempt. */
export interface SendingTrouble {
  note(error: unknown): void;
  over(): void;
}

export function createSendingTrouble(log: Log): SendingTrouble {
  let lasts = false;
  return {
    note(error) {
      if (!lasts) log.error({ err: error }, "cannot go on sending, trying again");
      lasts = true;
    },
    over() {
      if (lasts) log.info("sending goes on");
      lasts = false;
    },
  };
}
