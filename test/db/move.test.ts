import { sql } from "drizzle-orm";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { query } from "../../src/db/connect.ts";
import { type Database, openDatabase } from "../../src/db/open/open-database.ts";
import { moveToServer } from "../../src/db/open/move-to-server.ts";
import { freshLocation } from "../support/database.ts";

/** What both databases must agree on: a checksum of the rows, and where the numbers of the audit go on. */
async function contents({ db }: Database): Promise<unknown> {
  return query(
    db,
    sql`select
          (select md5(string_agg(r::text, ',' order by chat_id)) from recipients r) as recipients,
          (select md5(string_agg(c::text, ',' order by id)) from campaigns c) as campaigns,
          (select last_value::int from audit_id_seq) as last`,
  );
}

test("everything arrives on the server as it was, and a second move is refused", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "herald-move-"));
  afterAll(() => rm(dataDir, { recursive: true, force: true }));
  const target = await freshLocation();

  const embedded = await openDatabase({ type: "embedded", dataDir });
  await embedded.db.execute(
    sql`insert into recipients (bot_id, chat_id, language, first_name)
        select 1, i, case when i % 3 = 0 then 'ru' end, E'tab\t line\n back\\ quote" Юля 😀 ' || i
        from generate_series(1, 50000) i`,
  );
  await embedded.db.execute(
    sql`insert into campaigns (home_id, bot_id, id, content, audience, created_by, origin_key)
        select 1, 1, i, '{"kind":"text","text":"a\\nb"}', '{}', 1, i::text from generate_series(1, 3) i`,
  );
  // The number of a discarded draft is not given out again.
  await embedded.db.execute(
    sql`insert into audit (home_id, actor_id, action) select 1, 1, 'campaign.created' from generate_series(1, 3)`,
  );
  await embedded.db.execute(sql`delete from audit where id = 3`);
  const before = await contents(embedded);
  await embedded.close();

  const counts: Record<string, number> = {};
  await moveToServer(dataDir, target.url, (table, rows) => (counts[table] = rows));
  expect(counts).toMatchObject({ recipients: 50_000, campaigns: 3, audit: 2, deliveries: 0 });
  const server = await openDatabase(target);
  expect(await contents(server)).toEqual(before);
  await server.close();

  await expect(moveToServer(dataDir, target.url, () => undefined)).rejects.toThrow(/already has rows/);
});
