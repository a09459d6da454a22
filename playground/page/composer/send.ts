import type { OpenChat } from "../../shared/protocol.ts";
import { act, upload } from "../state/act.ts";
import { actorIn } from "../state/actor.ts";
import { say } from "../state/notices.ts";
import type { Marked } from "./markup.ts";
import { measured } from "./measure.ts";
import { t } from "../state/locale.ts";

/** In characters. Telegram's apps split longer texts into several messages, which would hide how a bot handles one. */
const MAX_TEXT = 4_096;
const MAX_CAPTION = 1_024;

/**
 * Writes to a chat as its person, or in a channel as the channel. False if the text is empty or refused; a refusal is
 * shown to the user.
 */
export async function send(chat: OpenChat, { text, entities }: Marked): Promise<boolean> {
  if (text === "" || !fits(text, MAX_TEXT, "message")) return false;
  const message = { text, ...(entities.length > 0 && { entities }) };
  const { id, type } = chat.summary;
  const answer =
    type === "channel"
      ? await act("posts", { chat: id, message })
      : await act("sends", { ...actorIn(chat), message });
  return answer !== undefined;
}

/** Sends the sample of this name, perhaps with a caption. False if it was refused; then the user was told. */
export async function sendSample(chat: OpenChat, name: string, caption?: Marked): Promise<boolean> {
  const { text = "", entities = [] } = caption ?? {};
  if (!fits(text, MAX_CAPTION, "caption")) return false;
  const answer = await act("sample", {
    ...actorIn(chat),
    name,
    ...(text !== "" && { caption: text }),
    ...(entities.length > 0 && { caption_entities: entities }),
  });
  return answer !== undefined;
}

/** The Bot API's limits for one call; in bytes. */
const MOST_BYTES = 50 * 1024 * 1024;
const MOST_FILES = 10;

/**
 * Sends the user's own files, as media or as documents, perhaps with a caption. False if that was refused; then the
 * user was told.
 */
export async function sendFiles(
  chat: OpenChat,
  files: readonly File[],
  as: "file" | "media",
  caption?: Marked,
): Promise<boolean> {
  const { text = "", entities = [] } = caption ?? {};
  if (!fits(text, MAX_CAPTION, "caption")) return false;
  if (files.length > MOST_FILES) {
    say(t("too-many-files", { count: MOST_FILES }), "trouble");
    return false;
  }
  if (files.reduce((sum, { size }) => sum + size, 0) > MOST_BYTES) {
    say(t("files-too-large"), "trouble");
    return false;
  }
  const what = {
    ...actorIn(chat),
    ...(as === "file" && { as }),
    ...(text !== "" && { caption: text }),
    ...(entities.length > 0 && { caption_entities: entities }),
    facts: await Promise.all(files.map(measured)),
  };
  return (await upload(what, files)) !== undefined;
}

function fits(text: string, limit: number, what: "caption" | "message"): boolean {
  const surplus = [...text].length - limit;
  if (surplus > 0) say(t(`too-long-${what}`, { surplus, limit }), "trouble");
  return surplus <= 0;
}
