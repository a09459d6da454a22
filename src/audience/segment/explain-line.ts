import { printLine } from "./print-line.ts";
import type { LineFault, LineReading } from "./read-line.ts";
import { MOST_CAMPAIGNS, MOST_CONDITIONS, MOST_DEPTH } from "./segment.ts";

/** What is wrong with a line, for programs and for the command line: a sentence for each fault. The bot has words of its own. */
export function explainLine(reading: Exclude<LineReading, { type: "read" }>): string[] {
  switch (reading.type) {
    case "empty":
      return ["It has no condition. Leave the field out to mean everyone."];
    case "too-long":
      return [
        `It is too long: at most ${MOST_CONDITIONS} conditions, ${MOST_CAMPAIGNS} campaigns and brackets ${MOST_DEPTH} deep.`,
      ];
    case "unread": {
      const { understood, faults } = reading;
      const rest = understood ? ` Understood: ${printLine(understood, "en")}` : "";
      return faults.map(({ part, why }) => `Not understood: ${part}. ${WHY[why]}${rest}`);
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
