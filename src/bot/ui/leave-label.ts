import type { LeaveLabel } from "../../campaign/leave-button.ts";
import { loadWords, localeFor } from "./words.ts";

/** What the button to leave a category says, for the engine and the API, which have no words. They are loaded when it is first drawn. */
export function createLeaveLabel(): LeaveLabel {
  let words: ReturnType<typeof loadWords> | undefined;
  return (language) => (words ??= loadWords())(localeFor(language))("leave-button");
}
