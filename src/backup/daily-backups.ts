import { join } from "node:path";
import { repeat } from "../background/rounds.ts";
import type { Service } from "../background/service.ts";
import type { Clock } from "../clock.ts";
import { freeIn } from "../db/embedded/disk-space.ts";
import type { Snapshot } from "../db/open-engine.ts";
import type { Events } from "../events.ts";
import { type Log, rootCause } from "../log.ts";
import { daysLater, instantAt, wallOf } from "../schedule/wall.ts";
import { type KeptBackup, backupName, newestBackup, removeOldBackups } from "./backup-folder.ts";
import { writeBackup } from "./write-backup.ts";

/** Makes a backup each night, and keeps the newest few. */
export interface DailyBackups extends Service {
  /** The newest one; null if there is none yet. */
  readonly last: KeptBackup | null;
  /** Makes one if it is time. */
  makeDue(): Promise<void>;
}

export interface DailyBackupsDeps {
  snapshot: Snapshot;
  /** How many bytes the database takes up. */
  databaseBytes: () => Promise<number>;
  folder: string;
  /** How many are kept; at least 1. */
  kept: number;
  /** The IANA zone in which it is night. */
  timezone: string;
  /** Only the process that may send makes them. */
  lease: { held(): boolean };
  events: Pick<Events, "emit">;
  clock: Clock;
  log: Log;
}

/** The hour at which hardly anyone sends or looks. */
const NIGHT = { hour: 4, minute: 10 };

const CHECK_MS = 60_000;
const AGAIN_MS = 3_600_000;

/**
 * A backup waits nine times as long as it works, so that it takes a tenth of a core from sending: 1,000,000 people and as
 * many deliveries take a minute.
 */
const REST = 9;

/** A backup takes about a tenth of what the database does; beside it the database itself needs room. */
const ROOM = { share: 0.25, atLeast: 64_000_000 };

/** There is too little room on the disk. */
class NoRoom extends Error {
  readonly needed: number;
  readonly free: number;

  constructor(needed: number, free: number) {
    super(`it needs ${megabytes(needed)} of disk space, and ${megabytes(free)} are free`);
    this.needed = needed;
    this.free = free;
  }
}

export function createDailyBackups(deps: DailyBackupsDeps): DailyBackups {
  const { snapshot, folder, kept, timezone, lease, events, clock, log } = deps;
  const stopping = new AbortController();
  let last: KeptBackup | null = null;

  async function makeDue(): Promise<void> {
    last = await newestBackup(folder);
    if (!lease.held() || (last && last.at >= lastNight(clock.now(), timezone))) return;
    await removeOldBackups(folder, kept);
    await checkRoom();
    const now = clock.now();
    const began = clock.monotonic();
    const { bytes, rows } = await writeBackup(snapshot, join(folder, backupName(now)), {
      now,
      signal: stopping.signal,
      rest: (tookMs) => clock.sleep(tookMs * REST, stopping.signal),
    });
    await removeOldBackups(folder, kept);
    last = { at: now, bytes };
    log.info({ bytes, rows, seconds: Math.round((clock.monotonic() - began) / 1_000) }, "backup made");
    events.emit("backupMade", null);
  }

  async function checkRoom(): Promise<void> {
    const needed = Math.max(ROOM.atLeast, (await deps.databaseBytes()) * ROOM.share);
    const free = await freeIn(folder);
    if (free < needed) throw new NoRoom(needed, free);
  }

  const loop = repeat({
    clock,
    log,
    everyMs: CHECK_MS,
    againMs: AGAIN_MS,
    waitsFirst: true,
    complaint: {
      note(error) {
        if (stopping.signal.aborted) return;
        log.warn({ err: error }, "the daily backup cannot be made");
        events.emit("backupFailed", factsOf(error));
      },
    },
    work: makeDue,
  });

  return {
    get last() {
      return last;
    },
    makeDue,
    async start() {
      last = await newestBackup(folder);
      await loop.start();
    },
    async stop() {
      stopping.abort();
      await loop.stop();
    },
  };
}

/** What the owners are told. */
function factsOf(error: unknown): { what: string; needed?: number; free?: number } {
  const { message } = error instanceof Error ? rootCause(error) : { message: String(error) };
  return error instanceof NoRoom
    ? { what: message, needed: error.needed, free: error.free }
    : { what: message };
}

/** When the last night's backup was due. */
function lastNight(now: Date, timezone: string): Date {
  const today = { ...wallOf(now, timezone), ...NIGHT };
  const tonight = instantAt(today, timezone);
  return tonight <= now ? tonight : instantAt(daysLater(today, -1), timezone);
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1_000_000)} MB`;
}
