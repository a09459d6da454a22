import { sql } from "drizzle-orm";
import { confirm, createDraft } from "../src/campaign/lifecycle.ts";
import { countLists } from "../src/campaign/search.ts";
import { CONTENT, until } from "./contender.ts";
import { type Due, type DueTask, PEOPLE_EACH } from "./due-task.ts";
import { seed, startEngine } from "./engine.ts";

/*
 * Campaigns that come due one after the other. Each has a language of its own, spoken by a few of many people, so
 * that Telegram's records tell which message was its first.
 */

/** Far enough ahead for all of them to be confirmed. */
const AHEAD_MS = 3_000;
/** From one to the next; a little more or less, so that none is in step with a full second. */
const APART_MS = 170;
const ADMIN = 1;

/** Of whom the campaigns mean a few. */
const PEOPLE = 100_000;

const { apiRoot, store, campaigns } = JSON.parse(process.argv[2] ?? "") as DueTask;
const engine = await startEngine(apiRoot, store, 1_000);
await seed(engine.scope, PEOPLE, sql`'l' || (id - 1) / ${PEOPLE_EACH}::int`);

const begin = Date.now() + AHEAD_MS;
const due: Due[] = [];
for (let index = 0; index < campaigns; index += 1) {
  const dueAt = Math.round(begin + APART_MS * (index + Math.random()));
  const draft = await createDraft(engine.scope, {
    content: CONTENT,
    audience: { languages: [`l${index}`] },
    createdBy: ADMIN,
    originKey: `due:${index}`,
  });
  await confirm(engine.scope, draft, new Date(dueAt), ADMIN);
  engine.poke(); // as the dialog does
  due.push({ firstChat: index * PEOPLE_EACH + 1, dueAt });
}
await until(async () => (await countLists(engine.scope)).done === campaigns, 100);
await engine.stop();
process.send?.(due, () => process.exit(0));
