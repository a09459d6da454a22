import { sql } from "drizzle-orm";
import type { Actor } from "../src/access/actor.ts";
import { confirmDraft } from "../src/campaign/confirm-draft.ts";
import { createDraft } from "../src/campaign/actions/create-draft.ts";
import { countLists } from "../src/campaign/search.ts";
import { CONTENT, until } from "./contender.ts";
import { type Due, type DueTask, PEOPLE_EACH } from "./due-task.ts";
import { seed, startEngine } from "./engine.ts";

/*
 * Campaigns that come due one after the other. Each has its own language, which only a few of many people speak, so
 * that Telegram's records tell which message was its first.
 */

/** Far enough ahead that all of them can be confirmed. */
const AHEAD_MS = 3_000;
/** The interval between campaigns, varied a little so that none coincides with a full second. */
const APART_MS = 170;
const ADMIN: Actor = { type: "admin", userId: 1, owner: true };

/** Each campaign goes to only a few of them. */
const PEOPLE = 100_000;

const { apiRoot, store, campaigns } = JSON.parse(process.argv[2] ?? "") as DueTask;
const engine = await startEngine(apiRoot, store, 1_000);
await seed(engine.scope, PEOPLE, sql`'l' || (id - 1) / ${PEOPLE_EACH}::int`);

const begin = Date.now() + AHEAD_MS;
const due: Due[] = [];
for (let index = 0; index < campaigns; index += 1) {
  const dueAt = Math.round(begin + APART_MS * (index + Math.random()));
  const draft = await createDraft(engine.scope, ADMIN, {
    content: CONTENT,
    audience: { languages: [`l${index}`] },
    originKey: `due:${index}`,
  });
  await confirmDraft(engine.scope, ADMIN, draft, new Date(dueAt));
  engine.poke(); // as the dialog does
  due.push({ firstChat: index * PEOPLE_EACH + 1, dueAt });
}
await until(async () => (await countLists(engine.scope)).done === campaigns, 100);
await engine.stop();
process.send?.(due, () => process.exit(0));
