import type { KeyboardButtonRequestUsers } from "@grammyjs/types";
import { useState } from "preact/hooks";
import type { ChatSummary } from "../../shared/protocol.ts";
import { act } from "../state/act.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Dialog } from "./dialog.tsx";
import { moveFocus } from "../ui/focus.ts";
import { usePeople } from "../state/people-search.ts";
import { t } from "../state/locale.ts";

interface PeoplePickerProps {
  from: number;
  label: string;
  wanted: KeyboardButtonRequestUsers;
  /** Called with whether someone was picked. */
  onClose: (isDone: boolean) => void;
}

/** The people that a bot asks for. A single one is shared at once; several are ticked and shared by a button. */
export function PeoplePicker({ from, label, wanted, onClose }: PeoplePickerProps) {
  const { max_quantity: most = 1, request_id: requestId } = wanted;
  const [query, setQuery] = useState("");
  const [ticked, tick] = useState<ReadonlySet<number>>(new Set());
  const people = usePeople(query);

  const toggle = (id: number) => {
    const next = new Set(ticked);
    if (!next.delete(id)) next.add(id);
    tick(next);
  };
  const close = (value: string) => {
    onClose(value !== "");
    if (value === "") return;
    const users = value === "ticked" ? [...ticked] : [Number(value)];
    void act("sharesUsers", { from, requestId, users });
  };

  return (
    <Dialog label={label} onClose={close}>
      <input
        class="picker-search"
        type="search"
        placeholder={t("picker-search")}
        aria-label={t("picker-search-label")}
        value={query}
        onInput={({ currentTarget }) => setQuery(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" && event.key !== "ArrowDown") return;
          // Enter would press the form's first button, the cross.
          event.preventDefault();
          event.currentTarget.parentElement
            ?.querySelector<HTMLElement>(".picker-list :is(button, input)")
            ?.focus();
        }}
      />
      {people?.length === 0 && <p class="composer-note">{t("picker-nobody")}</p>}
      <div class="picker-list" onKeyDown={(event) => void moveFocus(event, event.currentTarget)}>
        {people?.map((person) => {
          const choice = (
            <>
              <Avatar {...person} />
              <span class="composer-label">
                {person.title}
                <span class="composer-hint">{hintOf(person)}</span>
              </span>
            </>
          );
          if (most === 1)
            return (
              <button key={person.id} value={person.id}>
                {choice}
              </button>
            );
          const isTicked = ticked.has(person.id);
          return (
            <label key={person.id}>
              <input
                type="checkbox"
                checked={isTicked}
                disabled={!isTicked && ticked.size >= most}
                onChange={() => toggle(person.id)}
              />
              {choice}
            </label>
          );
        })}
      </div>
      {most > 1 && (
        <footer>
          <span class="composer-note" role="status">
            {t("picker-count", { count: ticked.size, most })}
          </span>
          <button class="primary" value="ticked" disabled={ticked.size === 0}>
            {t("share")}
          </button>
        </footer>
      )}
    </Dialog>
  );
}

function hintOf({ id, username, languageCode }: ChatSummary): string {
  return [username === undefined ? String(id) : `@${username}`, languageCode].filter(Boolean).join(" · ");
}
