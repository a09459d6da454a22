import type { KeyboardButtonRequestManagedBot } from "@grammyjs/types";
import { useState } from "preact/hooks";
import { act } from "../state/act.ts";
import { Dialog } from "./dialog.tsx";
import { t } from "../state/locale.ts";

interface BotMakerProps {
  from: number;
  label: string;
  wanted: KeyboardButtonRequestManagedBot;
  /** Called with whether a bot was made. */
  onClose: (isDone: boolean) => void;
}

/** Makes a bot that the one that asks will manage. What the page cannot check, the playground checks and reports. */
export function BotMaker({ from, label, wanted, onClose }: BotMakerProps) {
  const [name, setName] = useState(wanted.suggested_name ?? "");
  const [username, setUsername] = useState(wanted.suggested_username ?? "");

  const close = (value: string) => {
    onClose(value !== "");
    if (value !== "") void act("createsBot", { from, requestId: wanted.request_id, name, username });
  };
  const field = (key: "maker-name" | "maker-username", value: string, change: (to: string) => void) => (
    <input
      class="picker-search"
      placeholder={t(key)}
      aria-label={t(key)}
      value={value}
      onInput={({ currentTarget }) => change(currentTarget.value)}
      // Enter would press the form's first button, the cross.
      onKeyDown={(event) => event.key === "Enter" && event.preventDefault()}
    />
  );

  return (
    <Dialog label={label} onClose={close}>
      {field("maker-name", name, setName)}
      {field("maker-username", username, setUsername)}
      <footer>
        <span class="composer-note">{t("maker-note")}</span>
        <button class="primary" value="made" disabled={name === "" || username === ""}>
          {t("maker-make")}
        </button>
      </footer>
    </Dialog>
  );
}
