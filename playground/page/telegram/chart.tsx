import { useMemo } from "preact/hooks";
import { meters } from "../live.ts";
import { useStore } from "../store.ts";
import { HEIGHT, inWords, plot, WIDTH } from "./plot.ts";

/** Twice a second is too often for whoever listens to the page instead of looking at it. */
const WORDS_MS = 5_000;

/** How many messages a second Telegram accepted over the last minute, against what it allows. */
export function Chart() {
  const shown = useStore(meters);
  const last = shown.at(-1);
  const { line, area, limitAt, refusedAt } = plot(shown);
  const words = useMemo(() => inWords(shown), [Math.floor((last?.at ?? 0) / WORDS_MS)]);
  return (
    <figure class="rate">
      <figcaption>
        <b>{last?.rate ?? 0}</b> {last?.limit != null && `/ ${last.limit} `}messages a second
      </figcaption>
      <div class="rate-plot">
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={words}>
          <path class="rate-area" d={area} />
          <path class="rate-line" d={line} />
          {refusedAt.map((x) => (
            // A line without length and with round ends is a dot, however the picture is stretched.
            <path key={x} class="rate-refused" d={`M${x} ${HEIGHT - 4}h0`} />
          ))}
          {limitAt !== undefined && <path class="rate-limit" d={`M0 ${limitAt * HEIGHT}H${WIDTH}`} />}
        </svg>
        {limitAt !== undefined && (
          <span class="rate-limit-label" style={{ top: `${limitAt * 100}%` }} aria-hidden="true">
            Telegram's limit: {last?.limit}
          </span>
        )}
      </div>
      <div class="rate-axis" aria-hidden="true">
        <span>60 s ago</span>
        {refusedAt.length > 0 && <span class="rate-key">answered 429</span>}
        <span>now</span>
      </div>
    </figure>
  );
}
