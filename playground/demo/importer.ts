import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { type ChildOptions, startChild } from "./child.ts";

const IMPORTER = fileURLToPath(new URL("../../dist/import.js", import.meta.url));

/**
 * Imports people into the bot's list, with the importer for people from another bot. Rejects with what it printed if
 * it fails. If aborted, kills it, and rejects once it is gone.
 */
export async function importPeople(csv: string, options: ChildOptions): Promise<void> {
  const file = join(options.folder, "people.csv");
  await writeFile(file, csv);
  options.signal?.throwIfAborted();
  const child = startChild([IMPORTER, file], options);
  child.stdout.resume();
  const stderr = text(child.stderr);
  const failure = await new Promise<Error | undefined>((resolve) => {
    let error: Error | undefined;
    child.once("error", (cause) => (error = cause));
    child.once("close", (code) => {
      if (code !== 0) error ??= new Error(`The importer ended with exit code ${code}.`);
      resolve(error);
    });
  });
  if (failure === undefined) return;
  const words = (await stderr).trim();
  throw words === "" ? failure : new Error(words, { cause: failure });
}
