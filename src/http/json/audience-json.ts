import type { z } from "@hono/zod-openapi";
import { type Audience, isForChats } from "../../audience/segment/audience.ts";
import { printLine } from "../../audience/segment/print-line.ts";
import { type LineFault, readLine } from "../../audience/segment/read-line.ts";
import type { SavedByName } from "../../audience/segment/saved-segments.ts";
import { type Segment, MOST_CAMPAIGNS, MOST_CONDITIONS, MOST_DEPTH } from "../../audience/segment/segment.ts";
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
  const refused = (details: readonly string[]) =>
    invalidRequest(details.map((detail) => ({ ...place, detail })));
  const reading = readLine(line, dayBoundsIn(zone), saved);
  switch (reading.type) {
    case "read":
      return reading.segment;
    case "empty":
      throw refused(["It has no condition. Leave the field out to mean everyone."]);
    case "too-long":
      throw refused([
        `It is too long: at most ${MOST_CONDITIONS} conditions, ${MOST_CAMPAIGNS} campaigns and brackets ${MOST_DEPTH} deep.`,
      ]);
    case "unread": {
      const { understood, faults } = reading;
      const rest = understood ? ` Understood: ${printLine(understood, "en")}` : "";
      throw refused(faults.map(({ part, why }) => `Not understood: ${part}. ${WHY[why]}${rest}`));
    }
  }
}

const WHY: Record<LineFault["why"], string> = {
  word: "A condition is a word, a colon and a value, such as tag:vip; the name of an attribute has a letter.",
  value: "This value does not fit the condition.",
  time: "A time is such as <30d, >12h, 2026-01-31 or >=2026-01-31.",
  number: "This compares with a number or a date; chance has a share from 0.01 to 99.99 %.",
  campaign: "This names a campaign by its number.",
  untold:
    "Telegram does not say who opened a link, and answers of buttons are only counted. Votes are known by person: voted:12.",
  saved: "No segment of this bot is saved under this name: GET /v1/bots/{bot}/segments lists them.",
  bracket: "The brackets do not match.",
  or: 'There is nothing on one side of "or".',
};
