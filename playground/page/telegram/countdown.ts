import { useEffect, useState } from "preact/hooks";
import type { Overview } from "../../shared/protocol.ts";

const STEP_MS = 200;

/**
 * The whole seconds that a fault still lasts; 0 if it is over. The overview tells it once; from then on the page
 * counts down itself.
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
