import { act } from "../state/act.ts";
import { overview } from "../state/stream.ts";
import { useSelected } from "../state/store.ts";
import { Chart } from "./chart.tsx";
import { Log } from "./herald-log.tsx";
import { Tiles } from "./tiles.tsx";
import { Trouble } from "./trouble.tsx";
import { t } from "../state/locale.ts";

/** What Telegram sees, always visible, and below it how to cause trouble. */
export function Telegram() {
  const runsHerald = useSelected(overview, (now) => now?.herald !== undefined);
  return (
    <aside class="telegram" aria-labelledby="telegram-title">
      <div class="figures">
        <header>
          <h2 id="telegram-title">{t("telegram-sees")}</h2>
          <button onClick={() => void act("recount", {})}>{t("reset-counts")}</button>
        </header>
        <Chart />
        <Tiles />
      </div>
      <Trouble />
      {runsHerald && <Log />}
    </aside>
  );
}
