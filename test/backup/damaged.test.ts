import { createHash } from "node:crypto";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { prepareRestore } from "../../src/backup/restore-into.ts";
import { writeBackup } from "../../src/backup/write-backup.ts";
import { openDatabase } from "../../src/db/open/open-database.ts";
import { StartError } from "../../src/errors.ts";
import { freshFolder, freshLocation } from "../support/database.ts";
import { runs } from "../support/process.ts";
import { NOW } from "../support/seed.ts";

const folder = await mkdtemp(join(tmpdir(), "herald-damaged-"));
afterAll(() => rm(folder, { recursive: true, force: true }));
const path = join(folder, "whole.gz");
let whole: Buffer;

beforeAll(async () => {
  const { db, snapshot, close } = await openDatabase(await freshLocation());
  await db.execute(
    sql`insert into recipients (bot_id, chat_id, first_name) select 1, i, md5(i::text) from generate_series(1, 5000) i`,
  );
  await writeBackup(snapshot, path, { now: NOW });
  await close();
  whole = await readFile(path);
});

const hooks = { onTable: () => undefined, finish: async () => undefined };

async function refusalOf(bytes: Buffer): Promise<unknown> {
  const damaged = join(folder, "damaged.gz");
  await writeFile(damaged, bytes);
  return prepareRestore(damaged, hooks).then(
    () => "taken",
    (error: unknown) => error,
  );
}

/** The same text with something else in it, compressed anew. */
const changed = (change: (text: string) => string) =>
  gzipSync(Buffer.from(change(gunzipSync(whole).toString())));

/** As a Herald that writes something else would have written it, with the checksum of that. */
const written = (change: (text: string) => string) =>
  changed((text) => {
    const foot = text.lastIndexOf('{"rows"');
    const body = change(text.slice(0, foot));
    const sha256 = createHash("sha256").update(body).digest("hex");
    return body + text.slice(foot).replace(/"sha256":"\w+"/, `"sha256":"${sha256}"`);
  });

test("the whole file is taken", async () => {
  expect(await refusalOf(whole)).toBe("taken");
});

test("a file that ends early is refused, wherever it ends", async () => {
  for (let end = 0; end < whole.length; end += Math.ceil(whole.length / 40))
    expect(String(await refusalOf(whole.subarray(0, end))), `${end} bytes`).toMatch(
      /is damaged \(its end is missing\)/,
    );
  expect(String(await refusalOf(whole.subarray(0, -1)))).toMatch(/its end is missing/);
});

/** Whether gzip finds the same in it. */
function unpacks(file: Buffer): boolean {
  try {
    return gunzipSync(file).equals(gunzipSync(whole));
  } catch {
    return false;
  }
}

test("a file in which one bit is another is refused, whichever it is", async () => {
  // The first ten bytes are gzip's own head, of which some mean nothing, as do the bits that fill up a block's last byte.
  let refused = 0;
  for (let at = 10; at < whole.length; at += Math.ceil(whole.length / 200)) {
    const flipped = Buffer.from(whole);
    flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
    if (unpacks(flipped)) continue;
    const refusal = await refusalOf(flipped);
    expect(refusal, `byte ${at}`).toBeInstanceOf(StartError);
    expect(String(refusal)).not.toContain("\n");
    refused += 1;
  }
  expect(refused).toBeGreaterThan(190);
});

describe("a file that was changed and compressed anew is refused", () => {
  test.each<[string, (text: string) => string, RegExp]>([
    ["a row left out", (text) => text.replace(/\n1\t.*/, ""), /checksum does not fit/],
    ["a row changed", (text) => text.replace("\n1\t7\t", "\n1\t8\t"), /checksum does not fit/],
    ["the end of a table left out", (text) => text.replace("\n\\.", ""), /damaged/],
    ["its foot left out", (text) => text.replace(/\{"rows".*\n$/, ""), /its end is missing/],
    ["something behind its foot", (text) => `${text}more\n`, /something follows its end/],
    ["another kind of file", () => "chat_id,name\n1,Ann\n", /is not a backup of Herald's/],
  ])("%s", async (_, change, words) => {
    expect(String(await refusalOf(changed(change)))).toMatch(words);
  });
});

const newer = (text: string) => text.replace(/"version":"[^"]*"/, '"version":"99.1.0"');

describe("a backup of a newer Herald is refused, and names its version", () => {
  test.each<[string, (text: string) => string]>([
    ["in another format", (text) => newer(text).replace('"format":1', '"format":2')],
    ["of a later schema", (text) => newer(text).replace(/"migration":"[^"]*"/, '"migration":"9999_later"')],
  ])("%s", async (_, change) => {
    expect(String(await refusalOf(written(change)))).toMatch(
      /was made by Herald 99\.1\.0, and this one, .*, is older\. Restore it with Herald 99\.1\.0 or newer\.$/,
    );
  });
});

test("the command says it in one sentence, and makes nothing", async () => {
  const { dataDir } = await freshFolder();
  const torn = join(folder, "torn.gz");
  await writeFile(torn, whole.subarray(0, 9_000));
  const { code, output } = await runs("restore-backup.js", { DATA_DIR: dataDir }, [torn]);
  expect(code).toBe(1);
  expect(output).toBe(`${torn} is damaged (its end is missing); nothing was restored. Use another backup.\n`);
  expect(await readdir(dataDir)).toEqual([]);
  const missing = await runs("restore-backup.js", { DATA_DIR: dataDir }, [join(folder, "no.gz")]);
  expect(missing).toEqual({ code: 1, output: `There is no file ${join(folder, "no.gz")}.\n` });
});
