import { useEffect, useRef, useState } from "preact/hooks";
import type { OpenChat } from "../../live/protocol.ts";
import { overview } from "../live.ts";
import { useSelected } from "../store.ts";
import { Attach } from "./attach.tsx";
import { FieldButton } from "./field-button.tsx";
import { type Format, formatOf } from "./formats.ts";
import { isTouch } from "../focus.ts";
import { Icon } from "../icon.tsx";
import { ReplyKeyboard, useFolding, useIsWriting } from "./keyboard.tsx";
import { type Marked, parseMarkup } from "./markup.ts";
import { draftOf, keepDraft } from "./memory.ts";
import { ListMenu } from "./menu.tsx";
import { useHasSelection, writeOver } from "./selection.ts";
import { send } from "./send.ts";
import { CommandFace, SuggestionList, useSuggestions } from "./suggestions.tsx";
import { Toolbar } from "./toolbar.tsx";

/** The field, and what stands around it. */
export function Writer({ chat, takesFocus }: { chat: OpenChat; takesFocus: boolean }) {
  const { summary, commands } = chat;
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(draftOf(summary.id));
  const [hasFormats, showFormats] = useState(false);
  const isSelected = useHasSelection(field);
  const [isKeyboardOpen, openKeyboard] = useFolding(chat);
  const [hasFocus, setFocus] = useState(false);
  const isWriting = useIsWriting(hasFocus);
  const hint = useHint(chat);

  const write = (next: string) => {
    keepDraft(summary.id, next);
    setText(next);
  };
  const suggestions = useSuggestions(commands, text, write);
  const focusField = () => {
    if (!isTouch()) field.current?.focus();
  };
  useEffect(() => {
    if (takesFocus) focusField();
  }, []);
  // The button that was pressed may be gone with its keyboard.
  useEffect(() => {
    if (!isKeyboardOpen && chat.keyboard !== null && document.activeElement === document.body) focusField();
  }, [isKeyboardOpen]);

  /** Sends what the field holds, which is given back if that fails and nothing else has been typed meanwhile. */
  const handOver = async (sending: (marked: Marked) => Promise<boolean>) => {
    write("");
    if (!(await sending(parseMarkup(text))) && draftOf(summary.id) === "") write(text);
  };
  const isEmpty = text.trim() === "";
  const sendText = () => {
    if (!isEmpty) void handOver((marked) => send(chat, marked));
  };
  const sendCommand = (command: string) => void send(chat, { text: `/${command}`, entities: [] });
  const apply = ({ apply: change }: Format) => {
    if (field.current !== null) writeOver(field.current, change);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes a character, the keys are its own.
    if (event.isComposing || suggestions.takes(event)) return;
    const isModified = event.ctrlKey || event.metaKey;
    const format = isModified && !event.altKey ? formatOf(event.key, event.shiftKey) : undefined;
    const sends = event.key === "Enter" && (isModified || (!event.shiftKey && !isTouch()));
    if (format === undefined && !sends) return;
    event.preventDefault();
    if (format !== undefined) apply(format);
    else sendText();
  };

  const { id: listId, found, chosen } = suggestions;
  const mayFold = chat.keyboard !== null && !(isKeyboardOpen && chat.keyboard.is_persistent === true);
  return (
    <footer class="composer" data-writing={isWriting}>
      {hasFormats && <Toolbar onPick={apply} />}
      <div class="composer-row" data-empty={isEmpty}>
        {isSelected && !hasFormats && <Toolbar onPick={apply} />}
        {found.length > 0 && (
          <SuggestionList
            suggestions={suggestions}
            onPick={(command) => {
              write("");
              sendCommand(command);
            }}
          />
        )}
        <Attach chat={chat} hasText={!isEmpty} handOver={handOver} />
        {commands.length > 0 && isEmpty && (
          <ListMenu
            label="Commands"
            face={<span class="composer-slash">/</span>}
            sections={[
              {
                items: commands.map((command) => ({
                  key: command.command,
                  face: <CommandFace {...command} />,
                })),
              },
            ]}
            onPick={sendCommand}
          />
        )}
        <div class="composer-field" data-text={`${text} `}>
          <textarea
            ref={field}
            rows={1}
            value={text}
            placeholder={hint}
            aria-label={hint}
            aria-autocomplete="list"
            aria-controls={found.length > 0 ? listId : undefined}
            aria-activedescendant={found.length > 0 ? `${listId}-${chosen}` : undefined}
            enterkeyhint={isTouch() ? "enter" : "send"}
            onInput={({ currentTarget }) => write(currentTarget.value)}
            onKeyDown={onKeyDown}
            onFocus={() => setFocus(true)}
            onBlur={() => setFocus(false)}
          />
        </div>
        <FieldButton
          class="composer-aa"
          label="Formatting"
          aria-pressed={hasFormats}
          onClick={() => showFormats(!hasFormats)}
        >
          Aa
        </FieldButton>
        {mayFold && isEmpty && (
          <FieldButton
            label="Keyboard of the bot"
            aria-expanded={isKeyboardOpen}
            onClick={() => {
              // On a phone the letters have pushed it aside (composer.css): it comes back when they go.
              const isAside = isTouch() && document.activeElement === field.current;
              if (isAside) field.current?.blur();
              openKeyboard(isAside || !isKeyboardOpen);
            }}
          >
            <Icon name={isKeyboardOpen ? "unfold" : "keyboard"} />
          </FieldButton>
        )}
        <FieldButton class="composer-send" label="Send" disabled={isEmpty} onClick={sendText}>
          <Icon name="send" />
        </FieldButton>
      </div>
      {isKeyboardOpen && (
        <ReplyKeyboard
          chat={chat}
          onUsed={() => {
            if (chat.keyboard?.one_time_keyboard === true) openKeyboard(false);
          }}
        />
      )}
    </footer>
  );
}

/** What the empty field says. */
function useHint({ summary, keyboard }: OpenChat): string {
  const name = useSelected(overview, (now) => now?.chats.find(({ id }) => id === now.owner)?.title);
  if (keyboard?.input_field_placeholder !== undefined) return keyboard.input_field_placeholder;
  if (summary.type === "private") return "Message";
  if (summary.type === "channel") return "Post as the channel";
  return `Message as ${name ?? "the owner"}`;
}
