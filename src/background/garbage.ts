import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Clock } from "../clock.ts";

/**
 * Returns to the system what work that is over has left behind. V8 would keep it until it allocates as much again, which
 * takes a Herald at rest for ever. A collection takes some 20 ms, during which nothing else runs.
 */
export function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
}

/** By then, what a start puts off is done. */
const START_MS = 15_000;

/** What a first start leaves behind is 13 MB. */
export async function collectAfterStart(clock: Clock, stop: AbortSignal): Promise<void> {
  await clock.sleep(START_MS, stop);
  if (!stop.aborted) collectGarbage();
}
