import { mkdtemp, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { startTelegram } from "../playground/telegram.ts";
import { EVERYONE } from "../src/audience/segment.ts";
import { confirm, createDraft } from "../src/campaign/lifecycle.ts";
import { getCampaign } from "../src/campaign/queries.ts";
import { systemClock as clock } from "../src/clock.ts";
import { render } from "../src/content/render.ts";
import { type DatabaseLocation, type Scope, openDatabase } from "../src/db/connect.ts";
import { recipients } from "../src/db/schema.ts";
import { createDispatcher } from "../src/delivery/dispatcher.ts";
import { createPacer } from "../src/delivery/pacer.ts";
import { createSendApi, send } from "../src/delivery/sender.ts";
import { createLog } from "../src/log.ts";

/*
 * `npm run bench`: how near the engine comes to the rate it is set to, and what it costs beside a bare loop that
 * sends the same calls with no database. Both run against the same local Telegram without limits, one after the
 * other in one run: only their ratio means something. With BENCH_DATABASE_URL on an empty server database, else embedded.
 */
const PEOPLE = 5_000;
const RATES = [28, 300, 1000];
const SECONDS_EACH = 5;
const IN_FLIGHT = 50;
const BOT_ID = 1_000_001;
const TOKEN = `${BOT_ID}:BENCH`;
const content = {
  kind: "text" as const,
  text: "A post of the usual length, with a line or two of text.",
  buttons: [],
};

const telegram = await startTelegram({ limits: "none" });
telegram.people(PEOPLE, { firstId: 1 });
const api = createSendApi(TOKEN, telegram.apiRoot).raw;
const folder = await mkdtemp(join(tmpdir(), "herald-bench-"));
const url = process.env["BENCH_DATABASE_URL"];
const location: DatabaseLocation = url ? { type: "server", url } : { type: "embedded", dataDir: folder };
const database = await openDatabase(location);
const scope: Scope = { db: database.db, botId: BOT_ID };

print(
  `${cpus().length} × ${cpus()[0]?.model ?? "processor"}, Node ${process.version}, ${location.type} database\n`,
);
try {
  await seed();
  const bare = await bareLoop();
  print(
    `bare loop, ${IN_FLIGHT} in flight, no database: ${bare.perSecond.toFixed(0)} messages/s, ${bare.cpuMs.toFixed(3)} ms CPU each\n`,
  );
  print(
    "\n| set to | reached | of the rate | CPU a message, of the bare loop's |\n| ---: | ---: | ---: | ---: |\n",
  );
  for (const rate of RATES) {
    const { perSecond, cpuMs } = await engine(rate);
    print(
      `| ${rate} | ${perSecond.toFixed(1)} | ${((perSecond / rate) * 100).toFixed(1)} % | ${(cpuMs / bare.cpuMs).toFixed(1)} × |\n`,
    );
  }
} finally {
  await database.close();
  await telegram.stop();
  await rm(folder, { recursive: true, force: true });
}

async function seed(): Promise<void> {
  const rows = await scope.db.select({ chatId: recipients.chatId }).from(recipients).limit(1);
  if (rows.length > 0) throw new Error("BENCH_DATABASE_URL holds people already; give it an empty database");
  await scope.db.execute(
    sql`insert into recipients (bot_id, chat_id) select ${BOT_ID}, id from generate_series(1, ${PEOPLE}) as id`,
  );
}

/** The physical limit here: the same calls, nothing written down. */
async function bareLoop(): Promise<Figures> {
  return measure(PEOPLE, async () => {
    let next = 1;
    const worker = async () => {
      while (next <= PEOPLE) await send(api, render(content, next++));
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  });
}

/** A campaign at this rate, from the first message to the last. */
async function engine(rate: number): Promise<Figures> {
  const count = Math.min(PEOPLE, rate * SECONDS_EACH);
  await scope.db.execute(
    sql`update recipients set status = case when chat_id <= ${count} then 'active' else 'blocked' end::recipient_status`,
  );
  const draft = await createDraft(scope, {
    content,
    audience: EVERYONE,
    createdBy: 1,
    originKey: `bench:${rate}`,
  });
  const { id } = await confirm(scope, draft, clock.now(), 1);
  const dispatcher = createDispatcher({
    scope,
    clock,
    log: createLog("warn"),
    api,
    probe: async () => undefined,
    pacer: createPacer(clock, rate),
    lease: { held: () => true },
    freezeSize: 10_000,
    onProgress: () => undefined,
    onPaused: () => undefined,
  });
  telegram.clearRecords();
  const figures = await measure(count, async () => {
    await dispatcher.start();
    dispatcher.poke();
    while ((await getCampaign(scope, id)).state !== "finished") await clock.sleep(100);
  });
  await dispatcher.stop();
  const sent = telegram.calls.filter(({ ok }) => ok);
  // From the first call to the last, so that the start and the last look do not count.
  const seconds = ((sent.at(-1)?.at ?? 0) - (sent[0]?.at ?? 0)) / 1000;
  return { ...figures, perSecond: (sent.length - 1) / seconds };
}

interface Figures {
  perSecond: number;
  /** CPU of the whole process a message; the local Telegram's share is in both sides of the ratio. */
  cpuMs: number;
}

async function measure(count: number, work: () => Promise<void>): Promise<Figures> {
  const cpu = process.cpuUsage();
  const began = clock.monotonic();
  await work();
  const seconds = (clock.monotonic() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { perSecond: count / seconds, cpuMs: (user + system) / 1000 / count };
}

function print(text: string): void {
  process.stdout.write(text);
}
