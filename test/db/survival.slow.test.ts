import { expect, test } from "vitest";
import { contradictionsIn } from "../support/books.ts";
import { broadcasts, cardOf, deliveryStates, until } from "../support/broadcast.ts";
import { copiesOf } from "../support/counts.ts";
import { freshFolder } from "../support/database.ts";
import { isAlive, postmasterOf, serversIn, watchdogOf } from "../support/embedded.ts";
import { type Child, environment, isUp, spawnHerald } from "../support/process.ts";
import { stage, standsAside } from "../support/scene.ts";
import { inState } from "../support/words.ts";

const POST = "Sent while somebody hits the database.";
const PEOPLE = 600;

/** Everything that belongs to a Herald: itself, its server, and the shell that watches over that. */
const allOf = (herald: Child, dataDir: string) => [
  herald.pid,
  watchdogOf(postmasterOf(dataDir)),
  ...serversIn(dataDir),
];

const killAll = (pids: number[], signal: NodeJS.Signals) => {
  for (const pid of pids) process.kill(pid, signal);
};

interface Blow {
  what: string;
  strike: (herald: Child, dataDir: string) => void;
  /** How Herald ends: null by a signal; undefined if it lives on. */
  exit?: number | null;
  /** Nothing may be left uncertain. */
  isOrderly?: boolean;
}

const BLOWS: Blow[] = [
  {
    what: "its server is killed",
    strike: (_, dataDir) => process.kill(postmasterOf(dataDir), "SIGKILL"),
  },
  {
    what: "one process of its server is killed",
    strike: (_, dataDir) =>
      process.kill(serversIn(dataDir).findLast((pid) => pid !== postmasterOf(dataDir)) ?? 0, "SIGKILL"),
  },
  { what: "Herald is killed", strike: (herald) => process.kill(herald.pid, "SIGKILL"), exit: null },
  {
    what: "everything is killed",
    strike: (herald, dataDir) => killAll(allOf(herald, dataDir), "SIGKILL"),
    exit: null,
  },
  {
    what: "systemd asks each process to end",
    strike: (herald, dataDir) => killAll(allOf(herald, dataDir), "SIGTERM"),
    exit: 0,
    isOrderly: true,
  },
  {
    what: "Ctrl+C reaches its group",
    strike: (herald) => process.kill(-herald.pid, "SIGINT"),
    exit: 0,
    isOrderly: true,
  },
  {
    what: "its terminal is closed",
    strike: (herald) => process.kill(-herald.pid, "SIGHUP"),
    exit: 0,
    isOrderly: true,
  },
];

test.each(BLOWS.map((blow) => [blow.what, blow] as const))(
  "%s in a broadcast: nobody has it twice, nobody is lost, no process stays",
  { timeout: 120_000 },
  async (_, { strike, exit, isOrderly = false }) => {
    const location = await freshFolder();
    const { telegram, owner, people } = await stage(PEOPLE, location);
    telegram.latency = 20;
    const variables = { ...environment(telegram, location), MESSAGES_PER_SECOND: "150" };
    let herald = spawnHerald(variables, { leads: true });
    await isUp(herald);
    await standsAside(owner);
    await broadcasts(owner, POST);
    await until(() => copiesOf(telegram, POST).size > PEOPLE / 3);

    const before = allOf(herald, location.dataDir);
    strike(herald, location.dataDir);
    let ended: number | null | undefined;
    let left: number[] = [];
    if (exit !== undefined) {
      ended = await herald.exited;
      left = isOrderly ? before.filter(isAlive) : [];
      herald = spawnHerald(variables);
      await isUp(herald);
    }
    await until(() => inState("finished").test(cardOf(owner)?.text ?? ""), 60_000);
    const after = allOf(herald, location.dataDir);
    herald.signal("SIGTERM");
    expect(await herald.exited).toBe(0);

    expect(ended).toBe(exit);
    expect(left).toEqual([]);
    expect([...before, ...after].filter(isAlive)).toEqual([]);
    expect(await contradictionsIn(location, telegram, { audience: people })).toEqual([]);
    const { uncertain = 0, ...others } = await deliveryStates(location);
    expect(others).toEqual({ sent: PEOPLE - uncertain });
    expect(uncertain).toBeLessThanOrEqual(isOrderly ? 0 : 40);
  },
);

test(
  "a server that was left behind suspended holds up the next start for 20 s only",
  { timeout: 90_000 },
  async () => {
    const location = await freshFolder();
    const { telegram } = await stage(1, location);
    const first = spawnHerald(environment(telegram, location));
    await isUp(first);
    const left = serversIn(location.dataDir);
    process.kill(watchdogOf(postmasterOf(location.dataDir)), "SIGKILL");
    killAll(left, "SIGSTOP");
    await first.kill9();
    const second = spawnHerald(environment(telegram, location));
    await isUp(second);
    expect(left.filter(isAlive)).toEqual([]);
  },
);
