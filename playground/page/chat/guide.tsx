import type { Overview } from "../../shared/protocol.ts";
import { Icon } from "../ui/icon.tsx";
import { overview } from "../state/stream.ts";
import { useSelected } from "../state/store.ts";
import { t } from "../state/locale.ts";
import { Said } from "../ui/said.tsx";

const STEPS = ["step-start", "step-send", "step-watch"];

/** The steps up to the first broadcast, above the owner's messages until it has gone out. */
export function Guide({ isOpen }: { isOpen: boolean }) {
  const first = useSelected(overview, (now) => now?.firstBroadcast);
  const step = stepOf(first, isOpen);
  if (step === undefined) return null;
  return (
    <ol class="guide" aria-label={t("first-steps")}>
      {STEPS.map((key, index) => (
        <li
          key={key}
          data-state={index < step ? "done" : index === step ? "now" : "ahead"}
          aria-current={index === step ? "step" : undefined}
        >
          <span class="guide-mark" aria-hidden="true">
            {index < step ? <Icon name="check" /> : index + 1}
          </span>
          <span>
            {index < step && <span class="unseen">{t("step-done")} </span>}
            <Said of={key} />
          </span>
        </li>
      ))}
    </ol>
  );
}

/** The index of the next step; undefined if all are done, and for a bot that the playground does not run. */
export function stepOf(first: Overview["firstBroadcast"], isOpen: boolean): number | undefined {
  if (first === undefined || first === "over") return undefined;
  if (first === "begun") return 2;
  return isOpen ? 1 : 0;
}
