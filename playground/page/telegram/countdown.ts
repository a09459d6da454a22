import { useEffect, useState } from "preact/hooks";
import type { Overview } from "../../live/protocol.ts";

const STEP_MS = 200;

/**
 * How many more whole seconds a fault lasts, 0 when it is over. The overview says it once, at the moment it was sent;
 * from then on the page counts by itself.
 */
export function useSecondsLeft(overview: Overview, fault: "cut" | "flood"): number {
  const ms = overview.trouble[fault];
  const [left, setLeft] = useState(ms);
  useEffect(() => {
    const end = performance.now() + ms;
    const step = () => setLeft(Math.max(0, end - performance.now()));
    step();
    if (ms === 0) return;
    const timer = setInterval(step, STEP_MS);
    return () => clearInterval(timer);
  }, [overview]);
  return Math.ceil((ms === 0 ? 0 : left) / 1000);
}
