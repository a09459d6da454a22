import type { Viewer } from "../../campaign/show-post.ts";
import type { HeraldContext } from "./bot-context.ts";
import { type Translate, languageName } from "./words.ts";

/** The admin who sent the update, as somebody to whom a post is shown. */
export function viewerOf({ chat, from, t }: HeraldContext): Viewer {
  return {
    chatId: chat?.id ?? 0,
    label: labelIn(t),
    leaveLabel: () => t("leave-button"),
    firstName: from?.first_name ?? null,
    lastName: from?.last_name ?? null,
    username: from?.username ?? null,
  };
}

/** The line above a version, in somebody's language. */
export function labelIn(t: Translate): Viewer["label"] {
  return (language) => t("version-label", { language: languageName(language) });
}
