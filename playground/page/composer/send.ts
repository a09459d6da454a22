import type { OpenChat } from "../../live/protocol.ts";
import { act } from "../act.ts";
import { actorIn } from "../actor.ts";
import { say } from "../notices.ts";
import type { Marked } from "./markup.ts";

/** Characters; Telegram's apps cut a longer text into several messages, which would hide what a bot does with one. */
const MAX_TEXT = 4_096;
const MAX_CAPTION = 1_024;

/** Writes into a chat as its person, or in a channel as the channel. False when it was refused, which is said, or empty. */
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

/** Sends what is kept under this name, with a caption if there is one. False when it was refused; then it was said. */
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

function fits(text: string, limit: number, what: string): boolean {
  const surplus = [...text].length - limit;
  if (surplus > 0) say(`Too long by ${surplus}: a ${what} has at most ${limit} characters.`, "trouble");
  return surplus <= 0;
}
