import { useEffect, useRef } from "preact/hooks";
import { pictureOf } from "../state/act.ts";
import { Icon } from "../ui/icon.tsx";
import type { Visual } from "./visual.ts";
import { createStore, useStore } from "../state/store.ts";
import { t } from "../state/locale.ts";

const enlarged = createStore<Visual | undefined>(undefined);

/** Shows a picture over the page until Escape, the cross or a click outside. */
export function enlarge(visual: Visual): void {
  enlarged.set(visual);
}

function leave(): void {
  enlarged.set(undefined);
}

/** The enlarged picture, as large as the window allows. */
export function Viewer() {
  const visual = useStore(enlarged);
  return visual && <Large visual={visual} />;
}

function Large({ visual: { fileId, width, height, alt } }: { visual: Visual }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
    // The Back button leads away from this picture's chat.
    addEventListener("hashchange", leave);
    return () => removeEventListener("hashchange", leave);
  }, []);
  return (
    <dialog
      ref={dialog}
      class="viewer"
      aria-label={alt}
      onClose={leave}
      onClick={({ target }) => {
        if (target === dialog.current) dialog.current?.close();
      }}
    >
      <img
        src={pictureOf(fileId)}
        width={width}
        height={height}
        alt={alt}
        style={{ "--ratio": `${width / height}`, "--most": `${width}px` }}
      />
      <form method="dialog">
        <button class="round" aria-label={t("close")}>
          <Icon name="close" />
        </button>
      </form>
    </dialog>
  );
}
