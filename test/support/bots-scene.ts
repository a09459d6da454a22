import { getTableName, is, sql } from "drizzle-orm";
import { PgTable } from "drizzle-orm/pg-core";
import type { Person } from "../../playground/people/person.ts";
import { type Db, query } from "../../src/db/connect.ts";
import * as schema from "../../src/db/schema.ts";
import { homeScope } from "../../src/db/scope.ts";
import { findSender } from "../../src/senders/sender-store.ts";
import { within } from "./broadcast.ts";
import { BOT_ID } from "./database.ts";
import { type SceneOptions, scene } from "./scene.ts";
import { NEWS_TOKEN, SHOP_ID, SHOP_TOKEN } from "./senders.ts";
import { en } from "./words.ts";

/** What /bots calls the shop. */
export const TITLE = "Shop (@shop_bot)";

async function opensBots(owner: Person): Promise<void> {
  await owner.sends("/bots");
  await owner.sees(en("bots-title"));
}

async function givesToken(owner: Person, text: string): ReturnType<Person["sends"]> {
  await opensBots(owner);
  await owner.taps(en("bots-add"));
  await owner.sees(en("bots-ask-token"));
  return owner.sends(text);
}

/** Adds the shop in /bots and waits for its card. */
export async function addsShop(owner: Person): Promise<void> {
  await givesToken(owner, SHOP_TOKEN);
  await owner.sees(en("bots-look-unknown"));
}

/** An owner in front of /bots, and two more bots at Telegram that Herald does not know yet. */
export async function botsScene(options: SceneOptions = {}) {
  const staged = await scene(0, { ownerStays: true, ...options });
  const { telegram, owner, database } = staged;
  telegram.bot(SHOP_TOKEN, { username: "shop_bot", name: "Shop" });
  telegram.bot(NEWS_TOKEN, { username: "news_bot", name: "News" });
  const onDatabase = <T>(work: (db: Db) => Promise<T>) => within(database, ({ db }) => work(db));
  const shop = () => onDatabase((db) => findSender(homeScope(db, BOT_ID), SHOP_ID));
  const opens = () => opensBots(owner);
  const adds = (text = SHOP_TOKEN) => givesToken(owner, text);
  const hasShop = () => addsShop(owner);
  const isHeld = (id: number) => owner.holds.some(({ message_id }) => message_id === id);
  return { ...staged, onDatabase, shop, opens, adds, hasShop, isHeld };
}

/** Everything in the database, as text. */
export async function dumpOf(db: Db): Promise<string> {
  const tables = Object.values(schema).filter((table) => is(table, PgTable));
  const texts: string[] = [];
  for (const table of tables) {
    const name = sql.identifier(getTableName(table));
    const rows = await query<{ row: string }>(db, sql`select t::text as row from ${name} t`);
    texts.push(...rows.map(({ row }) => row));
  }
  return texts.join("\n");
}
