import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { writeBackup } from "../../src/backup/write-backup.ts";
import { snapshotAt } from "../../src/db/open/snapshot-at.ts";
import { campaigns, homes } from "../../src/db/schema.ts";
import { openDatabase } from "../../src/db/open/open-database.ts";
import type { DatabaseLocation } from "../../src/db/open/open-database.ts";
import { broadcasts, cardOf, until, within } from "../support/broadcast.ts";
import { freshFolder, freshLocation } from "../support/database.ts";
import { sayNothing } from "../support/embedded.ts";
import { OWNER_ID, running } from "../support/herald.ts";
import { runs } from "../support/process.ts";
import { copiesAmongPeople, scene, shows } from "../support/scene.ts";
import { deliveriesOf, seedCampaign } from "../support/seed.ts";
import { homeScope } from "../../src/db/scope.ts";
import { BOT_ID } from "../support/database.ts";
import { en, inOrder, inState } from "../support/words.ts";

const folder = await mkdtemp(join(tmpdir(), "herald-restored-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

const variables = (to: DatabaseLocation): Record<string, string> =>
  to.type === "server" ? { DATABASE_URL: to.url } : { DATA_DIR: to.dataDir };

const PEOPLE = 300;
const HOUR_MS = 3_600_000;

test.each([
  ["the embedded database to a server", freshFolder, freshLocation],
  ["a server to the embedded database", freshLocation, freshFolder],
])(
  "%s: a broadcast that was backed up half-way goes on only when an admin says so, and never to those recorded",
  { timeout: 120_000 },
  async (name, source, target) => {
    const path = join(folder, `${name}.gz`);
    const from = await source();
    const later = new Date(Date.now() + 24 * HOUR_MS);
    const due = new Date(Date.now() + 12_000);
    const { telegram, owner, herald } = await scene(PEOPLE, {
      rate: 50,
      config: { database: from },
      async prepare(scope) {
        // One is due long after the restore, the other between the backup and the restore.
        await seedCampaign(scope, { id: 901, state: "scheduled", startsAt: later, createdBy: OWNER_ID });
        await seedCampaign(scope, { id: 902, state: "scheduled", startsAt: due, createdBy: OWNER_ID });
      },
      openDatabase: (location) => openDatabase(location, sayNothing),
    });
    await broadcasts(owner, "Half");
    await until(() => copiesAmongPeople(telegram, "Half").length >= 40);
    await writeBackup((work) => snapshotAt(from, work, sayNothing), path, { now: new Date() });
    await until(() => copiesAmongPeople(telegram, "Half").length >= 120);
    await until(() => copiesAmongPeople(telegram, "Hello").length > 0);
    await herald.stop();
    const atTheEnd = copiesAmongPeople(telegram, "Half").length;

    const to = await target();
    const { code, output } = await runs("restore-backup.js", variables(to), [path]);
    expect(output).toMatch(/^[\d,]+ rows restored\.$/m);
    expect(output).toContain("On hold, because what was sent after that is not known: 3 campaigns.");
    expect(code).toBe(0);
    const recorded = await within(to, async ({ db }) => {
      const scope = homeScope(db, BOT_ID);
      expect(await db.select({ last: homes.lastCampaign }).from(homes)).toEqual([{ last: 101 }]);
      const states = await db.select({ state: campaigns.state, why: campaigns.pauseReason }).from(campaigns);
      expect(states).toEqual([1, 2, 3].map(() => ({ state: "paused", why: "restored" })));
      return deliveriesOf(scope, 1);
    });
    const idsIn = (...wanted: string[]) =>
      recorded.filter(({ state }) => wanted.includes(state)).map(({ chatId }) => chatId);
    expect(idsIn("sent").length).toBeGreaterThan(0);
    expect(idsIn("pending").length).toBeGreaterThan(0);

    const again = await running(
      telegram,
      { database: to, messagesPerSecond: 100 },
      { openDatabase: (location) => openDatabase(location, sayNothing) },
    );
    // Its author gets each of the three cards anew, which say why.
    await shows(owner, inOrder(inState("paused"), /restored from a backup of/), 1);
    await shows(owner, inOrder(inState("paused"), /it may have been sent, changed or cancelled/), 901);
    await shows(owner, inOrder(inState("paused"), /Send it now, at another time, or drop it\?/), 902);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(copiesAmongPeople(telegram, "Half")).toHaveLength(atTheEnd);
    const hellos = copiesAmongPeople(telegram, "Hello");

    // What was in flight when it was backed up is uncertain; everyone else who is not recorded gets it.
    await owner.sends("/resume 1");
    await shows(owner, inState("finished"), 1);
    const copies = new Map(copiesAmongPeople(telegram, "Half"));
    expect(idsIn("sent", "sending").map((id) => copies.get(id) ?? 1)).toEqual(
      idsIn("sent", "sending").map(() => 1),
    );
    expect(idsIn("pending").every((id) => copies.has(id))).toBe(true);
    expect(cardOf(owner, 1)?.text).toMatch(en.like("card-sent", { count: PEOPLE - idsIn("sending").length }));

    await owner.sends("/resume 901");
    await shows(owner, inState("scheduled"), 901);
    await owner.sends("/resume 902");
    await owner.sees("may have been sent after the backup was made");
    expect(copiesAmongPeople(telegram, "Hello")).toEqual(hellos);
    await again.stop();
  },
);
