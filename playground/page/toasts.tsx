import { useEffect, useRef } from "preact/hooks";
import { route } from "./state/route.ts";
import { Icon } from "./ui/icon.tsx";
import { overview } from "./state/stream.ts";
import { dismiss, dismissToasts, type Notice, notices } from "./state/notices.ts";
import { useSelected, useStore } from "./state/store.ts";
import { t } from "./state/locale.ts";

/** What is said to the person at the page: lines at the top of the chat, and alerts, one after another. */
export function Toasts() {
  const all = useStore(notices);
  const chatId = useSelected(route, ({ chatId }) => chatId);
  useEffect(dismissToasts, [chatId]);
  const alert = all.find((notice) => notice.kind === "alert");
  return (
    <>
      <div class="toasts">
        <div role="alert" aria-atomic="false">
          {all.filter((notice) => notice.kind === "trouble").map(line)}
        </div>
        <div role="status" aria-atomic="false">
          {all.filter((notice) => notice.kind === "toast").map(line)}
        </div>
      </div>
      {alert && <Alert key={alert.id} {...alert} />}
    </>
  );
}

function line({ id, text, kind }: Notice) {
  return (
    <p key={id} class="toast" data-kind={kind}>
      <span>{text}</span>
      <button class="round" aria-label={t("dismiss")} onClick={() => dismiss(id)}>
        <Icon name="close" />
      </button>
    </p>
  );
}

/** What a bot answers a tap with when it wants to be read: it stays until OK, Enter or Escape. */
function Alert({ id, text }: Notice) {
  const dialog = useRef<HTMLDialogElement>(null);
  const bot = useSelected(overview, (now) => now?.bot.name);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      class="alert"
      aria-describedby="alert-text"
      aria-label={bot}
      onClose={() => dismiss(id)}
    >
      <form method="dialog">
        <p class="alert-from">{bot}</p>
        <p id="alert-text">{text}</p>
        <button class="primary">{t("ok")}</button>
      </form>
    </dialog>
  );
}
