import type { Overview } from "../../shared/protocol.ts";
import { useId } from "preact/hooks";
import { act } from "../state/act.ts";
import { overview } from "../state/stream.ts";
import { say } from "../state/notices.ts";
import { useStore } from "../state/store.ts";
import { useSecondsLeft } from "./countdown.ts";
import { Herald } from "./herald.tsx";
import { Switch, SwitchButton } from "./switch.tsx";
import { t } from "../state/locale.ts";

const LATENCIES_MS = [0, 40, 300, 1000];
const BLOCKING_PERCENT = 10;
const FLOOD_SECONDS = 5;
const CUT_SECONDS = 2;

/** Real-life trouble at a click. How Herald reacts is explained only if the bot is Herald. */
export function Trouble() {
  const seen = useStore(overview);
  if (seen === undefined) return null;
  return (
    <section class="trouble" aria-labelledby="trouble-title">
      <h3 id="trouble-title">{t("break-it")}</h3>
      {seen.herald !== undefined && <Herald status={seen.herald} />}
      <Flood overview={seen} />
      <Cut overview={seen} />
      <Blocking overview={seen} />
      <Latency overview={seen} />
    </section>
  );
}

function Flood({ overview }: { overview: Overview }) {
  const left = useSecondsLeft(overview, "flood");
  return (
    <Switch hint={t(overview.herald ? "flood-what-herald" : "flood-what")}>
      <SwitchButton idle={left > 0} onClick={() => void act("flood", { seconds: FLOOD_SECONDS })}>
        {left > 0 ? t("flood-left", { seconds: left }) : t("flood", { seconds: FLOOD_SECONDS })}
      </SwitchButton>
    </Switch>
  );
}

function Cut({ overview }: { overview: Overview }) {
  const left = useSecondsLeft(overview, "cut");
  const hint = t(overview.herald ? "cut-what-herald" : "cut-what");
  return (
    <Switch hint={hint}>
      <SwitchButton idle={left > 0} onClick={() => void act("cut", { seconds: CUT_SECONDS })}>
        {left > 0 ? t("cut-left", { seconds: left }) : t("cut", { seconds: CUT_SECONDS })}
      </SwitchButton>
    </Switch>
  );
}

function Blocking({ overview: { people, herald } }: { overview: Overview }) {
  const key = people.blocked > 0 ? "blocking-by" : "blocking-some";
  return (
    <Switch hint={t(herald ? `${key}-herald` : key, { count: people.blocked })}>
      <SwitchButton onClick={() => void blockSome()}>
        {t("block-some", { percent: BLOCKING_PERCENT })}
      </SwitchButton>
      <SwitchButton idle={people.blocked === 0} onClick={() => void unblockAll()}>
        {t("unblock-all")}
      </SwitchButton>
    </Switch>
  );
}

async function blockSome(): Promise<void> {
  const count = await act("blockSome", { percent: BLOCKING_PERCENT });
  if (count === undefined) return;
  say(t("have-blocked", { count }));
}

async function unblockAll(): Promise<void> {
  if ((await act("unblockAll", {})) !== undefined) say(t("all-unblocked"));
}

function Latency({ overview: { trouble, herald } }: { overview: Overview }) {
  const hintId = useId();
  return (
    <fieldset class="switch" aria-describedby={hintId}>
      <legend>{t("answers-after")}</legend>
      <div class="segments">
        {LATENCIES_MS.map((ms) => (
          <label key={ms}>
            <input
              type="radio"
              name="latency"
              checked={ms === trouble.latency}
              onChange={() => void act("latency", { ms })}
            />
            <span>{ms < 1000 ? t("milliseconds", { count: ms }) : t("seconds", { count: ms / 1000 })}</span>
          </label>
        ))}
      </div>
      <p id={hintId}>{t(herald ? "answers-after-what-herald" : "answers-after-what")}</p>
    </fieldset>
  );
}
