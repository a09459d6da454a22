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

  const close = async (value: string) => {
    if (value === "") return onClose(false);
    const made = await act("createsBot", { from, requestId: wanted.request_id, name, username });
    onClose(made !== undefined);
  };
  return (
    <Dialog label={label} onClose={(value) => void close(value)}>
      <Field label={t("maker-name")} value={name} onChange={setName} />
      <Field label={t("maker-username")} value={username} onChange={setUsername} />
      <footer>
        <span class="composer-note">{t("maker-note")}</span>
        <button class="primary" value="made" disabled={name === "" || username === ""}>
          {t("maker-make")}
        </button>
      </footer>
    </Dialog>
  );
}

interface FieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
}

function Field({ label, value, onChange }: FieldProps) {
  return (
    <input
      class="picker-search"
      placeholder={label}
      aria-label={label}
      value={value}
      onInput={({ currentTarget }) => onChange(currentTarget.value)}
      // Enter would press the form's first button, the cross.
      onKeyDown={(event) => event.key === "Enter" && event.preventDefault()}
    />
  );
}
