import type { Telegram } from "../../playground/telegram.ts";
import type { DatabaseLocation } from "../../src/db/open/open-database.ts";
import { type Scope, homeScope, scopeOf } from "../../src/db/scope.ts";
import { homes, senders } from "../../src/db/schema.ts";
import type { FleetSender } from "../../src/fleet/fleet-sender.ts";
import { within } from "./broadcast.ts";
import { BOT_ID } from "./database.ts";
import { seedCampaign, seedPeople, range } from "./seed.ts";

/** A bot besides the home, with people of its own. */
export interface TestSender extends FleetSender {
  token: string;
  username: string;
  people: number[];
  /** The text of its campaign. */
  post: string;
}

/** Bots with these many people each, who have started them. Their ids lie apart from everybody else's. */
export function sendersOf(telegram: Telegram, count: number, people: number): TestSender[] {
  // The home comes first: people without a bot of their own talk to it.
  telegram.bot(`${BOT_ID}:TEST-token`);
  return range(1, count).map((number) => {
    const botId = 2_000_000 + number;
    const token = `${botId}:TEST-sender-${number}`;
    const username = `sender_${number}_bot`;
    telegram.bot(token, { username });
    const firstId = 1_000_000 * number + 100_000;
    telegram.people(people, { firstId, bot: botId });
    return {
      botId,
      username,
      name: `Sender ${number}`,
      token,
      handling: "answers",
      rate: null,
      people: range(firstId, firstId + people - 1),
      post: `From sender ${number}.`,
    };
  });
}

/** Adds the bots and their people to the database. */
export async function registerSenders(
  location: DatabaseLocation,
  bots: readonly TestSender[],
): Promise<void> {
  await within(location, async ({ db }) => {
    await db.insert(homes).values({ homeId: BOT_ID }).onConflictDoNothing();
    for (const { botId, people } of bots) {
      await db.insert(senders).values({ botId, homeId: BOT_ID }).onConflictDoNothing();
      await seedPeople(scopeOf(homeScope(db, BOT_ID), { botId }), people);
    }
  });
}

/** Starts a campaign of each bot to all of its people. Resolves with their numbers. */
export async function startCampaigns(
  location: DatabaseLocation,
  bots: readonly TestSender[],
): Promise<number[]> {
  return within(location, async ({ db }) => {
    const numbers: number[] = [];
    for (const bot of bots) {
      const scope: Scope = scopeOf(homeScope(db, BOT_ID), bot);
      const content = { kind: "text", text: bot.post, buttons: [] } as const;
      const { id } = await seedCampaign(scope, {
        state: "running",
        startedAt: new Date(),
        content: { ...content, buttons: [] },
      });
      numbers.push(id);
    }
    return numbers;
  });
}

/** How many copies of a bot's post its people have: people, and the most that one of them has. */
export function copies(telegram: Telegram, { post, botId }: TestSender): { people: number; most: number } {
  const counts = telegram.counts((message) => message.text === post && message.from?.id === botId);
  return { people: counts.size, most: Math.max(0, ...counts.values()) };
}
