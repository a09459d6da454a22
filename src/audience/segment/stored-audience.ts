import { either, format, integer, list, object, oneOf, optional, text } from "../../stored-json.ts";
import type { ChatTarget } from "../chats.ts";
import { type Audience, type Chats, type People, isForChats } from "./audience.ts";
import { segmentShape } from "./segment.ts";

const people = object<People>({
  languages: either(oneOf(["all"]), list(text)),
  othersThan: optional(list(text)),
  segment: optional(segmentShape),
  first: optional(integer),
});

const chats = object<Chats>({
  chats: list(object<ChatTarget>({ chatId: integer, threadId: optional(integer) })),
});

/**
 * The column `audience` of campaigns and of series. Version 2 has a segment or a limit, which a Herald before 0.2.0 would not
 * see: it would send to everyone of the languages.
 */
export const storedAudience = format<Audience, "audience">("audience", either(people, chats), {
  newest: 2,
  of: (audience) => (isForChats(audience) || (!audience.segment && audience.first === undefined) ? 1 : 2),
});
