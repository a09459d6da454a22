import { either, format, integer, list, object, oneOf, optional, text } from "../stored-json.ts";
import type { Audience, ChatTarget, Chats, People } from "./segment.ts";

const people = object<People>({
  languages: either(oneOf(["all"]), list(text)),
  othersThan: optional(list(text)),
});

const chats = object<Chats>({
  chats: list(object<ChatTarget>({ chatId: integer, threadId: optional(integer) })),
});

/** The column `audience` of campaigns and of series. */
export const storedAudience = format<Audience, "audience">("audience", either(people, chats));
