import { addAdmin } from "../../src/access/admins.ts";
import { limitAdmin } from "../../src/access/bot-limits.ts";
import { noteChat } from "../../src/audience/chats.ts";
import { insertSegment } from "../../src/audience/segment/saved-segments.ts";
import type { Campaign } from "../../src/campaign/campaign.ts";
import { type Scope, scopeOf } from "../../src/db/scope.ts";
import { deliveries, senders } from "../../src/db/schema.ts";
import type { Content } from "../../src/content/content.ts";
import { BOT_ID } from "./database.ts";
import { OWNER, SECRET_KEY } from "./herald.ts";
import { type SceneOptions, scene } from "./scene.ts";
import { seedCampaign, seedPeople } from "./seed.ts";
import { NEWS_ID, NEWS_TOKEN, SHOP_ID, SHOP_TOKEN } from "./senders.ts";

/*
 * A home with three bots, each with people, a group and campaigns in every state, and two admins besides the owner. What
 * belongs to a bot is recognised wherever it turns up.
 */

export const ANNA = 7;
export const BORIS = 8;

/** What the local Telegram calls a bot. */
export const nameOf = (botId: number) => `@herald_${botId}_bot`;

interface OfBot {
  botId: number;
  /** In each post of the bot. */
  word: string;
  /** The bot's group. */
  group: string;
  /** The ids of its people begin with it. */
  people: number;
}

export const HOME: OfBot = { botId: BOT_ID, word: "Roses", group: "Gardeners", people: 88_100 };
export const SHOP: OfBot = { botId: SHOP_ID, word: "Cakes", group: "Bakers", people: 88_200 };
export const NEWS: OfBot = { botId: NEWS_ID, word: "Tulips", group: "Growers", people: 88_300 };

const STATES = ["draft", "scheduled", "paused", "finished", "cancelled"] as const;
type Seeded = Record<(typeof STATES)[number], number>;

/** The numbers of the campaigns of each bot, by state. */
export type Numbers = Record<"home" | "shop" | "news", Seeded>;

export async function threeBots(options: SceneOptions = {}) {
  const numbers: Partial<Numbers> = {};
  const staged = await scene(0, {
    ownerStays: true,
    ...options,
    config: {
      extraBotTokens: [SHOP_TOKEN, NEWS_TOKEN],
      tokenKey: { type: "given", key: SECRET_KEY },
      ...options.config,
    },
    async prepare(scope) {
      await scope.db.insert(senders).values(
        [HOME, SHOP, NEWS].map(({ botId }) => ({
          botId,
          homeId: BOT_ID,
          username: nameOf(botId).slice(1),
          handling: botId === BOT_ID ? ("answers" as const) : ("beside" as const),
        })),
      );
      await addAdmin(scope, OWNER, { userId: ANNA, name: "Anna" });
      await addAdmin(scope, OWNER, { userId: BORIS, name: "Boris" });
      numbers.home = await fill(scope, HOME);
      numbers.shop = await fill(scope, SHOP);
      numbers.news = await fill(scope, NEWS);
      await options.prepare?.(scope);
    },
  });
  const anna = staged.telegram.person({ id: ANNA, firstName: "Anna", languageCode: "en", started: true });
  const boris = staged.telegram.person({ id: BORIS, firstName: "Boris", languageCode: "en", started: true });
  return { ...staged, anna, boris, numbers: numbers as Numbers };
}

/** Leaves an admin the shop alone. */
export async function onlyShop(scope: Scope, userId: number): Promise<void> {
  await limitAdmin(scope, OWNER, userId, { botId: SHOP_ID, may: true });
}

async function fill(home: Scope, { botId, word, group, people }: OfBot): Promise<Seeded> {
  const scope = scopeOf(home, { botId });
  await seedPeople(scope, [people + 1, people + 2, people + 3], { firstName: `${word} reader` });
  const rights = { present: true, post: true, pin: true, delete: true, topics: false };
  await noteChat(
    scope,
    { chatId: -people, kind: "group", title: group, username: null, isForum: false },
    rights,
  );
  await insertSegment(scope, "Regulars", { source: word }, ANNA);
  const numbers: Partial<Seeded> = {};
  for (const state of STATES) numbers[state] = (await campaignIn(scope, state, word, people)).id;
  return numbers as Seeded;
}

async function campaignIn(
  scope: Scope,
  state: keyof Seeded,
  word: string,
  people: number,
): Promise<Campaign> {
  const content: Content = {
    kind: "text",
    text: `${word} today, a ${state} post`,
    buttons: [
      [
        { text: `More ${word}`, url: "https://x.example" },
        { text: `Yes ${word}`, vote: true },
      ],
    ],
  };
  const soon = new Date(Date.now() + 3_600_000);
  const isOver = state === "finished" || state === "cancelled";
  const past = new Date(Date.now() - 3_600_000);
  const campaign = await seedCampaign(scope, {
    state,
    content,
    createdBy: ANNA,
    ...(state === "scheduled" && { startsAt: soon }),
    ...(state === "paused" && { pauseReason: "admin", startedAt: past, frozenAt: past, total: 1 }),
    ...(isOver && { startedAt: past, finishedAt: past, frozenAt: past, total: 1, failed: 1 }),
  });
  if (state === "paused" || isOver)
    await scope.db.insert(deliveries).values({
      botId: scope.botId,
      campaignId: campaign.id,
      seq: 1,
      chatId: people + 1,
      state: isOver ? "failed" : "pending",
      reason: isOver ? "other" : null,
    });
  return campaign;
}

/** Everything by which a bot is recognised: its names, its posts, its people and chats, and the numbers of its campaigns. */
export function traceOf({ botId, word, group, people }: OfBot, numbers: Seeded): RegExp {
  const campaigns = Object.values(numbers).map((number) => String.raw`\b${number}\b`);
  const names = [nameOf(botId).slice(1), String(botId), word, group, String(people / 100)];
  return new RegExp([...names, ...campaigns].join("|"));
}
