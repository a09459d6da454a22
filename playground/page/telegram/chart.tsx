import { useMemo } from "preact/hooks";
import { meters } from "../state/stream.ts";
import { useStore } from "../state/store.ts";
import { HEIGHT, inWords, plot, WIDTH } from "./plot.ts";
import { t } from "../state/locale.ts";
import { Said } from "../ui/said.tsx";

/** Screen readers get an update this often; twice per second would be too much. */
const WORDS_MS = 5_000;

/** Messages per second that Telegram accepted over the last minute, against its limit. */
export function Chart() {
  const shown = useStore(meters);
  const last = shown.at(-1);
  const { line, area, limitAt, refusedAt } = plot(shown);
  const words = useMemo(() => inWords(shown), [Math.floor((last?.at ?? 0) / WORDS_MS)]);
  return (
    <figure class="rate">
      <figcaption>
        <Said of="rate" values={{ rate: last?.rate ?? 0, limit: last?.limit ?? 0 }} />
      </figcaption>
      <div class="rate-plot">
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={words}>
          <path class="rate-area" d={area} />
          <path class="rate-line" d={line} />
          {refusedAt.map((x) => (
            // A zero-length line with round caps is a dot, however the picture is stretched.
            <path key={x} class="rate-refused" d={`M${x} ${HEIGHT - 4}h0`} />
          ))}
          {limitAt !== undefined && <path class="rate-limit" d={`M0 ${limitAt * HEIGHT}H${WIDTH}`} />}
        </svg>
        {limitAt !== undefined && (
          <span class="rate-limit-label" style={{ top: `${limitAt * 100}%` }} aria-hidden="true">
            {t("rate-limit", { limit: last?.limit ?? 0 })}
          </span>
        )}
      </div>
      <div class="rate-axis" aria-hidden="true">
        <span>{t("rate-ago")}</span>
        {refusedAt.length > 0 && <span class="rate-key">{t("rate-429")}</span>}
        <span>{t("rate-now")}</span>
      </div>
    </figure>
  );
}
