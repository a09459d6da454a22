import type { Clock } from "../clock.ts";
import type { Events } from "../events.ts";

/** All engines notice when the database goes back; the owners hear of it once. */
const SAME_LOSS_MS = 60_000;

/** Until when a loss was told; by home. */
const told = new WeakMap<Events, number>();

/**
 * Passes on to the home what happens to campaigns, whose numbers are unique in the home. Not `arrived`: in the sender's chats,
 * the numbers of messages are other ones than in the home's, where the cards are.
 */
export function forwardEvents(sender: Events, home: Events, clock: Clock): void {
  sender.on("progress", (event) => home.emit("progress", event));
  sender.on("started", (event) => home.emit("started", event));
  sender.on("finished", (event) => home.emit("finished", event));
  sender.on("paused", (event) => home.emit("paused", event));
  sender.on("late", (event) => home.emit("late", event));
  sender.on("audienceMoved", (event) => home.emit("audienceMoved", event));
  sender.on("followUpRefused", (event) => home.emit("followUpRefused", event));
  sender.on("atRest", () => home.emit("atRest", null));
  sender.on("writesLost", (loss) => {
    const now = clock.monotonic();
    if ((told.get(home) ?? -Infinity) > now) return;
    told.set(home, now + SAME_LOSS_MS);
    home.emit("writesLost", loss);
  });
}
