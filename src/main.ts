import { readConfig } from "./config.ts";
import { readEnvironment } from "./environment.ts";
import { StartError } from "./errors.ts";
import { type Database, openDatabase } from "./db/open/open-database.ts";
import { createLog, rootCause, withoutToken } from "./log.ts";

/*
 * The process: environment → Config → Herald; stop on a signal.
 * Exit codes: 0 after an orderly stop, 1 when it cannot start or go on, 129, 130 and 143 after a second signal.
 */

try {
  const config = readConfig(readEnvironment());
  const log = createLog(config.logLevel, process.stdout.isTTY ? await readable() : undefined);
  const say = (sentence: string) => log.warn(sentence);
  // The first start makes an embedded database, which takes half a second in another process. The rest of Herald is loaded
  // meanwhile; not earlier, because loading hundreds of modules would hold up every step until then.
  const opened = await new Promise<() => Promise<Database>>((resolve, reject) => {
    const database = openDatabase(config.database, say, () => resolve(() => database));
    database.then(() => resolve(() => database), reject);
  });
  const { startHerald } = await import("./app.ts");
  const crashed = (error: Error) => void herald.stop().then(() => fail(error), fail);
  const herald = await startHerald(config, log, crashed, { openDatabase: opened });

  let stopping = false;
  for (const [signal, exitCode] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129], // its terminal was closed
  ] as const)
    process.on(signal, () => {
      if (stopping) process.exit(exitCode);
      stopping = true;
      log.info("stopping: calls in flight may end; a second signal stops at once");
      herald.stop().then(() => {
        log.info("stopped");
        process.exit(0);
      }, fail);
    });
} catch (error) {
  fail(error);
}

/** Prints a sentence for what the operator can fix, and a stack only for unforeseen errors. */
function fail(error: unknown): never {
  const text =
    error instanceof StartError ? error.message : error instanceof Error ? rootCause(error).stack : error;
  process.stderr.write(`${withoutToken(String(text))}\n`);
  process.exit(1);
}

/** Pretty lines on a terminal; elsewhere the log stays JSON. */
async function readable() {
  const { default: pretty } = await import("pino-pretty");
  return pretty({ translateTime: "SYS:HH:MM:ss", ignore: "pid,hostname" });
}
