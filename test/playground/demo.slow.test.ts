import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { Broadcasts } from "../../playground/demo/broadcasts.ts";
import { type Demo, startDemo } from "../../playground/demo/demo.ts";
import { makeFolder } from "../../playground/demo/folder.ts";
import { readLogLine } from "../../playground/demo/log-line.ts";
import { makeProfiles, toCsv } from "../../playground/demo/profiles.ts";
import { EVERYONE } from "../../src/audience/segment/audience.ts";
import { type Scope, homeScope } from "../../src/db/scope.ts";
import { broadcasts, cardOf, ownerOf, register, until, within } from "../support/broadcast.ts";
import { copiesOf, numbersOn } from "../support/counts.ts";
import { movableClock } from "../support/clock.ts";
import { BOT_ID, freshLocation } from "../support/database.ts";
import { localTelegram, OWNER_ID, running } from "../support/herald.ts";
import { seedCampaign, seedSeries } from "../support/seed.ts";

/** None of it may reach the demo's Herald, which could not start with it. */
const DEVELOPERS_OWN = {
  BOT_TOKEN: "123456:of-a-real-bot",
  DATABASE_URL: "postgres://nobody@127.0.0.1:1/none",
  MESSAGES_PER_SECOND: "fast",
};

let temporary: string;

beforeAll(async () => {
  temporary = await mkdtemp(join(tmpdir(), "herald-test-demo-"));
});

afterAll(() => rm(temporary, { recursive: true, force: true }));

