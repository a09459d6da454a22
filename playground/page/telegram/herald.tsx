import type { HeraldStatus } from "../../shared/protocol.ts";
import { act } from "../state/act.ts";
import { Switch, SwitchButton } from "./switch.tsx";
import { t } from "../state/locale.ts";

/** The bot's process, and how to kill it. */
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
        {kills > 0 && <p>{t("herald-killed", { count: kills })}</p>}
      </header>
      {lastWords !== undefined && <pre>{lastWords}</pre>}
      <Switch hint={t(state === "stopped" ? "herald-start-what" : "herald-kill-what")}>
        {state === "stopped" ? (
          <SwitchButton onClick={() => void act("herald", { do: "start" })}>{t("herald-start")}</SwitchButton>
        ) : (
          <>
            <SwitchButton idle={!isAlive} onClick={() => void act("herald", { do: "restart" })}>
              {t("herald-restart")}
            </SwitchButton>
            <SwitchButton idle={!isAlive} onClick={() => void act("herald", { do: "kill" })}>
              {t("herald-kill")}
            </SwitchButton>
          </>
        )}
      </Switch>
    </section>
  );
}

function words({ state, pid }: HeraldStatus): string {
  if (state !== "running") return t(`herald-${state}`);
  return pid === undefined ? t("herald-running") : t("herald-running-as", { pid: String(pid) });
}
