import * as fc from "fast-check";
import { Api } from "grammy";
import { expect, test } from "vitest";
import { capture } from "../../src/content/capture.ts";
import { TEXT_LIMIT, countCharacters } from "../../src/content/content.ts";
import { render } from "../../src/content/render.ts";
import { perform } from "../../src/telegram/api-call.ts";
import { TOKEN, localTelegram } from "../support/herald.ts";
import { fixFormatted } from "../../src/content/formatting/formatted-text.ts";
import { type Tree, plant, trees } from "./formatted.ts";

/** What the names of a text become for the person who gets it: an astral one, one with markup, and none. */
const VALUES: Record<string, string> = {
  "{first_name}": "𝔸da 👩‍🚀",
  "{last_name|x}": `<b>"O'Hara" & *Co*`,
  "{username|nobody 🎁}": "nobody 🎁",
};
const PERSON = { language: null, firstName: "𝔸da 👩‍🚀", lastName: `<b>"O'Hara" & *Co*`, username: null };

const say = (word: string) => VALUES[word] ?? word;

/** Long enough to be sent, and short enough. */
const sendable = (tree: Tree[], say?: (word: string) => string) => {
  const { text } = plant(tree, say);
  return text.trim() !== "" && countCharacters(text) <= TEXT_LIMIT;
};

test.each([
  ["as they were sent", trees()],
  ["with names, on the same words", trees(fc.constantFrom(...Object.keys(VALUES)))],
])("500 random texts arrive %s, in UTF-16 units", async (_, arbitrary) => {
  const telegram = await localTelegram({ limits: "none" });
  const api = new Api(TOKEN, { apiRoot: telegram.apiRoot });
  const admin = telegram.person({ id: 1, firstName: "Olga", started: true });
  telegram.person({ id: 9, firstName: "Bob" });
  const ada = telegram.person({ id: 2, firstName: "Ada", started: true });

  await fc.assert(
    fc.asyncProperty(arbitrary, async (tree) => {
      fc.pre(sendable(tree) && sendable(tree, say));
      const captured = capture([await admin.sends(plant(tree))]);
      if (captured.type !== "captured") throw new Error(`it was ${captured.type}`);
      const content = { ...captured.version, buttons: [] };
      for (const call of render(content, { chatId: ada.id, campaignId: 1, seq: 1, person: PERSON }))
        await perform(api.raw, call);
      const { text, entities } = ada.holds.at(-1) ?? {};
      // Telegram takes out and cuts up what crosses, and what does not go into one another.
      expect({ text, entities: entities ?? [] }).toEqual(fixFormatted({ entities: [], ...plant(tree, say) }));
    }),
    { numRuns: 500 },
  );
});
