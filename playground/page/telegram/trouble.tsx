import type { Overview } from "../../live/protocol.ts";
import { useId } from "preact/hooks";
import { act } from "../act.ts";
import { overview } from "../live.ts";
import { say } from "../notices.ts";
import { useStore } from "../store.ts";
import { useSecondsLeft } from "./countdown.ts";
import { Herald } from "./herald.tsx";
import { Switch, SwitchButton } from "./switch.tsx";

const LATENCIES = [
  { ms: 0, label: "0 ms" },
  { ms: 40, label: "40 ms" },
  { ms: 300, label: "300 ms" },
  { ms: 1000, label: "1 s" },
];
const BLOCKING_PERCENT = 10;
const FLOOD_SECONDS = 5;
const CUT_SECONDS = 2;

/** What can go wrong in earnest, by a tap. What Herald makes of it is said only where it is Herald that runs. */
export function Trouble() {
  const seen = useStore(overview);
  if (seen === undefined) return null;
  return (
    <section class="trouble" aria-labelledby="trouble-title">
      <h3 id="trouble-title">Try to break it</h3>
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
    <Switch
      hint={overview.herald ? "Every send is told to wait. Herald does." : "Every send is told to wait."}
    >
      <SwitchButton idle={left > 0} onClick={() => void act("flood", { seconds: FLOOD_SECONDS })}>
        {left > 0 ? `429 for another ${left} s` : `Answer 429 for ${FLOOD_SECONDS} s`}
      </SwitchButton>
    </Switch>
  );
}

function Cut({ overview }: { overview: Overview }) {
  const left = useSecondsLeft(overview, "cut");
  const hint = overview.herald
    ? "Cut sends are reported as uncertain, not resent."
    : "Half of the calls arrive; their answers are lost.";
  return (
    <Switch hint={hint}>
      <SwitchButton idle={left > 0} onClick={() => void act("cut", { seconds: CUT_SECONDS })}>
        {left > 0 ? `Cutting for another ${left} s` : `Cut connections for ${CUT_SECONDS} s`}
      </SwitchButton>
    </Switch>
  );
}

function Blocking({ overview: { people, herald } }: { overview: Overview }) {
  const who =
    people.blocked > 0 ? `Blocked by ${people.blocked.toLocaleString("en")} people.` : "Every tenth person.";
  return (
    <Switch hint={herald ? `${who} Herald skips them.` : `${who} The bot is told.`}>
      <SwitchButton onClick={() => void blockSome()}>Block the bot ({BLOCKING_PERCENT}%)</SwitchButton>
      <SwitchButton idle={people.blocked === 0} onClick={() => void unblockAll()}>
        Unblock all
      </SwitchButton>
    </Switch>
  );
}

async function blockSome(): Promise<void> {
  const count = await act("blockSome", { percent: BLOCKING_PERCENT });
  if (count === undefined) return;
  say(count === 1 ? "1 person has blocked the bot." : `${count} people have blocked the bot.`);
}

async function unblockAll(): Promise<void> {
  if ((await act("unblockAll", {})) !== undefined) say("Everyone has unblocked the bot.");
}

function Latency({ overview: { trouble, herald } }: { overview: Overview }) {
  const hintId = useId();
  return (
    <fieldset class="switch" aria-describedby={hintId}>
      <legend>Telegram answers after</legend>
      <div class="segments">
        {LATENCIES.map((choice) => (
          <label key={choice.ms}>
            <input
              type="radio"
              name="latency"
              checked={choice.ms === trouble.latency}
              onChange={() => void act("latency", { ms: choice.ms })}
            />
            <span>{choice.label}</span>
          </label>
        ))}
      </div>
      <p id={hintId}>
        {herald ? "The rate holds; more calls are in flight instead." : "How long every call takes."}
      </p>
    </fieldset>
  );
}
