import type { HeraldStatus } from "../../live/protocol.ts";
import { act } from "../act.ts";
import { Switch, SwitchButton } from "./switch.tsx";

/** The process of the bot, and how to end it without a word of warning. */
export function Herald({ status }: { status: HeraldStatus }) {
  const { state, pid, kills, lastWords } = status;
  const isAlive = pid !== undefined;
  return (
    <section class="herald" aria-labelledby="herald-title">
      <header>
        <h4 id="herald-title">Herald</h4>
        <p class="herald-state" data-state={state}>
          {words(status)}
        </p>
        {kills > 0 && <p>killed {times(kills)}</p>}
      </header>
      {lastWords !== undefined && <pre>{lastWords}</pre>}
      <Switch
        hint={
          state === "stopped"
            ? "It carries on where it left off."
            : "kill -9: what was in flight is reported as uncertain."
        }
      >
        {state === "stopped" ? (
          <SwitchButton onClick={() => void act("herald", { do: "start" })}>Start</SwitchButton>
        ) : (
          <>
            <SwitchButton idle={!isAlive} onClick={() => void act("herald", { do: "restart" })}>
              Kill and restart
            </SwitchButton>
            <SwitchButton idle={!isAlive} onClick={() => void act("herald", { do: "kill" })}>
              Kill
            </SwitchButton>
          </>
        )}
      </Switch>
    </section>
  );
}

function words({ state, pid }: HeraldStatus): string {
  if (state === "starting") return "starting…";
  if (state === "stopped") return "stopped";
  return pid === undefined ? "running" : `running, process ${pid}`;
}

function times(count: number): string {
  return { 1: "once", 2: "twice" }[count] ?? `${count} times`;
}
