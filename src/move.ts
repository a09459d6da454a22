import { readEnvironment } from "./environment.ts";
import { StartError } from "./errors.ts";
import { moveToServer } from "./db/open/move-to-server.ts";
import { withoutToken } from "./log.ts";

/*
 * `npm run database:move`: copies the embedded database of DATA_DIR to the server of DATABASE_URL. Stop Herald first.
 * It needs no token, so it reads only these two variables. Exit codes: 0 everything was copied, 1 nothing was.
 */

try {
  const env = readEnvironment();
  const url = env["DATABASE_URL"]?.trim() ?? "";
  if (!/^postgres(ql)?:\/\/\S+$/.test(url))
    throw new StartError(
      "DATABASE_URL says where to: put postgres://user:password@host:5432/database into .env, then run this again.",
    );
  const dataDir = env["DATA_DIR"]?.trim() || "./data";
  await moveToServer(dataDir, url, (table, rows) => process.stdout.write(`${table}: ${rows}\n`));
  process.stdout.write(
    `Everything in ${dataDir} is on the server now. Start Herald; keep the folder as a backup.\n`,
  );
} catch (error) {
  const text =
    error instanceof StartError ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${withoutToken(text ?? "")}\n`);
  process.exitCode = 1;
}
