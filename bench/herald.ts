import { and, eq } from "drizzle-orm";
import type { Actor } from "../src/access/actor.ts";
import { EVERYONE } from "../src/audience/segment/audience.ts";
import { confirmDraft } from "../src/campaign/confirm-draft.ts";
import { createDraft } from "../src/campaign/actions/create-draft.ts";
import { getCampaign } from "../src/campaign/queries.ts";
import { deliveries } from "../src/db/schema.ts";
import { CONTENT, contend, until } from "./contender.ts";
import { openScope, seed, startEngine } from "./engine.ts";

/** The id of the first campaign in a new database. */
const CAMPAIGN = 1;
const ADMIN: Actor = { type: "admin", userId: 1, owner: true };

/* The engine. The list of people is there before; freezing it into deliveries happens while sending and counts. */
await contend({
  async setUp({ store, count }) {
    const { database, scope } = await openScope(store);
    await seed(scope, count);
    await database.close();
  },
  async enqueue({ store }) {
    const { database, scope } = await openScope(store);
    const draft = await createDraft(scope, ADMIN, {
      content: CONTENT,
      audience: EVERYONE,
      originKey: "bench",
    });
    await confirmDraft(scope, ADMIN, draft, new Date());
    await database.close();
  },
  async send({ apiRoot, store, rate }) {
    const engine = await startEngine(apiRoot, store, rate);
    engine.poke();
    await until(async () => (await getCampaign(engine.scope, CAMPAIGN)).state === "finished", 100);
    const uncertain = await engine.scope.db
      .select({ chatId: deliveries.chatId })
      .from(deliveries)
      .where(and(eq(deliveries.campaignId, CAMPAIGN), eq(deliveries.state, "uncertain")));
    await engine.stop();
    return uncertain.map(({ chatId }) => chatId);
  },
});
