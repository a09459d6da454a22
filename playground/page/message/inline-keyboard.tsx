import type { InlineKeyboardMarkup, InlineKeyboardButton, RichMessageButton } from "@grammyjs/types";
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Answer } from "../../shared/answer.ts";
import type { OpenChat } from "../../shared/protocol.ts";
import { act } from "../state/act.ts";
import { actorIn } from "../state/actor.ts";
import { overview } from "../state/stream.ts";
import { say } from "../state/notices.ts";
import { Link } from "./anchor.tsx";
import { copy } from "./clipboard.ts";
import { actionOf } from "./button-action.ts";
import { Icon } from "../ui/icon.tsx";
import { lastTap } from "./last-tap.ts";
import { t } from "../state/locale.ts";

/** A button that has just changed is not what the user meant to tap. In ms, about the time it takes to notice. */
const SETTLES_MS = 600;

/** The buttons below a message, row by row. */
export function Keyboard(props: { markup: InlineKeyboardMarkup; on: number; chat: OpenChat }) {
  const { markup, on, chat } = props;
  const tap = async (row: number, column: number) => {
    lastTap.value = { chat: chat.summary.id, on, button: [row, column], at: Date.now() };
    const answer = await act("taps", { ...actorIn(chat), on, button: [row, column] });
    if (answer !== undefined) tell(answer);
  };
  // Keyed by position: an edited button stays the same element and keeps the focus.
  return (
    <div class="keyboard" role="group" aria-label={t("message-buttons")}>
      {markup.inline_keyboard.map((buttons, row) => (
        <div key={row} class="keyboard-row">
          {buttons.map((button, column) => (
            <Button key={column} button={button} label={button.text} tap={() => tap(row, column)} />
          ))}
        </div>
      ))}
    </div>
  );
}

function tell({ text, show_alert: alert, url }: Answer): void {
  if (text !== undefined && text !== "") say(text, alert === true ? "alert" : "toast");
  // Browsers open tabs only on a click, and this comes later.
  if (url !== undefined) say(t("bot-opens", { url }));
}

/** One button. It shows a tap in progress and can be tapped again: bots have to cope with that. */
export function Button({
  button,
  label,
  tap,
}: {
  button: InlineKeyboardButton | RichMessageButton;
  label: ComponentChildren;
  tap: () => Promise<void>;
}) {
  const [underway, setUnderway] = useState<readonly string[]>([]);
  const action = actionOf(button, overview.value?.bot.username ?? "");
  const icon = "icon_custom_emoji_id" in button ? <Icon name="star" /> : null;
  const isNew = useIsNew(action.type === "tap" ? action.data : action.type, button.text);
  if (action.type === "open") {
    return (
      <Link to={action.url} class="key" data-style={button.style} title={action.url}>
        {icon}
        <span class="key-label">{label}</span>
        <span class="corner">
          <Icon name={action.icon} />
        </span>
      </Link>
    );
  }
  const press = async () => {
    if (isNew) return;
    if (action.type === "copy") return copy(action.text);
    if (action.type === "explain") return say(action.words);
    if (action.type === "none") return;
    setUnderway((data) => [...data, action.data]);
    await tap();
    setUnderway((data) => data.toSpliced(data.indexOf(action.data), 1));
  };
  // A button that the bot has put in its place meanwhile was not tapped.
  const isBusy = action.type === "tap" && underway.includes(action.data);
  const corner = action.type === "copy" ? "copy" : action.type === "explain" ? action.icon : undefined;
  return (
    <button
      type="button"
      class="key"
      data-style={button.style}
      aria-busy={isBusy}
      aria-disabled={isNew}
      disabled={action.type === "none"}
      onClick={() => void press()}
    >
      {icon}
      <span class="key-label">{label}</span>
      {corner && (
        <span class="corner">
          <Icon name={corner} />
        </span>
      )}
      {isBusy && <span class="spinner" />}
    </button>
  );
}

/** Whether a button has just been replaced in place: with another action and another label. */
function useIsNew(data: string, label: unknown): boolean {
  const [settled, settle] = useState({ data, label });
  useEffect(() => {
    if (settled.data === data && settled.label === label) return;
    const timer = setTimeout(() => settle({ data, label }), SETTLES_MS);
    return () => clearTimeout(timer);
  }, [data, label, settled]);
  return settled.data !== data && settled.label !== label;
}
