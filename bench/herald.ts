import { and, eq } from "drizzle-orm";
import { EVERYONE } from "../src/audience/segment.ts";
import { confirm, createDraft } from "../src/campaign/lifecycle.ts";
import { getCampaign } from "../src/campaign/queries.ts";
import { deliveries } from "../src/db/schema.ts";
import { CONTENT, contend, until } from "./contender.ts";
import { openScope, seed, startEngine } from "./engine.ts";

/** The first campaign in a new database. */
const CAMPAIGN = 1;
const ADMIN = 1;

/* The engine. The list of people is there before; freezing it into deliveries happens while sending and counts. */
await contend({
  async setUp({ store, count }) {
    const { database, scope } = await openScope(store);
    await seed(scope, count);
    await database.close();
  },
  async enqueue({ store }) {
    const { database, scope } = await openScope(store);
    const draft = await createDraft(scope, {
      content: CONTENT,
      audience: EVERYONE,
      createdBy: ADMIN,
      originKey: "bench",
    });
    await confirm(scope, draft, new Date(), ADMIN);
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
