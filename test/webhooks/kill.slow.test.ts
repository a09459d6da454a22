import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { homeScope } from "../../src/db/scope.ts";
import { webhookMessages } from "../../src/db/schema.ts";
import { createWebhook } from "../../src/webhooks/webhook-actions.ts";
import { broadcasts, cardOf, until, within } from "../support/broadcast.ts";
import { BOT_ID } from "../support/database.ts";
import { OWNER } from "../support/herald.ts";
import { environment, isUp, spawnHerald } from "../support/process.ts";
import { isSignedWith, receiver } from "../support/receiver.ts";
import { stage } from "../support/scene.ts";
import { inState } from "../support/words.ts";

test(
  "killed between each event and its delivery: a receiver has the end of every campaign, validly signed",
  { timeout: 120_000 },
  async () => {
    const { telegram, owner, database } = await stage(5);
    const shop = await receiver();
    const { secret } = await within(database, ({ db }) =>
      createWebhook(homeScope(db, BOT_ID), OWNER, { url: shop.url, events: ["campaign.finished"] }),
    );
    const written = () =>
      within(database, async ({ db }) => {
        const rows = await db
          .select({ id: webhookMessages.eventId })
          .from(webhookMessages)
          .where(eq(webhookMessages.event, "campaign.finished"));
        return rows.map(({ id }) => id);
      });
    const variables = { ...environment(telegram, database), WEBHOOK_ALLOW: "127.0.0.1" };

    shop.answers(null);
    let herald = spawnHerald(variables);
    await isUp(herald);
    for (let campaign = 1; campaign <= 4; campaign += 1) {
      await broadcasts(owner, `Post ${campaign}`);
      // Written with the end itself: as soon as there is one, the other is there.
      await until(() => inState("finished").test(cardOf(owner, campaign)?.text ?? ""));
      await herald.kill9();
      expect(await written()).toHaveLength(campaign);
      herald = spawnHerald(variables);
      await isUp(herald);
    }
    shop.answers(204);
    const had = shop.got.length;
    await until(async () => {
      const ids = new Set(shop.got.slice(had).map(({ id }) => id));
      return (await written()).every((id) => ids.has(id));
    }, 40_000);
    expect(shop.got.every((one) => isSignedWith(secret, one))).toBe(true);
    const numbers = new Set(shop.got.map(({ payload }) => payload.data.number));
    expect(numbers).toEqual(new Set([1, 2, 3, 4]));
    herald.signal("SIGTERM");
    expect(await herald.exited).toBe(0);
  },
);
