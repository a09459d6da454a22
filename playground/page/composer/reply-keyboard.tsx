import type { KeyboardButton } from "@grammyjs/types";
import { useEffect, useState } from "preact/hooks";
import type { OpenChat } from "../../shared/protocol.ts";
import { overview } from "../state/stream.ts";
import { say } from "../state/notices.ts";
import { folded } from "./drafts.ts";
import { BotMaker } from "./bot-maker.tsx";
import { ChatPicker } from "./chat-picker.tsx";
import { PeoplePicker } from "./people-picker.tsx";
import { send, sendSample } from "./send.ts";
import { t } from "../state/locale.ts";

type Key = Exclude<KeyboardButton, string>;

/** Whether the chat's reply keyboard is open, and how to open or fold it. A new keyboard opens by itself. */
export function useFolding({
  summary,
  keyboard,
}: OpenChat): [isOpen: boolean, open: (open: boolean) => void] {
  const [, redraw] = useState(0);
  const shown = keyboard === null ? undefined : JSON.stringify(keyboard);
  useEffect(() => {
    if (shown === undefined) folded.delete(summary.id);
  }, [shown, summary.id]);
  const open = (wanted: boolean) => {
    if (wanted || shown === undefined) folded.delete(summary.id);
    else folded.set(summary.id, shown);
    redraw((count) => count + 1);
  };
  return [shown !== undefined && folded.get(summary.id) !== shown, open];
}

/**
 * A tap first blurs the field and then clicks; what is under the finger must not move in between. In ms, more than
 * that takes.
 */
const TAP_MS = 300;

/** Whether the field has the focus, or just lost it to a tap that may still be going on. */
export function useIsWriting(hasFocus: boolean): boolean {
  const [isWriting, setWriting] = useState(false);
  useEffect(() => {
    if (hasFocus) return setWriting(true);
    const timer = setTimeout(setWriting, TAP_MS, false);
    return () => clearTimeout(timer);
  }, [hasFocus]);
  return hasFocus || isWriting;
}

/** The reply keyboard of a bot, below the field. */
export function ReplyKeyboard({ chat, onUsed }: { chat: OpenChat; onUsed: () => void }) {
  const [asked, ask] = useState<Key>();
  const { keyboard = [], resize_keyboard: isLow = false } = chat.keyboard ?? {};

  const press = (key: Key) => {
    if ("request_chat" in key || "request_users" in key || "request_managed_bot" in key) return ask(key);
    answer(chat, key);
    onUsed();
  };
  const close = (isDone: boolean) => {
    ask(undefined);
    if (isDone) onUsed();
  };

  return (
    <div class="reply-keyboard" role="group" aria-label={t("bot-keyboard")} data-low={isLow}>
      {keyboard.map((row, y) => (
        <div key={y} class="reply-row">
          {row.map((button, x) => {
            const key = typeof button === "string" ? { text: button } : button;
            return (
              <button key={x} data-style={key.style} onClick={() => press(key)}>
                {key.text}
              </button>
            );
          })}
        </div>
      ))}
      {asked !== undefined && "request_chat" in asked && (
        <ChatPicker from={chat.summary.id} label={asked.text} wanted={asked.request_chat} onClose={close} />
      )}
      {asked !== undefined && "request_managed_bot" in asked && (
        <BotMaker
          from={chat.summary.id}
          label={asked.text}
          wanted={asked.request_managed_bot}
          onClose={close}
        />
      )}
      {asked !== undefined && "request_users" in asked && (
        <PeoplePicker
          from={chat.summary.id}
          label={asked.text}
          wanted={asked.request_users}
          onClose={close}
        />
      )}
    </div>
  );
}

/** Handles a button that opens no picker. */
function answer(chat: OpenChat, key: Key): void {
  const sample = sampleFor(key);
  if (sample !== undefined && overview.value?.samples.some(({ name }) => name === sample) === true)
    void sendSample(chat, sample);
  else if ("web_app" in key) say(t("no-mini-apps"));
  else void send(chat, { text: key.text, entities: [] });
}

function sampleFor(key: Key): string | undefined {
  if ("request_contact" in key) return "contact";
  if ("request_location" in key) return "location";
  if ("request_poll" in key) return "poll";
  return undefined;
}
