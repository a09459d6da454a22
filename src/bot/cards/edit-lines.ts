import { type SentEdit, doneOf, isUnderWay } from "../../campaign/sent-edits.ts";
import { barOf } from "../ui/bar.ts";
import type { Keyboard } from "../ui/card.ts";
import { type Translate, duration } from "../ui/words.ts";
import type { ButtonMaker } from "./card-buttons.ts";

/* An edit of sent posts, on the card of its campaign. */

/** How far it is and what came of it. */
export function editLines(t: Translate, edit: SentEdit | null, now: Date): string[] {
  if (!edit) return [];
  const { state, total, edited, unchanged, gone, refused } = edit;
  const done = doneOf(edit);
  const left = Math.max(0, total - done);
  const counts = [
    t("card-edit-have", { count: edited + unchanged }),
    ...(gone > 0 ? [t("card-edit-gone", { count: gone })] : []),
    ...(refused > 0 ? [t("card-edit-refused", { count: refused })] : []),
    ...(isUnderWay(edit) || state === "stopped" ? [t("card-left", { count: left })] : []),
  ].join(" · ");
  // A campaign that is running may add a few, and until it is finished it is not complete.
  const share = total === 0 ? 99 : Math.min(99, Math.floor((done * 100) / total));
  const bar = isUnderWay(edit) ? [`${barOf(share)} ${t("card-share", { share })}`] : [];
  return ["", t(`card-edit-${state}`), ...bar, counts, ...tail(t, edit, left, now)];
}

function tail(t: Translate, edit: SentEdit, left: number, now: Date): string[] {
  const { state, pauseReason, pauseDetail, runsSince, doneBefore } = edit;
  if (state === "paused" && pauseReason !== "admin" && pauseReason !== null)
    return [t(`card-edit-why-${pauseReason}`, { detail: pauseDetail ?? "" })];
  const seconds = (now.getTime() - runsSince.getTime()) / 1_000;
  const speed = (doneOf(edit) - doneBefore) / seconds;
  if (state !== "running" || seconds < 2 || !(speed > 0)) return [];
  const rate = Math.max(1, Math.round(speed));
  return [t("card-edit-speed", { rate, duration: duration(t, Math.ceil(left / speed)) })];
}

/** What can be done with it. */
export function editButtons(edit: SentEdit | null, button: ButtonMaker): Keyboard {
  if (!edit || !isUnderWay(edit)) return [];
  const first =
    edit.state === "running"
      ? button("pause-edit", "button-pause-edit")
      : button("resume-edit", "button-resume-edit");
  return [[first, button("stop-edit", "button-stop-edit")]];
}
