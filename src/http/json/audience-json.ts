import type { z } from "@hono/zod-openapi";
import { type Audience, isForChats } from "../../audience/segment/audience.ts";
import { explainLine } from "../../audience/segment/explain-line.ts";
import { printLine } from "../../audience/segment/print-line.ts";
import { readLine } from "../../audience/segment/read-line.ts";
import type { SavedByName } from "../../audience/segment/saved-segments.ts";
import type { Segment } from "../../audience/segment/segment.ts";
import { dayBoundsIn } from "../../schedule/day-bounds.ts";
import { type Fault, invalidRequest } from "../core/problem.ts";
import type { AudienceShape } from "../shapes/campaign-shapes.ts";

type AudienceJson = z.infer<typeof AudienceShape>;

/** What a line means beside its words: where its days begin, and the saved segments that it may name. */
export interface LineSetting {
  zone: string;
  saved: SavedByName;
}

/** @throws Problem 422 if the line of a segment is not understood */
export function audienceFromJson(json: AudienceJson, setting: LineSetting): Audience {
  if ("chats" in json)
    return {
      chats: json.chats.map(({ chat_id, topic_id }) => ({
        chatId: chat_id,
        ...(topic_id !== undefined && { threadId: topic_id }),
      })),
    };
  const { languages, others_than, segment, first } = json;
  return {
    languages,
    ...(others_than && { othersThan: others_than }),
    ...(segment !== undefined && {
      segment: segmentFromLine(segment, setting, { pointer: "/audience/segment" }),
    }),
    ...(first !== undefined && { first }),
  };
}

export function audienceToJson(audience: Audience): AudienceJson {
  if (isForChats(audience))
    return {
      chats: audience.chats.map(({ chatId, threadId }) => ({
        chat_id: chatId,
        ...(threadId !== undefined && { topic_id: threadId }),
      })),
    };
  const { languages, othersThan, segment, first } = audience;
  return {
    languages,
    ...(othersThan && { others_than: othersThan }),
    ...(segment && { segment: printLine(segment, "en") }),
    ...(first !== undefined && { first }),
  };
}

/** @throws Problem 422 if the line, which is at `place` of the request, is not understood */
export function segmentFromLine(
  line: string,
  { zone, saved }: LineSetting,
  place: Omit<Fault, "detail">,
): Segment {
  const reading = readLine(line, dayBoundsIn(zone), saved);
  if (reading.type === "read") return reading.segment;
  throw invalidRequest(explainLine(reading).map((detail) => ({ ...place, detail })));
}
