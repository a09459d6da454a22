import { say } from "../notices.ts";

/** Puts a text into the clipboard and says so. */
export async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    say("Copied");
  } catch {
    say("The browser didn't allow copying.", "trouble");
  }
}
