import { act } from "../act.ts";
import { overview } from "../live.ts";
import { useSelected } from "../store.ts";
import { Chart } from "./chart.tsx";
import { Log } from "./log.tsx";
import { Tiles } from "./tiles.tsx";
import { Trouble } from "./trouble.tsx";

/** What Telegram sees, which stays in sight, and below it how to cause trouble. */
export function Telegram() {
  const runsHerald = useSelected(overview, (now) => now?.herald !== undefined);
  return (
    <aside class="telegram" aria-labelledby="telegram-title">
      <div class="figures">
        <header>
          <h2 id="telegram-title">What Telegram sees</h2>
          <button onClick={() => void act("recount", {})}>Reset counts</button>
        </header>
        <Chart />
        <Tiles />
      </div>
      <Trouble />
      {runsHerald && <Log />}
    </aside>
  );
}
