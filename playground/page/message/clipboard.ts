import { say } from "../state/notices.ts";
import { t } from "../state/locale.ts";

/** Copies a text to the clipboard and tells the user. */
export async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    say(t("copied"));
  } catch {
    say(t("copying-denied"), "trouble");
  }
}
