import type { BotCommand } from "@grammyjs/types";
import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { OpenChat } from "../../shared/protocol.ts";
import { overview } from "../state/stream.ts";
import { useSelected } from "../state/store.ts";
import { Attach } from "./attach.tsx";
import { FieldButton } from "./field-button.tsx";
import { type Format, formatOf } from "./formats.ts";
import { isTouch } from "../ui/focus.ts";
import { Icon } from "../ui/icon.tsx";
import { ReplyKeyboard, useFolding, useIsWriting } from "./reply-keyboard.tsx";
import { type Marked, parseMarkup } from "./markup.ts";
import { draftOf, keepDraft } from "./drafts.ts";
import { ListMenu } from "./list-menu.tsx";
import { useHasSelection, writeOver } from "./selection.ts";
import { send } from "./send.ts";
import { CommandFace, SuggestionList, useSuggestions } from "./suggestions.tsx";
import { Toolbar } from "./toolbar.tsx";
import { t } from "../state/locale.ts";

/** The field and everything around it. */
export function Writer({ chat, takesFocus }: { chat: OpenChat; takesFocus: boolean }) {
  const { summary, commands } = chat;
  const field = useRef<HTMLTextAreaElement>(null);
  const { text, write, handOver } = useDraft(summary.id);
  const [hasFormats, showFormats] = useState(false);
  const isSelected = useHasSelection(field);
  const [isKeyboardOpen, openKeyboard] = useFolding(chat);
  const [hasFocus, setFocus] = useState(false);
  const isWriting = useIsWriting(hasFocus);
  const hint = useHint(chat);

  const suggestions = useSuggestions(commands, text, write);
  const focusField = () => {
    if (!isTouch()) field.current?.focus();
  };
  useEffect(() => {
    if (takesFocus) focusField();
  }, []);
  // The pressed button may be gone with its keyboard.
  useEffect(() => {
    if (!isKeyboardOpen && chat.keyboard !== null && document.activeElement === document.body) focusField();
  }, [isKeyboardOpen]);

  const isEmpty = text.trim() === "";
  const sendText = () => {
    if (!isEmpty) void handOver((marked) => send(chat, marked));
  };
  const sendCommand = (command: string) => void send(chat, { text: `/${command}`, entities: [] });
  const apply = ({ apply: change }: Format) => {
    if (field.current !== null) writeOver(field.current, change);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes a character, keys belong to it.
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
        {commands.length > 0 && isEmpty && <CommandMenu commands={commands} onPick={sendCommand} />}
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
          label={t("formatting")}
          aria-pressed={hasFormats}
          onClick={() => showFormats(!hasFormats)}
        >
          Aa
        </FieldButton>
        {mayFold && isEmpty && <KeyboardToggle isOpen={isKeyboardOpen} open={openKeyboard} field={field} />}
        <FieldButton class="composer-send" label={t("send")} disabled={isEmpty} onClick={sendText}>
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

/** The text in the field, kept as a draft of this chat. */
function useDraft(chatId: number) {
  const [text, setText] = useState(draftOf(chatId));
  const write = (next: string) => {
    keepDraft(chatId, next);
    setText(next);
  };
  /** Sends the text. If that fails, it comes back, unless something else has been typed meanwhile. */
  const handOver = async (sending: (marked: Marked) => Promise<boolean>) => {
    write("");
    if (!(await sending(parseMarkup(text))) && draftOf(chatId) === "") write(text);
  };
  return { text, write, handOver };
}

/** The bot's commands; choosing one sends it. */
function CommandMenu({
  commands,
  onPick,
}: {
  commands: readonly BotCommand[];
  onPick: (key: string) => void;
}) {
  return (
    <ListMenu
      label={t("commands")}
      face={<span class="composer-slash">/</span>}
      sections={[
        {
          items: commands.map((command) => ({
            key: command.command,
            face: <CommandFace {...command} />,
          })),
        },
      ]}
      onPick={onPick}
    />
  );
}

interface KeyboardToggleProps {
  isOpen: boolean;
  open: (wanted: boolean) => void;
  field: RefObject<HTMLTextAreaElement | null>;
}

/** Opens and folds the reply keyboard. */
function KeyboardToggle({ isOpen, open, field }: KeyboardToggleProps) {
  return (
    <FieldButton
      label={t("bot-keyboard")}
      aria-expanded={isOpen}
      onClick={() => {
        // On a phone the on-screen keyboard hides it (composer.css): it comes back when that closes.
        const isAside = isTouch() && document.activeElement === field.current;
        if (isAside) field.current?.blur();
        open(isAside || !isOpen);
      }}
    >
      <Icon name={isOpen ? "unfold" : "keyboard"} />
    </FieldButton>
  );
}

/** The placeholder of the empty field. */
function useHint({ summary, keyboard }: OpenChat): string {
  const name = useSelected(overview, (now) => now?.chats.find(({ id }) => id === now.owner)?.title);
  if (keyboard?.input_field_placeholder !== undefined) return keyboard.input_field_placeholder;
  if (summary.type === "private") return t("message-field");
  if (summary.type === "channel") return t("post-as-channel");
  return t("message-as", { name: name ?? t("the-owner") });
}
