import { type ButtonFlaw, type RowFlaw, checkedButton, flawsOfRows } from "../../content/button-rules.ts";
import type { Button } from "../../content/content.ts";
import type { VersionJson } from "../shapes/content-shapes.ts";
import { type FaultList, defined } from "./fault-list.ts";

type ButtonJson = NonNullable<VersionJson["buttons"]>[number][number];

/** Reads rows of buttons by the rules of the bot's own. */
export function buttonsFromJson(
  json: readonly (readonly ButtonJson[])[],
  at: string,
  faults: FaultList,
): Button[][] {
  const rows = json.map((row, y) =>
    row.map((given, x) => {
      const button = defined(given) as Button;
      const checked = checkedButton(button);
      if (!("reason" in checked)) return checked;
      faults.add(`${at}/${y}/${x}`, sentenceFor(checked));
      return button;
    }),
  );
  for (const [y, flaws] of flawsOfRows(rows).entries())
    for (const flaw of flaws) faults.add(`${at}/${y}`, sentenceFor(flaw));
  return rows;
}

/** What is wrong with a button or a row, as a sentence for a caller of the API. */
function sentenceFor(flaw: ButtonFlaw | RowFlaw): string {
  switch (flaw.reason) {
    case "no-text":
      return "A button needs a text.";
    case "no-copy":
      return "There is nothing to copy.";
    case "no-answer":
      return "There is no answer to show.";
    case "no-url":
    case "bad-url":
      return "Telegram does not accept this address. Use https://, http://, tg://, ton:// or tonsite://.";
    case "bad-app":
      return "A Mini App needs an https:// address.";
    case "mail":
      return "Telegram would turn this e-mail address into a website.";
    case "bad-vote":
      return "The text of a vote is one emoji.";
    case "same-vote":
      return `There is already a vote ${flaw.part}. Each needs its own emoji.`;
    case "text-too-long":
      return `The text of a button has at most ${flaw.limit} characters.`;
    case "url-too-long":
      return `The address has at most ${flaw.limit} characters.`;
    case "copy-too-long":
      return `What a button copies has at most ${flaw.limit} characters.`;
    case "query-too-long":
      return `The query has at most ${flaw.limit} characters.`;
    case "answer-too-long":
      return `The answer has at most ${flaw.limit} characters.`;
    case "row-too-long":
      return `A row has at most ${flaw.limit} buttons.`;
    case "too-many":
      return `A message has at most ${flaw.limit} buttons.`;
    case "too-big":
      return `All buttons together have at most ${flaw.limit} bytes.`;
  }
}