describe("the demo", () => {
  const PEOPLE = 60;
  let demo: Demo;

  beforeAll(async () => {
    for (const [name, value] of Object.entries(DEVELOPERS_OWN)) vi.stubEnv(name, value);
    vi.stubEnv("TMPDIR", temporary);
    // Slow enough to be killed in the middle.
    demo = await startDemo({ port: 0, people: PEOPLE, environment: { MESSAGES_PER_SECOND: "10" } });
    vi.unstubAllEnvs();
  });

  afterAll(() => demo.stop());

  test("begins with chats that are empty, a list of people, and an owner who has not started the bot", () => {
    const { telegram, owner } = demo;
    expect(telegram.places).toHaveLength(1 + PEOPLE + 2);
    expect(telegram.places.filter(({ messages }) => messages !== null)).toEqual([]);
    expect(owner.place.started).toBe(false);
    expect(demo.runner.status).toEqual({ state: "running", pid: expect.any(Number), kills: 0 });
  });

  test("serves the page", async () => {
    const page = await fetch(demo.address);
    expect(page.headers.get("content-type")).toContain("text/html");
  });

  test("the owner starts the bot and is its admin; the channel and the group are known to it", async () => {
    const { owner, runner, telegram } = demo;
    await owner.sends("/start");
    await owner.sees("You are an admin of this bot");
    expect(runner.lines.filter(({ text }) => text.startsWith("a chat is noted"))).toHaveLength(2);
    // Not that the bot can post to them: that was before.
    expect(telegram.received(owner.id).filter(({ text }) => text?.includes("I can post to"))).toEqual([]);
  });

  test("killed in the middle of a broadcast and started again, it goes on and sends to nobody twice", async () => {
    const { owner, runner, telegram, ledger } = demo;
    await broadcasts(owner, "Cinnamon rolls are back.");
    await until(() => ledger.counts.delivered >= 8);

    const { pid } = runner.status;
    await runner.act("kill");
    expect(runner.status).toEqual({ state: "stopped", kills: 1 });
    await expect(runner.act("kill")).rejects.toThrow("Herald does not run.");
    await expect(runner.act("restart")).rejects.toThrow("Herald does not run.");
    expect(ledger.counts.delivered).toBeLessThan(PEOPLE);

    await runner.act("start");
    expect(runner.status.state).toBe("starting");
    await expect(runner.act("start")).rejects.toThrow("Herald is starting already.");
    await runner.up();
    expect(runner.status.pid).not.toBe(pid);
    expect(runner.lines.map(({ text }) => text)).toContain("campaigns go on · campaigns 1");
    await expect(runner.act("start")).rejects.toThrow("Herald is running already.");

    await owner.sees("Campaign #1 · finished", { within: 20_000 });
    const numbers = numbersOn(cardOf(owner)?.text ?? "");
    expect(numbers).toMatchObject({ failed: 0, left: 0, total: PEOPLE + 1 });
    const copies = copiesOf(telegram, "Cinnamon rolls are back.");
    // The owner's is there once more: the post as it was shown to be checked.
    copies.delete(owner.id);
    expect([...copies.values()].filter((count) => count !== 1)).toEqual([]);
    expect(copies.size).toBeGreaterThanOrEqual((numbers?.sent ?? 0) - 1);
    expect(ledger.counts.duplicates).toBe(0);
    await until(() =>
      runner.lines.some(({ text }) => text.startsWith("campaign finished · campaign 1, total 61")),
    );
  });

  test("killed while it starts, or twice at once, there is one Herald in the end, and it comes up", async () => {
    const { runner } = demo;
    const { kills } = runner.status;
    const both = await Promise.allSettled([runner.act("restart"), runner.act("restart")]);
    expect(both).toMatchObject([
      { status: "fulfilled" },
      { status: "rejected", reason: { message: "Herald is being killed already." } },
    ]);
    expect(runner.status.state).toBe("starting");
    await runner.act("kill");
    expect(runner.status).toEqual({ state: "stopped", kills: kills + 2 });
    await runner.act("start");
    const up = runner.up();
    await runner.act("restart");
    await up;
    expect(runner.status).toEqual({ state: "running", pid: expect.any(Number), kills: kills + 3 });
  });

  test("the log tells of a campaign that is paused, resumed and cancelled", async () => {
    const { owner, runner } = demo;
    await broadcasts(owner, "Never mind.");
    const tells = (text: string) =>
      vi.waitFor(() => expect(runner.lines.map((line) => line.text)).toContain(text), 20_000);
    await owner.sends("/pause 2");
    await tells("campaign paused · campaign 2, by 1");
    await owner.sends("/resume 2");
    await tells("campaign resumed · campaign 2, by 1");
    await owner.sends("/pause 2");
    await owner.sends("/cancel 2");
    // Messages to one chat leave a second apart.
    await owner.sees("End campaign #2 for good?", { within: 20_000 });
    await owner.taps("Yes, cancel");
    await tells("campaign cancelled · campaign 2, by 1");
    expect(runner.lines.some(({ text }) => text.includes("Never mind"))).toBe(false);
  });

  test("ended by itself it has last words, and can be started again", async () => {
    const { runner, telegram } = demo;
    const [bot] = telegram.bots;
    const { kills } = runner.status;
    telegram.revoke(bot?.token ?? "");
    await until(() => runner.status.state === "stopped");
    expect(runner.status.lastWords).toMatch(/^Telegram refuses BOT_TOKEN\./);
    expect(runner.lines.at(-1)).toMatchObject({ level: "error", text: "Herald ended with exit code 1" });

    telegram.restore(bot?.token ?? "");
    await runner.act("start");
    await runner.up();
    process.kill(runner.status.pid ?? 0, "SIGKILL");
    await until(() => runner.status.state === "stopped");
    expect(runner.status).toEqual({ state: "stopped", kills, lastWords: "Herald ended by SIGKILL." });
    await runner.act("start");
    await runner.up();
  });

  test("stopped it leaves no process and no folder", async () => {
    const { pid = 0 } = demo.runner.status;
    expect(await demoFolders()).toHaveLength(1);
    const restarted = demo.runner.act("restart");
    await demo.stop();
    await restarted;
    expect(demo.runner.status.state).toBe("stopped");
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
    expect(await demoFolders()).toEqual([]);
    await expect(demo.runner.act("start")).rejects.toThrow("The demo is ending.");
    await expect(fetch(demo.address)).rejects.toThrow("fetch failed");
  });

  test("a start that fails says why, and leaves no folder either", async () => {
    vi.stubEnv("TMPDIR", temporary);
    const failed = startDemo({ port: 0, people: 3, environment: { MESSAGES_PER_SECOND: "fast" } });
    await expect(failed).rejects.toThrow("MESSAGES_PER_SECOND must be a number");
    expect(await demoFolders()).toEqual([]);
    vi.unstubAllEnvs();
  });
});

describe("the command line", () => {
  const command = fileURLToPath(new URL("../../playground/demo/cli.ts", import.meta.url));
  const children: ChildProcess[] = [];

  afterEach(async () => {
    for (const child of children.splice(0)) {
      if (child.exitCode !== null || !child.kill("SIGTERM")) continue;
      await once(child, "exit");
    }
  });

  function run(...args: string[]) {
    const child = spawn(process.execPath, ["--import", import.meta.resolve("tsx"), command, ...args], {
      // A developer's own settings lie there, too.
      cwd: temporary,
      env: { PATH: process.env["PATH"], TMPDIR: temporary, ...DEVELOPERS_OWN },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let printed = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (part: Buffer) => (printed += part.toString()));
    children.push(child);
    return { child, printed: () => printed, exited: once(child, "exit") };
  }

  test(
    "names one address, another one when the port is taken, and Ctrl+C ends it with nothing left",
    { timeout: 90_000 },
    async () => {
      await writeFile(join(temporary, ".env"), "DATABASE_URL=postgres://nobody@127.0.0.1:1/none\n");
      const taken = spawn(process.execPath, ["-e", SERVER], { stdio: ["ignore", "pipe", "inherit"] });
      try {
        const port = Number(String((await once(taken.stdout, "data"))[0]));
        const demo = run("--port", String(port), "--people", "1");
        await until(() => demo.printed().includes("Ctrl+C"), 60_000);
        const [address = ""] = /http:\S+/.exec(demo.printed()) ?? [];
        expect(demo.printed()).toContain(`port ${port} is taken`);
        expect(demo.printed()).toContain("1 person is on the list");
        expect((await fetch(address)).status).toBe(200);
        const [, api = ""] = /API is at (\S+)/.exec(demo.printed()) ?? [];
        expect((await fetch(api)).status).toBe(200);
        demo.child.kill("SIGINT");
        // As npm passes on what the terminal has sent already.
        demo.child.kill("SIGINT");
        expect(await demo.exited).toEqual([0, null]);
        expect(await demoFolders()).toEqual([]);
      } finally {
        taken.kill();
      }
    },
  );

  test("Ctrl+C ends it while it starts, too", async () => {
    const demo = run("--port", "0");
    await until(async () => (await demoFolders()).length > 0);
    demo.child.kill("SIGINT");
    expect(await demo.exited).toEqual([0, null]);
    expect(await demoFolders()).toEqual([]);
  });

  test.skipIf(process.platform === "win32")(
    "kill -9 takes Herald along, and the next demo the folder",
    { timeout: 90_000 },
    async () => {
      const demo = run("--port", "0", "--people", "3");
      await until(() => demo.printed().includes("Ctrl+C"), 60_000);
      const herald = await heraldOf(/http:\S+/.exec(demo.printed())?.[0] ?? "");
      expect(runs(herald)).toBe(true);
      demo.child.kill("SIGKILL");
      await until(() => !runs(herald));
      expect(await demoFolders()).toHaveLength(1);
      vi.stubEnv("TMPDIR", temporary);
      const folder = await makeFolder();
      vi.unstubAllEnvs();
      expect(await demoFolders()).toEqual([basename(folder)]);
      await rm(folder, { recursive: true });
    },
  );

  test("what it cannot read it says in a sentence", async () => {
    const demo = run("--people", "many");
    expect(await demo.exited).toEqual([1, null]);
    expect(demo.printed()).toBe("--people takes a whole number up to 100000, not many\n");
  });
});

test("only the folders of demos that were killed on this machine are removed", async () => {
  const place = await mkdtemp(join(temporary, "folders-"));
  const { pid: dead } = spawnSync(process.execPath, ["--version"]);
  const owners: Record<string, string> = {
    "herald-demo-dead": JSON.stringify({ pid: dead, host: hostname() }),
    "herald-demo-alive": JSON.stringify({ pid: process.pid, host: hostname() }),
    "herald-demo-elsewhere": JSON.stringify({ pid: dead, host: "another" }),
    "herald-demo-unreadable": "{",
    other: JSON.stringify({ pid: dead, host: hostname() }),
  };
  for (const [name, owner] of Object.entries(owners)) {
    await mkdir(join(place, name));
    await writeFile(join(place, name, "demo.json"), owner);
  }
  await mkdir(join(place, "herald-demo-nobodys"));
  vi.stubEnv("TMPDIR", place);
  const own = basename(await makeFolder());
  vi.unstubAllEnvs();
  const left = ["alive", "elsewhere", "nobodys", "unreadable"].map((name) => `herald-demo-${name}`);
  expect((await readdir(place)).toSorted()).toEqual([...left, own, "other"].toSorted());
});

/** What is told of broadcasts when such lines are logged. */
function listen() {
  const told: string[] = [];
  const broadcasts = new Broadcasts((turn, id) => told.push(`${turn} ${id}`));
  return { broadcasts, told, log: (facts: object) => broadcasts.hear(read(facts)) };
}

/** What is told of broadcasts by these lines of a log. */
function heard(lines: readonly string[]) {
  const listener = listen();
  for (const line of lines) listener.broadcasts.hear(readLogLine(line, "info", 5));
  return listener;
}

/** A campaign that waits, the first of a series that goes on every day. */
async function seedDaily(scope: Scope, id: number, startsAt: Date): Promise<void> {
  const recurrence = { zone: "UTC", rule: { every: "day", hour: 10, minute: 0 } } as const;
  const template = {
    content: { kind: "text" as const, text: "Every day.", buttons: [] },
    audience: EVERYONE,
    recurrence,
    createdBy: OWNER_ID,
  };
  await seedSeries(scope, { id, lastAt: startsAt, ...template });
  await seedCampaign(scope, { id, state: "scheduled", startsAt, seriesId: id, run: 1, ...template });
}

describe("broadcasts", () => {
  test("go, rest and end as the log says", () => {
    const { told, log } = listen();
    log({ campaign: 1, msg: "campaign started" });
    log({ campaign: 1, msg: "campaign paused" });
    log({ campaign: 1, msg: "campaign resumed" });
    log({ campaign: 1, msg: "campaign finished" });
    log({ campaign: 1, msg: "campaign retried" });
    log({ campaign: 1, msg: "campaign cancelled" });
    log({ campaign: 2, msg: "campaign started" });
    log({ campaign: 2, msg: "series cancelled" });
    const twice = ["goes 1", "rests 1", "goes 1", "ends 1"];
    expect(told).toEqual([...twice, "goes 1", "rests 1", "goes 2", "rests 2"]);
  });

  test("what happened right before a kill and is not in the log is known when Herald is up again", () => {
    const { broadcasts, told, log } = listen();
    for (const campaign of [1, 2, 3]) log({ campaign, msg: "campaign started" });
    log({ campaign: 3, msg: "campaign finished" });
    told.length = 0;
    broadcasts.begin();
    // The second has ended, the third was retried, the fourth has started.
    log({ campaigns: [1, 3, 4], msg: "campaigns go on" });
    expect(told).toEqual([]);
    log({ msg: "Herald is up" });
    expect(told).toEqual(["rests 2", "goes 3", "goes 4"]);
    broadcasts.begin();
    log({ msg: "Herald is up" });
    expect(told.slice(3)).toEqual(["rests 1", "rests 3", "rests 4"]);
  });

  test("that were paused before their time do not go when they are resumed, and a cancelled series leaves none", async () => {
    const telegram = await localTelegram({ limits: "none" });
    const owner = ownerOf(telegram);
    const database = await freshLocation();
    const clock = movableClock();
    const startsAt = new Date(Date.now() + 3_600_000);
    await register(database, [OWNER_ID]);
    await within(database, async ({ db }) => {
      const scope = homeScope(db, BOT_ID);
      await seedCampaign(scope, { id: 1, state: "scheduled", startsAt });
      await seedDaily(scope, 2, startsAt);
    });
    const { logged } = await running(telegram, { database }, { clock });
    for (const id of [1, 2])
      for (const [verb, state] of [
        ["pause", "paused"],
        ["resume", "scheduled"],
      ]) {
        await owner.sends(`/${verb} ${id}`);
        await until(() => cardOf(owner, id)?.text?.includes(`· ${state}`) ?? false);
      }
    await owner.sends("/cancel 2");
    await owner.sees("Cancel campaign #2?");
    await owner.taps("The whole series");
    await until(() => logged.some((line) => line.includes("series cancelled")));
    const goes = () => heard(logged).told.filter((turn) => turn.startsWith("goes"));
    expect(goes()).toEqual([]);
    clock.jump(2 * 3_600_000);
    await until(() => logged.some((line) => line.includes("campaign finished")));
    expect(goes()).toEqual(["goes 1"]);
  });
});

describe("a line of the log", () => {
  test("is read as words and facts, those that say nothing left out", () => {
    const time = "2026-11-23T10:00:00.000Z";
    const facts = { campaign: 3, total: 501, sent: 501, failed: 0, seconds: 18, until: null };
    expect(read({ level: "info", time, ...facts, msg: "campaign finished" })).toEqual({
      line: {
        at: Date.parse(time),
        level: "info",
        text: "campaign finished · campaign 3, total 501, sent 501, 18 s",
      },
      event: "campaign finished",
      campaign: 3,
    });
  });

  test.each([
    [
      { level: "warn", err: { type: "Error", message: "refused" }, msg: "trouble" },
      "warn",
      "trouble · refused",
    ],
    [{ level: "fatal", msg: "the end" }, "error", "the end"],
    [{ level: "trace", lateSeconds: 90, msg: "campaign started" }, "debug", "campaign started · late 90 s"],
    [
      { level: "info", embedded: true, rate: 28, msg: "Herald is up" },
      "info",
      "Herald is up · embedded, rate 28",
    ],
    [{ level: "info", campaigns: [3, 4], msg: "not over" }, "info", "not over · campaigns 3 4"],
  ])("%j", (entry, level, text) => {
    expect(read(entry).line).toEqual({ at: 5, level, text });
  });

  test.each(["Herald cannot start:", "{not json", "[1]"])("that is none stays as it is: %s", (text) => {
    expect(readLogLine(text, "error", 5)).toEqual({ line: { at: 5, level: "error", text } });
  });
});

describe("the people", () => {
  const people = makeProfiles(500);

  test("are the same each time, in three languages, and no two of a language have one name", () => {
    expect(makeProfiles(500)).toEqual(people);
    expect(new Set(people.map(({ languageCode }) => languageCode))).toEqual(new Set(["de", "en", "ru"]));
    const full = people.filter(({ lastName }) => lastName !== undefined);
    expect(new Set(full.map(({ firstName, lastName }) => `${firstName} ${lastName}`)).size).toBe(full.length);
  });

  test("have usernames that Telegram would take, no two the same", () => {
    const usernames = makeProfiles(5_000).flatMap(({ username }) => username ?? []);
    expect(usernames.filter((username) => !/^[a-z]\w{4,31}$/.test(username))).toEqual([]);
    expect(new Set(usernames).size).toBe(usernames.length);
  });

  test("make a table of five columns", () => {
    const rows = toCsv(people).trimEnd().split("\n");
    expect(rows).toHaveLength(501);
    expect(rows.filter((row) => row.split(",").length !== 5)).toEqual([]);
  });
});

/** Takes a port and prints it. */
const SERVER = `const s = require("net").createServer().listen(0, "127.0.0.1", () => console.log(s.address().port))`;

function read(entry: object) {
  return readLogLine(JSON.stringify(entry), "info", 5);
}

/** Herald's process, as the page is told of it. */
async function heraldOf(address: string): Promise<number> {
  const reader = (await fetch(`${address}/playground/events`)).body?.getReader();
  const { value } = (await reader?.read()) ?? {};
  await reader?.cancel();
  return Number(/"pid":(\d+)/.exec(new TextDecoder().decode(value))?.[1]);
}

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function demoFolders(): Promise<string[]> {
  const names = await readdir(temporary);
  return names.filter((name) => name.startsWith("herald-demo-"));
}
